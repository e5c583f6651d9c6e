import { kernelParameter } from '../support/kernel-parameter.ts';

export const setting = kernelParameter({
  id: 'kernel.nmi-watchdog', parameter: 'nmi_watchdog', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'No NMI watchdog',
  why: 'It interrupts every CPU with an interrupt that cannot be masked.',
  source: 'Intel ECI guide, Host Configuration: Linux Kernel',
  requested: () => ({ value: '0' }),
  effect: ({ capture }) => {
    const value = capture.value('/proc/sys/kernel/nmi_watchdog');
    return { value, matches: value === null ? null : value === '0', evidence: capture.evidence('/proc/sys/kernel/nmi_watchdog') };
  },
});
