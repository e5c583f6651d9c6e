import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.thermal-throttling', title: 'Throttling for heat', option: 'none seen',
  menu: 'Thermal Configuration',
  does: 'Slows the processor down when it becomes too hot (TCC activation, thermal throttling offset).',
  why: 'A processor that slows down for heat cannot keep deadlines.',
  shows: 'As the throttle counters of the processor; where the limit was set, or by whom, does not show.',
  source: 'Real-time KVM talk, Hardware pitfalls',
  seen: ({ snapshot: { thermalThrottles } }) => (thermalThrottles === undefined || thermalThrottles === null ? null : {
    value: thermalThrottles === 0 ? 'no throttling since the start' : `throttled ${thermalThrottles} times since the start`, matches: thermalThrottles === 0,
    evidence: '/sys/devices/system/cpu/cpu*/thermal_throttle/*_throttle_count',
  }),
  caution: 'Never switch the protection off: improve the cooling.',
  tradesSafety: true,
});
