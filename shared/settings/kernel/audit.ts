import { kernelParameter } from '../support/kernel-parameter.ts';

export const setting = kernelParameter({
  id: 'kernel.audit', parameter: 'audit', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'No system call audit',
  why: 'Auditing adds work to every system call.',
  source: 'Intel ECI guide, Host Configuration: Linux Kernel',
  requested: () => ({ value: '0' }),
  alsoGood: (value) => value === 'off',
});
