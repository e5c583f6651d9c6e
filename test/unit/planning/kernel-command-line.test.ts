import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitCommandLine } from '../../../shared/planning/kernel-command-line/command-line.ts';
import { editDistance } from '../../../shared/planning/kernel-command-line/edit-distance.ts';
import { knownParameters } from '../../../shared/planning/kernel-command-line/known-values.ts';
import { lintCommandLine } from '../../../shared/planning/kernel-command-line/lint.ts';
import { nothingKnown, type LintContext, type LintFinding } from '../../../shared/planning/kernel-command-line/lint-finding.ts';
import { misspellings } from '../../../shared/planning/kernel-command-line/misspellings.ts';

const debian61rt: LintContext = {
  presentCpus: [0, 1, 2, 3], kernel: [6, 1], realtime: true,
  config: { CONFIG_NO_HZ_FULL: 'y', CONFIG_CPU_ISOLATION: 'y', CONFIG_RCU_NOCB_CPU: 'y', CONFIG_IRQ_FORCED_THREADING: 'y', CONFIG_HUGETLBFS: 'y', CONFIG_AUDIT: 'y' },
};
const codes = (line: string, context?: LintContext) => lintCommandLine(line, context).map(({ parameter, code }) => `${parameter}:${code}`);

describe('a clean line has no findings', () => {
  test.each([
    '',
    'BOOT_IMAGE=/boot/vmlinuz-6.1.0-50-rt-amd64 root=UUID=51aedac4 ro quiet console=ttyS0,115200 console=tty0',
    'isolcpus=2-3 nohz_full=2-3 rcu_nocbs=2-3 irqaffinity=0-1',
    'isolcpus=managed_irq,domain,1,3 nohz_full=1,3 rcu_nocbs=1,3 rcu_nocb_poll',
    'isolcpus="2-3" default_hugepagesz=1G hugepagesz=1G hugepages=2 hugepagesz=2M hugepages=64',
    'intel_pstate=disable intel_idle.max_cstate=0 processor.max_cstate=1 idle=poll nosoftlockup nmi_watchdog=0 tsc=reliable clocksource=tsc',
    'intel_iommu=on iommu=pt audit=0 nosmt skew_tick=1 hpet=disable systemd.unified_cgroup_hierarchy=1',
  ])('%s', (line) => {
    expect(lintCommandLine(line, debian61rt)).toEqual([]);
  });
});

describe('what the kernel does not say', () => {
  test.each([
    ['intel_pstate=disabled', 'intel_pstate:value-ignored', 'intel_pstate=disable'],
    ['intel_pstate=Disable', 'intel_pstate:value-ignored', 'intel_pstate=disable'],
    ['intel_pstate=off', 'intel_pstate:value-ignored', 'intel_pstate=disable'],
    ['rcu_nocbs_poll', 'rcu_nocbs_poll:misspelt', 'rcu_nocb_poll'],
    ['rcu_nocb=2-3', 'rcu_nocb:misspelt', 'rcu_nocbs=2-3'],
    ['rcu_no_cbs=2-3', 'rcu_no_cbs:misspelt', 'rcu_nocbs=2-3'],
    ['nohzfull=2-3', 'nohzfull:misspelt', 'nohz_full=2-3'],
    ['no_hz_full=2-3', 'no_hz_full:misspelt', 'nohz_full=2-3'],
    ['isolcpu=2-3', 'isolcpu:misspelt', 'isolcpus=2-3'],
    ['isol_cpus=2-3', 'isol_cpus:misspelt', 'isolcpus=2-3'],
    ['Isolcpus=2-3', 'Isolcpus:misspelt', 'isolcpus=2-3'],
    ['irq_affinity=0', 'irq_affinity:misspelt', 'irqaffinity=0'],
    ['intel_idle.maxcstate=0 processor.max_cstate=1', 'intel_idle.maxcstate:misspelt', 'intel_idle.max_cstate=0'],
    ['processor.max_cstates=1', 'processor.max_cstates:misspelt', 'processor.max_cstate=1'],
    ['intel.max_cstate=0', 'intel.max_cstate:misspelt', 'intel_idle.max_cstate=0'],
    ['nmi_watchdog=off', 'nmi_watchdog:value-ignored', 'nmi_watchdog=0'],
    ['nowatchdog=1', 'nowatchdog:prefix-match', 'nowatchdog'],
    ['nosoftlockups', 'nosoftlockups:prefix-match', 'nosoftlockup'],
    ['nosmt=forced', 'nosmt:value-ignored', 'nosmt=force'],
    ['hpet=disabled', 'hpet:value-ignored', 'hpet=disable'],
    ['tsc=nowatchdogs', 'tsc:value-ignored', 'tsc=nowatchdog'],
    ['mce=disable', 'mce:value-ignored', 'mce=off'],
    ['idle=polling', 'idle:value-ignored', 'idle=poll'],
    ['default_hugepagesize=1G', 'default_hugepagesize:misspelt', 'default_hugepagesz=1G'],
    ['transparent_hugepages=never', 'transparent_hugepages:misspelt', 'transparent_hugepage=never'],
    ['mitigation=off', 'mitigation:misspelt', 'mitigations=off'],
    ['numa_balancing=0', 'numa_balancing:value-ignored', 'numa_balancing=disable'],
    ['kthread_cpus=0-1', 'kthread_cpus:no-effect', ''],
    ['i915.enable_rc6=0', 'i915.enable_rc6:no-effect', ''],
    ['noht', 'noht:misspelt', 'nosmt'],
    ['hugepages=2 hugepagesz=1G', 'hugepages:wrong-order', 'hugepagesz=1G hugepages=2'],
    ['isolcpus=foo,2-3', 'isolcpus:value-ignored', 'isolcpus=2-3'],
    ['isolcpus=nohz,2-3', 'isolcpus:incomplete', 'isolcpus=nohz,domain,2-3'],
    ['cpuidle_off=1', 'cpuidle_off:misspelt', 'cpuidle.off=1'],
    ['clocksource=TSC', 'clocksource:value-ignored', 'clocksource=tsc'],
  ])('%s', (line, expected, suggestion) => {
    const finding = lintCommandLine(line).find(({ parameter, code }) => `${parameter}:${code}` === expected);
    expect(finding, JSON.stringify(lintCommandLine(line))).toBeDefined();
    expect(finding?.suggestion).toBe(suggestion);
    expect(finding?.severity).not.toBe('note');
  });
});

