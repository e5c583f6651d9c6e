import { sysctl } from '../support/sysctl.ts';

export const setting = sysctl({
  id: 'runtime.console-messages', key: 'kernel.printk', value: '3 4 1 7', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'Few messages on the console',
  why: 'A message on a serial console waits for every byte to be sent, with interrupts off on kernels that are not PREEMPT_RT.',
  source: 'Linux Documentation/admin-guide/serial-console.rst; Documentation/admin-guide/sysctl/kernel.rst, printk',
  // Errors (3) and worse stay on the console; the rest is kept in the log.
  matches: (value) => Number(value.split(' ')[0]) <= 4,
  otherwise: (value) => `Messages up to level ${value.split(' ')[0] ?? ''} go to the console; errors and worse (3) are enough.`,
});
