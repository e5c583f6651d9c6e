import { kernelParameter } from '../support/kernel-parameter.ts';

export const setting = kernelParameter({
  id: 'kernel.x2apic-phys', parameter: 'x2apic_phys', guides: ['acrn-rtvm'],
  title: 'x2APIC in physical mode',
  why: 'LAPIC passthrough takes effect only in x2APIC mode.',
  source: 'ACRN scenario files, bootargs of the RTVM',
  requested: () => ({ value: null }),
});
