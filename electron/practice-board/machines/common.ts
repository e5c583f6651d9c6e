import type { ServiceSpec } from '../linux/machine-spec.ts';

/** Sysctls that every machine has. Those that only a kernel without PREEMPT_RT has are added by the machine. */
export const commonSysctls: Readonly<Record<string, string>> = {
  'kernel.sched_rt_runtime_us': '950000', 'kernel.sched_rt_period_us': '1000000', 'kernel.sched_rr_timeslice_ms': '100', 'kernel.timer_migration': '1', 'kernel.watchdog': '1', 'kernel.nmi_watchdog': '1',
  'kernel.soft_watchdog': '1', 'kernel.watchdog_thresh': '10', 'kernel.watchdog_cpumask': '0', 'kernel.hung_task_timeout_secs': '120', 'kernel.sched_autogroup_enabled': '1', 'kernel.sched_energy_aware': '1',
  'kernel.sched_schedstats': '0', 'kernel.split_lock_mitigate': '1', 'kernel.dmesg_restrict': '1', 'kernel.perf_event_paranoid': '3', 'kernel.perf_event_max_sample_rate': '100000', 'kernel.perf_cpu_time_max_percent': '25',
  'kernel.printk': '4\t4\t1\t7', 'kernel.panic': '0', 'kernel.panic_on_oops': '0', 'kernel.sysrq': '438', 'kernel.ftrace_enabled': '1', 'kernel.kexec_load_disabled': '0',
  'vm.stat_interval': '1', 'vm.swappiness': '60', 'vm.nr_hugepages': '0', 'vm.dirty_ratio': '20', 'vm.dirty_background_ratio': '10', 'vm.dirty_writeback_centisecs': '500', 'vm.compaction_proactiveness': '20',
  'vm.zone_reclaim_mode': '0', 'vm.overcommit_memory': '0', 'net.core.busy_poll': '0', 'net.core.busy_read': '0',
};

export const service = (name: string, description: string, enabled = true, command?: string): ServiceSpec => ({ name, description, enabled, ...(command === undefined ? {} : { command }) });

export const commonServices: readonly ServiceSpec[] = [
  service('systemd-journald', 'Journal Service', true, '/lib/systemd/systemd-journald'), service('systemd-udevd', 'Rule-based Manager for Device Events and Files', true, '/lib/systemd/systemd-udevd'),
  service('dbus', 'D-Bus System Message Bus', true, '/usr/bin/dbus-daemon --system'), service('systemd-logind', 'User Login Management', true, '/lib/systemd/systemd-logind'),
  service('ssh', 'OpenBSD Secure Shell server', true, 'sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups'), service('cron', 'Regular background program processing daemon', true, '/usr/sbin/cron -f'),
];

export const commonFlags = 'fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat pse36 clflush dts acpi mmx fxsr sse sse2 ss ht tm pbe syscall nx pdpe1gb rdtscp lm constant_tsc art arch_perfmon pebs bts rep_good nopl '
  + 'xtopology nonstop_tsc cpuid aperfmperf tsc_known_freq pni pclmulqdq dtes64 monitor ds_cpl vmx smx est tm2 ssse3 sdbg fma cx16 xtpr pdcm pcid sse4_1 sse4_2 x2apic movbe popcnt tsc_deadline_timer aes xsave avx f16c rdrand lahf_lm abm '
  + '3dnowprefetch cpuid_fault epb ssbd ibrs ibpb stibp ibrs_enhanced tpr_shadow flexpriority ept vpid ept_ad fsgsbase tsc_adjust bmi1 avx2 smep bmi2 erms invpcid rdseed adx smap clflushopt clwb intel_pt sha_ni xsaveopt xsavec xgetbv1 xsaves '
  + 'dtherm ida arat pln pts hwp hwp_act_window hwp_epp hwp_pkg_req';

export const commonVulnerabilities: Readonly<Record<string, string>> = {
  gather_data_sampling: 'Not affected', itlb_multihit: 'Not affected', l1tf: 'Not affected', mds: 'Not affected', meltdown: 'Not affected', mmio_stale_data: 'Not affected', retbleed: 'Not affected', spec_rstack_overflow: 'Not affected',
  spec_store_bypass: 'Mitigation: Speculative Store Bypass disabled via prctl', spectre_v1: 'Mitigation: usercopy/swapgs barriers and __user pointer sanitization', spectre_v2: 'Mitigation: Enhanced / Automatic IBRS; IBPB: conditional; RSB filling', srbds: 'Not affected', tsx_async_abort: 'Not affected',
};

/** Configuration of a kernel, as far as real-time work asks about it. */
export const kernelConfig = (realtime: boolean, changes: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => ({
  ...(realtime ? { PREEMPT_RT: 'y' } : { PREEMPT_VOLUNTARY: 'y', PREEMPT_DYNAMIC: 'y', PREEMPT_RT: 'n' }), NO_HZ_COMMON: 'y', NO_HZ_FULL: 'y', HZ: '250', HZ_250: 'y', CPU_ISOLATION: 'y', CPUSETS: 'y', RCU_NOCB_CPU: 'y', RCU_BOOST: realtime ? 'y' : 'n',
  IRQ_FORCED_THREADING: 'y', HUGETLBFS: 'y', X86_CPU_RESCTRL: 'y', X86_MSR: 'm', KVM: 'm', KVM_INTEL: 'm', VFIO: 'm', VFIO_PCI: 'm', FUNCTION_TRACER: 'y', TIMERLAT_TRACER: 'y', OSNOISE_TRACER: 'y', HWLAT_TRACER: 'y', INTEL_IOMMU: 'y',
  CPU_FREQ: 'y', CPU_IDLE: 'y', INTEL_IDLE: 'y', X86_INTEL_PSTATE: 'y', SOFTLOCKUP_DETECTOR: 'y', HARDLOCKUP_DETECTOR: 'y', PCIEASPM: 'y', ITCO_WDT: 'm', ...(realtime ? {} : { NUMA_BALANCING: 'y', TRANSPARENT_HUGEPAGE: 'y' }), ...changes,
});