describe('what depends on the board', () => {
  test('CPUs that are not there drop the whole parameter', () => {
    expect(lintCommandLine('isolcpus=2-9', debian61rt)).toMatchObject([{ code: 'cpu-absent', severity: 'error', suggestion: 'isolcpus=2-3' }]);
    expect(codes('isolcpus=2-9')).toEqual([]);
  });
  test('a kernel without nohz_full', () => {
    expect(lintCommandLine('nohz_full=2-3', { ...debian61rt, config: { CONFIG_CPU_ISOLATION: 'y' } })).toMatchObject([{ code: 'no-effect', severity: 'error' }]);
  });
  test('what PREEMPT_RT leaves out, and what newer kernels dropped', () => {
    expect(codes('transparent_hugepage=never threadirqs workqueue.unbound_cpus=0-1', debian61rt)).toEqual(['transparent_hugepage:no-effect', 'threadirqs:no-effect', 'workqueue.unbound_cpus:no-effect']);
    expect(lintCommandLine('kvm.lapic_timer_advance_ns=1000', { ...nothingKnown, kernel: [6, 12] })).toMatchObject([{ code: 'obsolete', suggestion: 'kvm.lapic_timer_advance=Y' }]);
    expect(codes('kvm.lapic_timer_advance_ns=1000', { ...nothingKnown, kernel: [6, 1] })).toEqual([]);
  });
});

