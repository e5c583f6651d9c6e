import { kernelParameter } from '../support/kernel-parameter.ts';

export const setting = kernelParameter({
  id: 'kernel.no-ipi-broadcast', parameter: 'no_ipi_broadcast', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'No broadcast interrupts between CPUs',
  why: 'A broadcast reaches isolated CPUs too.',
  source: 'Intel ECI guide, Host Configuration: Linux Kernel',
  requested: () => ({ value: '1' }),
});
