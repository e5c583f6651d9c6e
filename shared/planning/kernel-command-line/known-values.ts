/**
 * Parameters that matter for real time and what they accept. `values` are exact words; `pattern` is what the kernel parses.
 * `unset` tells what the kernel does with anything else. Sources: Documentation/admin-guide/kernel-parameters.txt and the
 * handlers named beside them (Linux 6.1 and 6.12).
 */
export interface KnownParameter {
  readonly name: string;
  /** flag: a bare word. value: needs `=`. either: both forms mean something. */
  readonly form: 'flag' | 'value' | 'either';
  readonly values?: readonly string[];
  readonly pattern?: RegExp;
  /** A wrong value, and what it was meant to be. */
  readonly meant?: Readonly<Record<string, string>>;
  /** Matched by prefix: a longer name or a value is accepted and acts as the bare word (`__setup` without `=`). */
  readonly prefix?: true;
  /** Given twice: which one counts. */
  readonly twice?: 'first' | 'last' | 'adds';
}

const cpuList = /^[\d,\-:/N]+$|^all(?:$|[,:])/;
const byteSize = /^\d+[KMGT]?$/i;
const count = /^\d+$/;
const onOff = ['0', '1', 'on', 'off', 'y', 'n', 'Y', 'N'];

export const knownParameters: readonly KnownParameter[] = [
  // kernel/sched/isolation.c: the first of several masks wins
  { name: 'isolcpus', form: 'value', twice: 'first' },
  { name: 'nohz_full', form: 'value', pattern: cpuList, twice: 'first' },
  { name: 'rcu_nocbs', form: 'either', pattern: cpuList, twice: 'adds' },
  { name: 'rcu_nocb_poll', form: 'flag' },
  { name: 'nohz', form: 'value', values: ['on', 'off'], twice: 'last' },
  { name: 'irqaffinity', form: 'value', pattern: cpuList, twice: 'last' },
  { name: 'threadirqs', form: 'flag' },
  { name: 'skew_tick', form: 'value', values: ['0', '1'], twice: 'last' },
  // arch/x86/kernel/process.c: anything else is “Malformed early option”
  { name: 'idle', form: 'value', values: ['poll', 'halt', 'nomwait'], meant: { polling: 'poll' }, twice: 'last' },
  // drivers/cpufreq/intel_pstate.c: exact words, anything else is ignored without a word
  { name: 'intel_pstate', form: 'value', values: ['disable', 'active', 'passive', 'no_hwp', 'force', 'hwp_only', 'per_cpu_perf_limits', 'support_acpi_ppc'], meant: { disabled: 'disable', Disable: 'disable', off: 'disable', '0': 'disable', none: 'disable' }, twice: 'last' },
  { name: 'amd_pstate', form: 'value', values: ['disable', 'passive', 'active', 'guided'], meant: { disabled: 'disable', off: 'disable' }, twice: 'last' },
  { name: 'processor.max_cstate', form: 'value', pattern: count, twice: 'last' },
  { name: 'intel_idle.max_cstate', form: 'value', pattern: count, twice: 'last' },
  { name: 'cpuidle.off', form: 'value', values: ['0', '1'], twice: 'last' },
  { name: 'cpufreq.default_governor', form: 'value', twice: 'last' },
  { name: 'cpufreq.off', form: 'value', values: ['0', '1'], twice: 'last' },
  // arch/x86/kernel/tsc.c
  { name: 'tsc', form: 'value', values: ['reliable', 'nowatchdog', 'noirqtime', 'unstable', 'recalibrate', 'watchdog'], meant: { nowatchdogs: 'nowatchdog', stable: 'reliable' } },
  { name: 'clocksource', form: 'value', values: ['tsc', 'hpet', 'acpi_pm', 'kvm-clock', 'jiffies', 'hyperv_clocksource_tsc_page', 'xen'], meant: { TSC: 'tsc', kvm_clock: 'kvm-clock' }, twice: 'last' },
  { name: 'hpet', form: 'value', values: ['disable', 'force', 'verbose'], meant: { disabled: 'disable', off: 'disable' } },
  { name: 'nohpet', form: 'flag', prefix: true },
  { name: 'nosoftlockup', form: 'flag', prefix: true },
  { name: 'nowatchdog', form: 'flag', prefix: true },
  // kernel/watchdog.c: other words are accepted and do nothing
  { name: 'nmi_watchdog', form: 'value', values: ['0', '1', 'panic', 'nopanic'], meant: { off: '0', disable: '0', n: '0', on: '1' }, twice: 'last' },
  { name: 'watchdog_thresh', form: 'value', pattern: count, twice: 'last' },
  // arch/x86/kernel/cpu/mce/core.c
  { name: 'mce', form: 'either', pattern: /^(?:off|no_cmci|no_lmce|dont_log_ce|ignore_ce|print_all|bootlog|nobootlog|recovery|bios_cmci_threshold|\d+(?:,\d+)?)$/, meant: { disable: 'off', disabled: 'off', ignore: 'ignore_ce' } },
  { name: 'nosmt', form: 'either', values: ['force'], meant: { forced: 'force' } },
  { name: 'mitigations', form: 'value', values: ['off', 'auto', 'auto,nosmt'], meant: { none: 'off', disable: 'off', disabled: 'off', '0': 'off' }, twice: 'last' },
  { name: 'split_lock_detect', form: 'value', pattern: /^(?:off|warn|fatal|ratelimit:\d+)$/, meant: { disable: 'off', '0': 'off' }, twice: 'last' },
  { name: 'audit', form: 'value', values: ['0', '1', 'off', 'on'], meant: { disable: '0', no: '0' }, twice: 'last' },
  { name: 'no_ipi_broadcast', form: 'value', pattern: count },
  { name: 'x2apic_phys', form: 'flag' },
  { name: 'preempt', form: 'value', values: ['none', 'voluntary', 'full', 'lazy'], meant: { rt: 'full', on: 'full' }, twice: 'last' },
  { name: 'transparent_hugepage', form: 'value', values: ['always', 'madvise', 'never'], meant: { off: 'never', no: 'never', '0': 'never', disable: 'never' }, twice: 'last' },
  { name: 'numa_balancing', form: 'value', values: ['enable', 'disable'], meant: { '0': 'disable', off: 'disable', disabled: 'disable', '1': 'enable' }, twice: 'last' },
  { name: 'hugepages', form: 'value', pattern: /^\d+$|^\d+:\d+(?:,\d+:\d+)*$/ },
  { name: 'hugepagesz', form: 'value', pattern: byteSize },
  { name: 'default_hugepagesz', form: 'value', pattern: byteSize, twice: 'last' },
  { name: 'iommu', form: 'value', pattern: /^(?:pt|nopt|off|force|noforce|soft|merge|nomerge|biomerge|panic|nopanic|forcesac|allowdac|nodac|usedac)(?:,.*)?$/ },
  { name: 'intel_iommu', form: 'value', pattern: /^(?:on|off|igfx_off|strict|sp_off|sm_on|sm_off|tboot_noforce)(?:,.*)?$/, meant: { enable: 'on', enabled: 'on', pt: 'on', '1': 'on' } },
  { name: 'amd_iommu', form: 'value', pattern: /^(?:fullflush|off|force_isolation|force_enable|pgtbl_v1|pgtbl_v2|irtcachedis|nohugepages|v2_pgsizes_only)(?:,.*)?$/ },
  { name: 'pcie_aspm', form: 'value', values: ['off', 'force'], meant: { disable: 'off' }, twice: 'last' },
  { name: 'pcie_aspm.policy', form: 'value', values: ['default', 'performance', 'powersave', 'powersupersave'], twice: 'last' },
  { name: 'rcupdate.rcu_cpu_stall_suppress', form: 'value', values: ['0', '1'], twice: 'last' },
  { name: 'rcupdate.rcu_normal_after_boot', form: 'value', values: ['0', '1'], twice: 'last' },
  { name: 'rcupdate.rcu_normal', form: 'value', values: ['0', '1'], twice: 'last' },
  { name: 'rcutree.kthread_prio', form: 'value', pattern: /^\d{1,2}$/, twice: 'last' },
  { name: 'workqueue.unbound_cpus', form: 'value', pattern: cpuList, twice: 'last' },
  { name: 'workqueue.power_efficient', form: 'value', values: onOff, twice: 'last' },
  { name: 'kvm.halt_poll_ns', form: 'value', pattern: count, twice: 'last' },
  { name: 'kvm.kvmclock_periodic_sync', form: 'value', values: onOff, twice: 'last' },
  { name: 'kvm.lapic_timer_advance_ns', form: 'value', pattern: /^-?\d+$/, twice: 'last' },
  { name: 'kvm.lapic_timer_advance', form: 'value', values: onOff, twice: 'last' },
  { name: 'kvm.nx_huge_pages', form: 'value', values: ['auto', 'force', 'off', 'never', ...onOff], twice: 'last' },
  { name: 'kvm_intel.nested', form: 'value', values: onOff, twice: 'last' },
  { name: 'kvm_intel.ple_gap', form: 'value', pattern: count, twice: 'last' },
  { name: 'kvm_intel.preemption_timer', form: 'value', values: onOff, twice: 'last' },
  { name: 'kvm_intel.enable_apicv', form: 'value', values: onOff, twice: 'last' },
  { name: 'i915.enable_dc', form: 'value', pattern: /^-?\d+$/, twice: 'last' },
  { name: 'i915.disable_power_well', form: 'value', pattern: /^-?\d+$/, twice: 'last' },
  { name: 'i915.enable_psr', form: 'value', pattern: /^-?\d+$/, twice: 'last' },
  { name: 'i915.enable_guc', form: 'value', pattern: /^-?\d+$/, twice: 'last' },
  { name: 'i915.force_probe', form: 'value', twice: 'last' },
  { name: 'rdt', form: 'value', twice: 'last' },
  { name: 'panic', form: 'value', pattern: /^-?\d+$/, twice: 'last' },
];

const byName = new Map(knownParameters.map((known) => [known.name, known]));
export const knownParameter = (name: string): KnownParameter | undefined => byName.get(name);
