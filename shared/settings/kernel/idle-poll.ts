import { kernelParameter } from '../support/kernel-parameter.ts';

export const setting = kernelParameter({
  id: 'kernel.idle-poll', parameter: 'idle', guides: ['kvm-guest', 'acrn-rtvm'],
  title: 'Idle loop polls',
  why: 'A vCPU that halts leaves the guest and must be woken: polling keeps it there.',
  source: 'ACRN Real-Time VM Performance Tips; Real-time KVM talk, priority inversion & starvation',
  requested: () => ({ value: 'poll' }),
  effect: ({ snapshot: { idle }, capture }) => ({
    value: idle.driver, matches: idle.driver === null ? null : idle.driver === 'none', evidence: capture.evidence('/sys/devices/system/cpu/cpuidle/current_driver'),
  }),
  price: 'It takes 100 % of each host CPU the VM runs on, even when the guest is idle.',
});
