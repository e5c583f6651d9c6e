import { sysctl } from '../support/sysctl.ts';

export const setting = sysctl({
  id: 'runtime.nmi-watchdog', key: 'kernel.nmi_watchdog', value: '0', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'NMI watchdog off',
  why: 'It interrupts every CPU with an interrupt that cannot be masked, and holds a performance counter.',
  source: 'tuned realtime profile',
});
