import { bootIsolation } from '../support/boot-isolation.ts';
import { avoidsIsolated, housekeepingAsked, maskShown, maskWritten } from '../support/cpu-masks.ts';
import { sysfsValue } from '../support/sysfs-value.ts';

export const setting = sysfsValue({
  id: 'runtime.writeback-workqueue', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'Writing back to disks off isolated CPUs',
  why: 'The work queue that writes dirty pages back has a mask of its own.',
  source: 'Linux Documentation/core-api/workqueue.rst, Affinity scopes and cpumask (writeback)',
  requested: housekeepingAsked,
  matches: (value, _requested, board) => avoidsIsolated(value, board),
  paths: () => ['/sys/bus/workqueue/devices/writeback/cpumask'],
  shown: maskShown,
  written: maskWritten,
  byDefault: bootIsolation(['isolcpus', 'nohz_full']),
  absent: 'This kernel shows no mask of its writeback queue.',
});
