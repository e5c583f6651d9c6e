import { kernelParameter } from '../support/kernel-parameter.ts';

export const setting = kernelParameter({
  id: 'kernel.skew-tick', parameter: 'skew_tick', guides: ['kvm-host', 'bare-metal'],
  title: 'Ticks at different moments',
  why: 'CPUs that still tick do so at the same moment and wait for the same locks.',
  source: 'Linux Documentation/admin-guide/kernel-parameters.txt',
  requested: () => ({ value: '1' }),
});
