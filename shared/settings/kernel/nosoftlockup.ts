import { kernelParameter } from '../support/kernel-parameter.ts';

export const setting = kernelParameter({
  id: 'kernel.nosoftlockup', parameter: 'nosoftlockup', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'No soft-lockup detector',
  why: 'Its timer runs on every CPU.',
  source: 'Intel ECI guide, Host Configuration: Linux Kernel',
  requested: () => ({ value: null }),
  effect: ({ capture }) => {
    const value = capture.value('/proc/sys/kernel/soft_watchdog');
    return { value: value === null ? null : value === '0' ? 'off' : 'on', matches: value === null ? null : value === '0', evidence: capture.evidence('/proc/sys/kernel/soft_watchdog') };
  },
});
