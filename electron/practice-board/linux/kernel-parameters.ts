import { parseCpuList } from '../../../shared/parsers/cpu-list.ts';

/** What a kernel made of its command line. CPU lists as the kernel keeps them. */
export interface BootDecisions {
  readonly isolated: readonly number[];
  readonly managedIrqIsolated: readonly number[];
  readonly nohzFull: readonly number[];
  readonly rcuNocbs: readonly number[];
  readonly irqAffinity: readonly number[] | undefined;
  readonly idleStatesOff: boolean;
  readonly pstateDisabled: boolean;
  readonly unknown: readonly string[];
}

const known = new Set((
  'BOOT_IMAGE root ro rw quiet splash console isolcpus nohz nohz_full rcu_nocbs rcu_nocb_poll irqaffinity nosoftlockup nmi_watchdog nowatchdog '
  + 'skew_tick tsc clocksource hugepages hugepagesz default_hugepagesz intel_pstate intel_iommu iommu mce idle audit selinux mitigations threadirqs '
  + 'crashkernel resume panic initrd loglevel systemd rd numa_balancing transparent_hugepage efi maxcpus nr_cpus nosmt rdt preempt kthread_cpus '
  + 'hpet cpufreq nomodeset apparmor lsm security net biosdevname swapaccount cgroup_no_v1 consoleblank fsck noht log_buf_len vga video '
  + 'acpi pci pcie_aspm pcie_ports usbcore x2apic noresume hibernate earlyprintk vt'
).split(' '));

const firstOf = (tokens: readonly string[], name: string): string | undefined => tokens.find((token) => token.startsWith(`${name}=`))?.slice(name.length + 1);

/** Reads a list as cpulist_parse does: a number beyond the last CPU makes the whole list worthless. */
function list(text: string | undefined, highest: number): readonly number[] {
  if (text === undefined) return [];
  const result = parseCpuList(text, { highest });
  return result.ok ? result.value.filter((cpu) => cpu <= highest) : [];
}

/** Applies a kernel command line to a machine whose last CPU is `highest`, silently ignoring what kernels silently ignore. */
export function decide(commandLine: string, highest: number): BootDecisions {
  const tokens = commandLine.split(/\s+/).filter((token) => token !== '');
  const isolcpus = firstOf(tokens, 'isolcpus')?.split(',') ?? [];
  const flags: string[] = [];
  while (isolcpus[0] !== undefined && /^[a-z_]+$/.test(isolcpus[0])) flags.push(isolcpus.shift() ?? '');
  const cpus = list(isolcpus.length === 0 ? undefined : isolcpus.join(','), highest);
  const domain = flags.length === 0 || flags.includes('domain');
  const irqAffinity = firstOf(tokens, 'irqaffinity');
  const unknown = tokens.filter((token) => {
    const name = (token.split('=')[0] ?? '').replaceAll('-', '_');
    return !name.includes('.') && !known.has(name) && name !== '--' && !name.startsWith('systemd');
  });
  return {
    isolated: domain ? cpus : [],
    managedIrqIsolated: flags.includes('managed_irq') ? cpus : [],
    nohzFull: list(firstOf(tokens, 'nohz_full'), highest),
    rcuNocbs: list(firstOf(tokens, 'rcu_nocbs'), highest),
    irqAffinity: irqAffinity === undefined ? undefined : list(irqAffinity, highest),
    idleStatesOff: tokens.includes('idle=poll') || firstOf(tokens, 'intel_idle.max_cstate') === '0',
    pstateDisabled: firstOf(tokens, 'intel_pstate') === 'disable',
    unknown,
  };
}
