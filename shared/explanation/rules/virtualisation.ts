import { countInWords, durationInWords } from '../../statistics/words.ts';
import { counted, evidenceOf, figuresOf, type Noun } from '../rates.ts';
import type { Scene, Suspicion, SuspicionRule } from '../suspicion.ts';

/** What stands between a guest and its CPUs: stolen time, seen from inside, and exits, seen from the host. */
export const virtualisation: SuspicionRule = (scene) => [...stolen(scene), ...exits(scene)];

const stolen = (scene: Scene): Suspicion[] => (scene.isVirtual ? scene.cpus : []).flatMap((cpu): Suspicion[] => {
  const seconds = scene.deltas.cpuTimes.get(cpu)?.stealSeconds ?? 0;
  return seconds === 0 ? [] : [{
    rule: 'steal', rank: 2, cpu, source: 'steal', count: Math.round(seconds * 100),
    words: `the host ran something else for ${durationInWords(seconds)} while CPU ${cpu} had work`, figures: [{ name: 'stolen', value: seconds, unit: 's' }],
    evidence: [`/proc/stat cpu${cpu}: ${seconds.toFixed(2)} s more steal`], settingIds: ['hypervisor.no-overcommit', 'kernel.isolcpus'],
    countIn: (deltas) => (deltas.cpuTimes.get(cpu)?.stealSeconds ?? 0) * 100,
  }];
});

/** Exits by reason as KVM counts them (Linux arch/x86/include/asm/kvm_host.h, struct kvm_vcpu_stat), and what addresses them. */
const reasons: ReadonlyArray<{ readonly name: string; readonly what: Noun; readonly rank: number; readonly settingIds: readonly string[] }> = [
  { name: 'io_exits', what: ['exit for port I/O', 'exits for port I/O'], rank: 5, settingIds: ['guest.slow-devices', 'hypervisor.passthrough'] },
  { name: 'mmio_exits', what: ['exit for emulated devices (MMIO)', 'exits for emulated devices (MMIO)'], rank: 5, settingIds: ['guest.slow-devices', 'hypervisor.passthrough'] },
  { name: 'irq_exits', what: ['exit because of interrupts of the host', 'exits because of interrupts of the host'], rank: 4, settingIds: ['runtime.irqs-off-isolated-cpus', 'kernel.nohz-full', 'hypervisor.interrupt-delivery'] },
  { name: 'signal_exits', what: ['exit because of signals to the vCPU’s thread', 'exits because of signals to the vCPU’s thread'], rank: 4, settingIds: ['hypervisor.no-overcommit'] },
  { name: 'halt_exits', what: ['exit because the guest went idle', 'exits because the guest went idle'], rank: 7, settingIds: ['guest.halt-poll', 'hypervisor.halt-poll', 'kernel.idle-poll'] },
  { name: 'irq_window_exits', what: ['exit to deliver an interrupt', 'exits to deliver an interrupt'], rank: 6, settingIds: ['hypervisor.interrupt-delivery'] },
  { name: 'nmi_window_exits', what: ['exit to deliver a non-maskable interrupt', 'exits to deliver a non-maskable interrupt'], rank: 6, settingIds: ['kernel.nmi-watchdog'] },
  { name: 'preemption_timer_exits', what: ['exit of the preemption timer', 'exits of the preemption timer'], rank: 7, settingIds: ['hypervisor.preemption-timer'] },
  { name: 'preemption_reported', what: ['time that a vCPU was put aside', 'times that a vCPU was put aside'], rank: 2, settingIds: ['hypervisor.no-overcommit', 'kernel.isolcpus'] },
  { name: 'pf_taken', what: ['page fault of the guest that the host had to handle', 'page faults of the guest that the host had to handle'], rank: 4, settingIds: ['hypervisor.memory', 'hypervisor.nx-huge-pages'] },
];

const exits = (scene: Scene): Suspicion[] => scene.deltas.kvm.filter(({ vcpu }) => vcpu === null).flatMap(({ vm, counts }) => reasons.flatMap(({ name, what, rank, settingIds }) => {
  const count = counts.get(name) ?? 0;
  if (count === 0) return [];
  const most = scene.deltas.kvm.filter((one) => one.vm === vm && one.vcpu !== null && (one.counts.get(name) ?? 0) > 0).sort((a, b) => (b.counts.get(name) ?? 0) - (a.counts.get(name) ?? 0))[0];
  const where = most?.vcpu === undefined || most.vcpu === null ? '' : `, ${countInWords(most.counts.get(name) ?? 0)} of them of vCPU ${most.vcpu}`;
  return [{
    rule: 'kvm-exits', rank, cpu: null, source: name, count, words: `${counted(count, what, scene.seconds, ` of the virtual machine with process ${vm.split('-')[0] ?? vm}`)}${where}`,
    figures: figuresOf(count, scene.seconds), evidence: evidenceOf(`/sys/kernel/debug/kvm/${vm}`, name, count, scene), settingIds,
    countIn: (deltas: Scene['deltas']) => deltas.kvm.find((one) => one.vm === vm && one.vcpu === null)?.counts.get(name) ?? 0,
  }];
}));
