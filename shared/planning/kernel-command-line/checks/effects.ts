import type { Check, LintContext, LintFinding } from '../lint-finding.ts';
import type { Parameter } from '../command-line.ts';

/** Parameters that this kernel cannot obey. Said only when the kernel is known. */
export const checkEffects: Check = (parameters, context) => [
  ...parameters.flatMap((parameter) => noEffect(parameter, context)),
  ...cstates(parameters),
];

const needs: Readonly<Record<string, string>> = {
  nohz_full: 'CONFIG_NO_HZ_FULL', isolcpus: 'CONFIG_CPU_ISOLATION', rcu_nocbs: 'CONFIG_RCU_NOCB_CPU', rcu_nocb_poll: 'CONFIG_RCU_NOCB_CPU',
  threadirqs: 'CONFIG_IRQ_FORCED_THREADING', hugepages: 'CONFIG_HUGETLBFS', transparent_hugepage: 'CONFIG_TRANSPARENT_HUGEPAGE',
  numa_balancing: 'CONFIG_NUMA_BALANCING', audit: 'CONFIG_AUDIT', 'rcutree.kthread_prio': 'CONFIG_RCU_BOOST', rdt: 'CONFIG_X86_CPU_RESCTRL',
};

function noEffect({ name, value }: Parameter, { config, kernel, realtime }: LintContext): LintFinding[] {
  const option = Object.hasOwn(needs, name) ? needs[name] : undefined;
  const because = (message: string, severity: LintFinding['severity'] = 'warning'): LintFinding[] => [{ parameter: name, code: 'no-effect', severity, message, suggestion: '' }];
  if (realtime && (name === 'transparent_hugepage' || name === 'numa_balancing')) return because(`PREEMPT_RT kernels are built without this feature: ${name} is reported as unknown and nothing is lost.`, 'note');
  if (realtime && name === 'threadirqs') return because('PREEMPT_RT threads all interrupts anyway.', 'note');
  if (option && config && Object.keys(config).length > 0 && !['y', 'm'].includes(config[option] ?? 'n')) {
    return because(`This kernel is built without ${option}: ${name} does nothing.`, name === 'nohz_full' || name === 'isolcpus' || name === 'rcu_nocbs' ? 'error' : 'warning');
  }
  if (!kernel) return [];
  const atLeast = (major: number, minor: number) => kernel[0] > major || (kernel[0] === major && kernel[1] >= minor);
  if (name === 'kvm.lapic_timer_advance_ns' && atLeast(6, 12)) {
    return [{ parameter: name, code: 'obsolete', severity: 'warning', message: 'Gone from this kernel, which tunes it by itself; only on or off is left.', suggestion: `kvm.lapic_timer_advance=${value === '0' ? 'N' : 'Y'}` }];
  }
  if (name === 'workqueue.unbound_cpus' && !atLeast(6, 6)) return because('This kernel does not know it yet and says nothing; write /sys/devices/virtual/workqueue/cpumask instead.');
  if (name === 'rcu_nocbs' && value === null && !atLeast(6, 0)) return because('Without a list it needs Linux 6.0.');
  return [];
}

/** Idle states: what is written and what it does are different things. Source: drivers/acpi/processor_idle.c, Documentation/admin-guide/pm/intel_idle.rst. */
function cstates(parameters: readonly Parameter[]): LintFinding[] {
  const value = (name: string) => parameters.find((parameter) => parameter.name === name)?.value ?? null;
  const findings: LintFinding[] = [];
  const poll = value('idle') === 'poll' || value('cpuidle.off') === '1';
  if (value('processor.max_cstate') === '0') {
    findings.push({ parameter: 'processor.max_cstate', code: 'acts-differently', severity: 'note', message: 'Acts as 1: C1 stays in use. Only idle=poll keeps a CPU out of it, at the price of its full power.', suggestion: 'processor.max_cstate=1' });
  }
  if (value('intel_idle.max_cstate') === '0' && value('processor.max_cstate') === null && !poll) {
    findings.push({
      parameter: 'intel_idle.max_cstate', code: 'incomplete', severity: 'warning', message: 'Switches intel_idle off and hands over to acpi_idle, which may still enter deep states.',
      suggestion: 'intel_idle.max_cstate=0 processor.max_cstate=1',
    });
  }
  return findings;
}
