import { kernelParameter } from '../support/kernel-parameter.ts';

export const setting = kernelParameter({
  id: 'kernel.rcu-nocb-poll', parameter: 'rcu_nocb_poll', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'RCU threads poll',
  why: 'The RCU threads look for work by themselves, so that a real-time CPU need not wake them with an interrupt.',
  source: 'Intel ECI guide, Host Configuration: Linux Kernel; ACRN Real-Time VM Performance Tips',
  requested: () => ({ value: null }),
  price: 'It costs some CPU time on the housekeeping CPUs.',
});
