import { condition, good, notComparable, unknown, type ValidityRule } from './validity-rule.ts';

const isHit = (message: string): boolean => message.includes('RT throttling activated');

export const rtThrottling: ValidityRule = {
  id: 'rt-throttling', title: 'No real-time throttling', source: 'The scheduler takes CPUs from real-time tasks that use more than sched_rt_runtime_us, for 50 ms a second by default, and says so once a boot (Linux Documentation/scheduler/sched-rt-group.rst).',
  check: ({ deltas }) => {
    if (deltas === null) return [];
    if (deltas.messages === null) return [unknown('The kernel’s messages may not be read without root: whether it throttled real-time tasks is not known.')];
    if (deltas.messages.some(isHit)) return [notComparable('The scheduler throttled real-time tasks during the run.', 'Find the real-time task that spins, or set kernel.sched_rt_runtime_us; then run again.')];
    if (deltas.olderMessages.some(isHit)) return [condition('The scheduler has throttled real-time tasks since this boot. It says so once only, so whether it did again during the run is not known.', 'Restart the board before a run that has to count.')];
    return [good('The scheduler throttled no real-time task.')];
  },
};
