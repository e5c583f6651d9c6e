/** Fields of /proc/pid/stat of a thread of the kernel. */
const stat = (pid: number, name: string, { flags = 2129984, priority = 0, policy = 0 } = {}) =>
  `${String(pid)} (${name}) S 2 0 0 0 -1 ${String(flags)} ${new Array<string>(30).fill('0').join(' ')} ${String(priority)} ${String(policy)} 0 0`;

const files: Readonly<Record<string, string>> = {
  '/proc/sys/kernel/ostype': 'Linux', '/proc/sys/kernel/osrelease': '6.1.0-50-rt-amd64', '/proc/version': 'Linux version 6.1.0-50-rt-amd64 #1 SMP PREEMPT_RT Debian',
  '/proc/sys/kernel/version': '#1 SMP PREEMPT_RT Debian 6.1.192-1', '/sys/kernel/realtime': '1', '/proc/cmdline': 'root=/dev/sda1 ro quiet', '/proc/self/status': 'Uid:\t0\t0\t0\t0',
  '/sys/devices/system/cpu/online': '0-3', '/sys/devices/system/cpu/present': '0-3', '/sys/devices/system/cpu/isolated': '',
  '/sys/devices/system/node/node0/cpulist': '0-1', '/sys/devices/system/node/node1/cpulist': '2-3',
  '/sys/devices/system/cpu/cpufreq/policy0/scaling_driver': 'acpi-cpufreq', '/sys/devices/system/cpu/cpufreq/policy0/scaling_governor': 'schedutil', '/sys/devices/system/cpu/cpufreq/policy2/scaling_governor': 'powersave',
  '/sys/devices/system/cpu/cpu0/cpuidle/state0/name': 'POLL', '/sys/devices/system/cpu/cpu0/cpuidle/state0/latency': '0', '/sys/devices/system/cpu/cpu0/cpuidle/state1/name': 'C6', '/sys/devices/system/cpu/cpu0/cpuidle/state1/latency': '133',
  ...Object.fromEntries([0, 1, 2, 3].map((cpu) => [`/sys/devices/system/cpu/cpu${String(cpu)}/power/pm_qos_resume_latency_us`, '0'])),
  '/proc/sys/kernel/timer_migration': '1', '/proc/sys/kernel/watchdog': '1', '/proc/sys/kernel/nmi_watchdog': '1', '/proc/sys/kernel/numa_balancing': '1', '/proc/sys/kernel/hung_task_timeout_secs': '120',
  '/proc/sys/kernel/sched_rt_runtime_us': '950000', '/proc/sys/kernel/printk': '7\t4\t1\t7', '/proc/sys/kernel/split_lock_mitigate': '1', '/proc/sys/kernel/sched_autogroup_enabled': '1',
  '/proc/sys/vm/stat_interval': '1', '/proc/sys/vm/swappiness': '60', '/proc/sys/vm/dirty_ratio': '20', '/proc/sys/vm/dirty_background_ratio': '10', '/proc/sys/vm/compaction_proactiveness': '20',
  '/sys/kernel/mm/ksm/run': '1', '/sys/kernel/mm/transparent_hugepage/enabled': '[always] madvise never',
  '/sys/devices/virtual/workqueue/cpumask': 'f', '/sys/bus/workqueue/devices/writeback/cpumask': 'f', '/proc/irq/default_smp_affinity': 'f',
  '/sys/class/net/eth0/queues/rx-0/rps_cpus': 'f', '/sys/class/net/eth0/queues/tx-0/xps_cpus': 'f', '/sys/class/net/eth0/queues/tx-1/xps_cpus': '0',
  '/proc/interrupts': [
    '           CPU0       CPU1       CPU2       CPU3', '  0: 1 0 0 0 IO-APIC 2-edge timer', ' 24: 5 0 9 0 PCI-MSI 1-edge eth0', ' 25: 0 0 3 0 PCI-MSI 2-edge nvme0q2', ' 26: 0 0 0 7 PCI-MSI 3-edge vfio-msix[0](0000:03:00.0)', ' 27: 0 0 0 0 PCI-MSI 4-edge snd',
  ].join('\n'),
  ...Object.fromEntries([['0', '0-3', '0'], ['24', '0-3', '2'], ['25', '2', '2'], ['26', '3', '3'], ['27', '0-1', '0']].flatMap(([irq, mask, effective]) => [[`/proc/irq/${irq ?? ''}/smp_affinity_list`, mask ?? ''], [`/proc/irq/${irq ?? ''}/effective_affinity_list`, effective ?? '']])),
  '/proc/15/stat': stat(15, 'rcu_preempt', { priority: 1, policy: 1 }), '/proc/15/status': 'Cpus_allowed_list:\t0-3',
  '/proc/60/stat': stat(60, 'kauditd'), '/proc/60/status': 'Cpus_allowed_list:\t0-3', '/proc/61/stat': stat(61, 'kworker/R-x', { flags: 69238880 }), '/proc/61/status': 'Cpus_allowed_list:\t3',
  '/proc/70/stat': stat(70, 'irq/24-eth0'), '/proc/70/status': 'Cpus_allowed_list:\t2', '/proc/71/stat': stat(71, 'irq/27-snd', { priority: 50, policy: 1 }), '/proc/71/status': 'Cpus_allowed_list:\t0',
  '/proc/modules': 'kvm 1 1 kvm_intel, Live 0x0\nkvm_intel 1 0 - Live 0x0',
  '/sys/module/kvm/parameters/halt_poll_ns': '200000', '/sys/module/kvm/parameters/kvmclock_periodic_sync': 'Y', '/sys/module/kvm/parameters/lapic_timer_advance_ns': '0', '/sys/module/kvm/parameters/nx_huge_pages': 'Y',
  '/sys/module/kvm_intel/parameters/ple_gap': '128', '/sys/module/kvm_intel/parameters/preemption_timer': 'Y',
};

const names: readonly string[] = [
  'dev/kvm', 'run/systemd/system', 'var/log/journal/0/system.journal',
  ...['irqbalance', 'rsyslog', 'snapd', 'ksmtuned', 'thermald', 'unattended-upgrades', 'systemd-journald'].map((name) => `sys/fs/cgroup/system.slice/${name}.service`),
  ...['multi-user.target.wants/irqbalance.service', 'multi-user.target.wants/rsyslog.service', 'timers.target.wants/apt-daily.timer', 'timers.target.wants/fstrim.timer', 'sockets.target.wants/snapd.socket'].map((name) => `etc/systemd/system/${name}`),
];

/** The capture of a board of four CPUs and two nodes where nothing of the running system is as it should be, with these files beside or instead. */
export function boardText(other: Readonly<Record<string, string>> = {}, exists: readonly string[] = names): string {
  const all = Object.entries({ ...files, ...other }).flatMap(([path, content]) => content.split('\n').map((line) => `${path.slice(1)}:${line}`));
  return ['RTVM-BENCH-CAPTURE 1', '@@ exists', ...exists.map((name) => `|${name}`), '@@ files', ...all, '@@ end', ''].join('\n');
}
