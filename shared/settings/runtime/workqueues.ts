import { avoidsIsolated, housekeepingAsked, maskShown, maskWritten } from '../support/cpu-masks.ts';
import { bootIsolation } from '../support/boot-isolation.ts';
import { sysfsValue } from '../support/sysfs-value.ts';

export const setting = sysfsValue({
  id: 'runtime.workqueues', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'Kernel work queues off isolated CPUs',
  why: 'Unbound work of the kernel runs wherever its mask allows.',
  source: 'Linux Documentation/core-api/workqueue.rst; Real-time KVM talk, kernel changes',
  requested: housekeepingAsked,
  matches: (value, _requested, board) => avoidsIsolated(value, board),
  paths: () => ['/sys/devices/virtual/workqueue/cpumask'],
  shown: maskShown,
  written: maskWritten,
  // isolcpus and nohz_full take their CPUs out of the mask at the start.
  byDefault: bootIsolation(['isolcpus', 'nohz_full']),
  absent: 'This kernel shows no mask of its work queues.',
});
