import { moduleParameter } from '../support/module-parameter.ts';

export const setting = moduleParameter({
  id: 'hypervisor.lapic-timer-advance-ns', module: 'kvm', parameter: 'lapic_timer_advance_ns', value: '-1', byDefault: '-1', writable: true, guides: ['kvm-host'],
  title: 'Guests’ timers are fired ahead of time',
  why: 'The exit and entry around a guest’s timer cost a microsecond or more; KVM fires it that much earlier and spins for the rest.',
  source: 'Linux arch/x86/kvm/lapic.c (start_sw_tscdeadline, adjust_lapic_timer_advance), kernels before 6.12',
  // -1: every vCPU finds its own advance. A fixed one is right only if it was measured on this machine.
  matches: (value) => value === '-1' || (Number(value) >= 500 && Number(value) <= 5000),
  notAskedFor: ({ capture }) => (capture.value('/sys/module/kvm/parameters/lapic_timer_advance') === null ? null : 'This kernel has lapic_timer_advance instead.'),
  otherwise: (value) => (value === '0' ? 'It is off (0): every timer of a guest is late by the cost of an exit.'
    : `It is fixed at ${value} ns, outside what such a calibration gives (500 to 5000): every vCPU spins for too long or fires late. -1 lets each vCPU calibrate itself.`),
});
