import { kernelParameter } from '../support/kernel-parameter.ts';

export const setting = kernelParameter({
  id: 'kernel.hpet', parameter: 'hpet', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'No HPET',
  why: 'The old timer is slow to read and is the partner of the clocksource watchdog.',
  source: 'Intel ECI guide, Host Configuration: Linux Kernel',
  requested: () => ({ value: 'disable' }),
  effect: ({ snapshot: { clock }, capture }) => ({
    value: clock.available.length === 0 ? null : clock.available.includes('hpet') ? 'offered' : 'not offered', matches: clock.available.length === 0 ? null : !clock.available.includes('hpet'),
    evidence: capture.evidence('/sys/devices/system/clocksource/clocksource0/available_clocksource'),
  }),
});
