import { kernelParameter } from '../support/kernel-parameter.ts';

export const setting = kernelParameter({
  id: 'kernel.tsc', parameter: 'tsc', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'Time-stamp counter is trusted',
  why: 'The clocksource watchdog checks the counter twice a second on every CPU in turn.',
  source: 'Intel ECI guide, Host Configuration: Linux Kernel; Real-time KVM talk, “Doctor, it hurts when I …”',
  requested: () => ({ value: 'reliable' }),
  alsoGood: (value) => value === 'nowatchdog',
  effect: ({ snapshot: { clock }, capture }) => ({ value: clock.source, matches: null, evidence: capture.evidence('/sys/devices/system/clocksource/clocksource0/current_clocksource') }),
  price: 'A counter that really is unstable is then no longer noticed.',
});
