import { formatCpuList } from '../../parsers/cpu-list.ts';
import { liveValue } from '../support/live-value.ts';

export const setting = liveValue({
  id: 'runtime.default-irq-affinity', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'New interrupts stay off isolated CPUs',
  why: 'An interrupt that appears later (a cable, a USB device) takes the default affinity.',
  source: 'Intel ECI guide, Host Configuration: Linux Kernel (irqaffinity)',
  requested: ({ isolated, housekeeping }) => (isolated.length === 0 ? { notAskedFor: 'No CPU is to be isolated.' } : { value: formatCpuList(housekeeping) }),
  matches: (_value, _requested, { snapshot, isolated }) => !(snapshot.interrupts.defaultAffinity ?? []).some((cpu) => isolated.includes(cpu)),
  live: ({ snapshot: { interrupts }, capture }) => ({
    value: interrupts.defaultAffinity === null ? null : formatCpuList(interrupts.defaultAffinity), evidence: capture.evidence('/proc/irq/default_smp_affinity'),
  }),
  absent: 'It was not read.',
  fix: (requested) => `irqaffinity=${requested} on the command line sets it from the start.`,
});
