import { formatCpuList } from '../parsers/cpu-list.ts';

/** A way to take CPUs from Linux: what it does, what speaks for it and against it, and the lines to type. */
export interface DedicationWay { readonly title: string; readonly what: string; readonly good: string; readonly bad: string; readonly lines: readonly string[]; readonly source: string }

/** The CPUs the ways are explained with. Lists may be empty: then their lines are left out. */
export interface DedicatedCpus { readonly isolated: readonly number[]; readonly realTime: readonly number[]; readonly idle: readonly number[] }

/** The three ways to dedicate CPUs, with the CPUs of a map; the first is the one the kernel guide goes. */
export function dedicationWays({ isolated, realTime, idle }: DedicatedCpus): DedicationWay[] {
  const list = formatCpuList(isolated);
  const some = formatCpuList(realTime.length > 0 ? realTime : isolated);
  const cgroup = '/sys/fs/cgroup/rt.slice';
  return [
    {
      title: 'Isolated at boot',
      what: 'isolcpus=, nohz_full= and rcu_nocbs= keep the scheduler, the tick and RCU callbacks away from these CPUs from the start. This is what the kernel guide asks for.',
      good: 'Nothing has ever run there; managed interrupts and unbound work stay away too.', bad: 'A change needs a restart. The scheduler never balances load there: each thread must be pinned.',
      lines: isolated.length > 0 ? [`isolcpus=managed_irq,domain,${list} nohz_full=${list} rcu_nocbs=${list}`] : [], source: 'Linux kernel documentation, kernel parameters: isolcpus',
    },
    {
      title: 'Exclusive cpuset',
      what: 'A control group that owns its CPUs, as an isolated partition: nobody else is scheduled there, and load is not balanced. Needs cgroup v2 with the cpuset controller, Linux 6.1 or newer.',
      good: 'Made and undone while the board runs.',
      bad: 'The tick, RCU callbacks and managed interrupts stay unless the boot parameters moved them. On CPUs isolated at boot the partition is accepted and then invalid (“partition config conflicts with housekeeping setup”): read it back, and choose one way or the other.',
      lines: some === '' ? [] : ['echo +cpuset > /sys/fs/cgroup/cgroup.subtree_control', `mkdir ${cgroup}`, `echo ${some} > ${cgroup}/cpuset.cpus`, `echo isolated > ${cgroup}/cpuset.cpus.partition`, `cat ${cgroup}/cpuset.cpus.partition`],
      source: 'Linux kernel documentation, Control Group v2: cpuset.cpus.partition',
    },
    {
      title: 'Offline for the host',
      what: 'Hitachi’s KVM work took CPUs offline from Linux and ran vCPUs on them with a minimum of kernel. Linux never took up those patches. Their place is taken by hypervisors that own CPUs themselves: ACRN gives a real-time VM its CPUs with the local APIC passed through, Jailhouse takes CPUs out of a running Linux.',
      good: 'Nothing of the host runs there, and interrupts reach the guest without an exit.',
      bad: 'With KVM as it is, an offline CPU is no use to a VM either. It is the right thing for threads that are to stay idle: what is offline cannot disturb its core.',
      lines: idle.map((cpu) => `echo 0 > /sys/devices/system/cpu/cpu${String(cpu)}/online`), source: 'Hitachi, Improvement of KVM real-time performance; ACRN and Jailhouse documentation',
    },
  ];
}
