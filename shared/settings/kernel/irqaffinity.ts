import { formatCpuList, parseCpuList } from '../../parsers/cpu-list.ts';
import { kernelParameter } from '../support/kernel-parameter.ts';

export const setting = kernelParameter({
  id: 'kernel.irqaffinity', parameter: 'irqaffinity', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'Interrupts to housekeeping CPUs',
  why: 'New interrupts are otherwise spread over all CPUs, isolated ones included: isolcpus does not keep them away.',
  source: 'Intel ECI guide, Host Configuration: Linux Kernel',
  requested: ({ housekeeping, isolated }) => (isolated.length === 0 ? { notAskedFor: 'This board has no isolated CPU to keep interrupts from.' } : { value: formatCpuList(housekeeping) }),
  // Any part of the housekeeping CPUs keeps interrupts off the isolated ones.
  alsoGood: (value, { isolated }) => {
    const cpus = parseCpuList(value ?? '');
    return cpus.ok && cpus.value.length > 0 && !cpus.value.some((cpu) => isolated.includes(cpu));
  },
  effect: ({ snapshot: { interrupts }, capture, isolated }) => ({
    value: interrupts.defaultAffinity === null ? null : formatCpuList(interrupts.defaultAffinity),
    matches: interrupts.defaultAffinity === null ? null : !interrupts.defaultAffinity.some((cpu) => isolated.includes(cpu)),
    evidence: capture.evidence('/proc/irq/default_smp_affinity'),
  }),
});
