import { kernelParameter } from '../support/kernel-parameter.ts';

export const setting = kernelParameter({
  id: 'kernel.clocksource', parameter: 'clocksource', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'Clock is the time-stamp counter',
  why: 'Other clocks take a microsecond or more to read, and a change of clock stops all CPUs.',
  source: 'Intel ECI guide, Host Configuration: Linux Kernel',
  requested: () => ({ value: 'tsc' }),
  effect: ({ snapshot: { clock }, capture }) => ({ value: clock.source, matches: clock.source === null ? null : clock.source === 'tsc', evidence: capture.evidence('/sys/devices/system/clocksource/clocksource0/current_clocksource') }),
});
