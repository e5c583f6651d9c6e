import { kernelParameter } from '../support/kernel-parameter.ts';

export const setting = kernelParameter({
  id: 'kernel.transparent-hugepage', parameter: 'transparent_hugepage', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'No transparent huge pages',
  why: 'Joining and splitting pages stops the task that owns them.',
  source: 'tuned realtime-virtual-host; Linux Documentation/admin-guide/mm/transhuge.rst',
  requested: ({ snapshot: { kernel } }) => (kernel.realtime ? { notAskedFor: 'PREEMPT_RT kernels are built without them.' } : { value: 'never' }),
  effect: ({ snapshot: { memory }, capture }) => ({ value: memory.transparentHugepages, matches: memory.transparentHugepages === null ? null : memory.transparentHugepages === 'never', evidence: capture.evidence('/sys/kernel/mm/transparent_hugepage/enabled') }),
});