describe('between parameters', () => {
  test('the first isolcpus wins', () => {
    expect(lintCommandLine('isolcpus=2 isolcpus=3')).toMatchObject([{ code: 'duplicate', suggestion: 'isolcpus=2' }]);
  });
  test('lists that disagree', () => {
    expect(codes('isolcpus=2-3 nohz_full=3')).toEqual(['nohz_full:contradictory']);
    expect(lintCommandLine('nohz_full=0 isolcpus=0-3').map(({ parameter, suggestion }) => [parameter, suggestion])).toEqual(expect.arrayContaining([['nohz_full', 'nohz_full=1-3'], ['isolcpus', 'isolcpus=1-3']]));
    expect(codes('isolcpus=2-3 irqaffinity=0-2')).toEqual(['irqaffinity:contradictory']);
    expect(codes('nohz=off nohz_full=2-3')).toEqual(['nohz:contradictory']);
    expect(codes('isolcpus=0-3')).toEqual(['isolcpus:cpu-0-isolated']);
  });
  test('intel_idle off alone hands over to acpi_idle', () => {
    expect(codes('intel_idle.max_cstate=0')).toEqual(['intel_idle.max_cstate:incomplete']);
    expect(codes('intel_idle.max_cstate=0 idle=poll')).toEqual([]);
  });
  test('the line of Intel’s guide: its misspelt and dead parameters are found', () => {
    const eci = 'BOOT_IMAGE=/vmlinuz-6.6.23-rt28 root=/dev/mapper/ubuntu--vg-ubuntu--lv ro debug=all nosplash console=ttyS0,115200 console=tty0 clocksource=tsc tsc=reliable art=virtallow no_ipi_broadcast=1 nosoftlockup efi=runtime numa_balancing=disable hugepages=1024 audit=0 nmi_watchdog=0 irqaffinity=0 mce=off hpet=disable rcupdate.rcu_cpu_stall_suppress=1 rcu_nocb_poll noht isolcpus=4-63 rcu_nocbs=4-63 nohz_full=4-63 intel_pstate=disable intel.max_cstate=0 intel_idle.max_cstate=0 processor.max_cstate=0 processor_idle.max_cstate=0 i915.force_probe=* i915.enable_rc6=0 i915.enable_dc=0 i915.disable_power_well=0 i915.enable_guc=3 igb.blacklist=no';
    expect(codes(eci)).toEqual([
      'mce:dangerous', 'rcupdate.rcu_cpu_stall_suppress:dangerous', 'noht:misspelt', 'intel.max_cstate:misspelt', 'processor.max_cstate:acts-differently',
      'processor_idle.max_cstate:misspelt', 'i915.enable_rc6:no-effect', 'igb.blacklist:no-effect',
    ]);
  });
});

describe('any line', () => {
  const names = fc.oneof(fc.constantFrom(...knownParameters.map(({ name }) => name), ...Object.keys(misspellings)), fc.string({ maxLength: 12 }));
  const values = fc.oneof(fc.constantFrom('0', '1', 'off', 'on', 'disable', 'disabled', 'poll', '2-3', '1,3', '0-3', '2-9', 'nohz,2-3', 'foo,2', 'N', 'all', '1G', '3M', '', '0-31:1/2'), fc.string({ maxLength: 10 }));
  const lines = fc.array(fc.oneof(names, fc.tuple(names, values).map(([name, value]) => `${name}=${value}`)), { maxLength: 12 }).map((words) => words.join(' '));
  const contexts = fc.constantFrom(nothingKnown, debian61rt, { ...debian61rt, kernel: [6, 12] as const, config: {} });

  test('gives findings that are about its own parameters; what is unknown is a note', () => {
    fc.assert(fc.property(fc.oneof(lines, fc.string({ maxLength: 400 })), contexts, (line, context) => {
      const own = new Set(splitCommandLine(line).map(({ name }) => name));
      for (const finding of lintCommandLine(line, context)) {
        expect(own.has(finding.parameter)).toBe(true);
        if (finding.code === 'unknown') expect(finding.severity).toBe('note');
      }
    }), { numRuns: 10_000 });
  });

  test('is clean of what was suggested once all suggestions are taken', () => {
    fc.assert(fc.property(lines, contexts, (line, context) => {
      let current = line;
      for (let round = 0; round < 40; round += 1) {
        const [first] = lintCommandLine(current, context).filter(({ suggestion }) => suggestion !== undefined);
        if (!first) return;
        current = replaceParameter(current, first);
      }
      throw new Error(`still suggesting: ${JSON.stringify(lintCommandLine(current, context))}`);
    }), { numRuns: 3_000 });
  });
});

/** The line with every occurrence of the finding's parameter replaced by the suggestion, in the place of the first. */
function replaceParameter(line: string, { parameter, suggestion = '' }: LintFinding): string {
  const replaced = suggestion.split(' ').map((word) => splitCommandLine(word)[0]?.name);
  const kept = splitCommandLine(line).filter(({ name }) => name === parameter || !replaced.includes(name));
  const first = kept.findIndex(({ name }) => name === parameter);
  return kept.flatMap(({ name, text }, index) => (index === first ? [suggestion] : name === parameter ? [] : [text])).filter((word) => word !== '').join(' ');
}

test('words are split as the kernel does', () => {
  expect(splitCommandLine(' a  b="c d" "e=f g" h-i=1 -- init args').map(({ name, value }) => [name, value])).toEqual([['a', null], ['b', 'c d'], ['e', 'f g'], ['h_i', '1']]);
});

test('edit distance', () => {
  expect([editDistance('isolcpu', 'isolcpus', 2), editDistance('kitten', 'sitting', 5), editDistance('abc', 'abc', 1), editDistance('abcdef', 'uvwxyz', 2)]).toEqual([1, 3, 0, 3]);
});
