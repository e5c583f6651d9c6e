import type { Setting } from '../setting.ts';
import { lines } from '../setting.ts';

export const setting: Setting = {
  id: 'runtime.rt-throttling', layer: 'host runtime', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'Real-time throttling is known',
  why: 'By default a real-time task that never sleeps loses 50 ms of every second. Off (-1), a task that runs away can lock a CPU up for good.',
  source: 'ACRN Real-Time VM Performance Tips, Miscellaneous (caution); Linux Documentation/scheduler/sched-rt-group.rst',
  assess: ({ snapshot, capture }) => {
    const value = snapshot.limits.rtRuntimeUs;
    const states = { requested: null, written: null, booted: null, effective: value === null ? null : String(value) };
    const evidence = lines(capture.evidence('/proc/sys/kernel/sched_rt_runtime_us'));
    if (value === null) return { status: 'unknown', stuckAt: null, states, evidence, message: 'It was not read.', fix: null };
    return value < 0
      ? { status: 'ok', stuckAt: null, states, evidence, message: 'Throttling is off: a real-time task that never sleeps keeps its CPU for good, kernel threads included.', fix: null }
      : { status: 'ok', stuckAt: null, states, evidence, message: `Throttling is on (${value} µs a period): fine for tasks that sleep; one that never does, such as a vCPU with idle=poll, is stopped for the rest.`, fix: null };
  },
};
