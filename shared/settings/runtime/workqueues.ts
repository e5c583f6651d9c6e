import { formatCpuList, parseCpuMask } from '../../parsers/cpu-list.ts';
import { liveValue } from '../support/live-value.ts';

const path = '/sys/devices/virtual/workqueue/cpumask';

export const setting = liveValue({
  id: 'runtime.workqueues', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'Kernel work queues off isolated CPUs',
  why: 'Unbound work of the kernel runs wherever its mask allows.',
  source: 'Linux Documentation/core-api/workqueue.rst; Real-time KVM talk, kernel changes',
  requested: ({ isolated, housekeeping }) => (isolated.length === 0 ? { notAskedFor: 'No CPU is to be isolated.' } : { value: formatCpuList(housekeeping) }),
  matches: (value, _requested, { isolated }) => !value.split(',').some((part) => {
    const [from = NaN, to = from] = part.split('-').map(Number);
    return isolated.some((cpu) => cpu >= from && cpu <= to);
  }),
  live: ({ capture }) => {
    const mask = capture.value(path);
    const cpus = mask === null ? null : parseCpuMask(mask);
    return { value: cpus?.ok ? formatCpuList(cpus.value) : mask, evidence: capture.evidence(path) };
  },
  absent: 'This kernel shows no mask of its work queues.',
  fix: () => 'isolcpus or nohz_full set it at the start; now: write the mask of the housekeeping CPUs to /sys/devices/virtual/workqueue/cpumask.',
});
