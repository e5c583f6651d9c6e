import { moduleParameter } from '../support/module-parameter.ts';

export const setting = moduleParameter({
  id: 'hypervisor.kvmclock-periodic-sync', module: 'kvm', parameter: 'kvmclock_periodic_sync', value: 'N', guides: ['kvm-host'],
  title: 'No periodic clock sync into guests',
  why: 'Passing the host’s clock corrections on stops the guest now and then; it can keep its own time.',
  source: 'Real-time KVM talk, kernel changes',
});
