import { lines, verdictOf, type Setting } from '../setting.ts';
import { pathsBelow } from '../support/paths-below.ts';
import { persistentSysctl } from '../support/sysctl-files.ts';
import { sysctlChange } from '../support/sysctl.ts';

const id = 'runtime.rt-throttling';
const key = 'kernel.sched_rt_runtime_us';
const title = 'Real-time throttling is known';
const why = 'By default a real-time task that never sleeps loses 50 ms of every second. Off (-1), a task that runs away can lock a CPU up for good.';
const source = 'ACRN Real-Time VM Performance Tips, Miscellaneous (caution); Linux Documentation/scheduler/sched-rt-group.rst';
const guides = ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'] as const;

export const setting: Setting = {
  id, layer: 'host runtime', guides, title, why, source,
  choice: 'Off is for real-time work that never sleeps, such as a vCPU that polls when it is idle.',
  assess: ({ snapshot, capture }) => {
    const value = snapshot.limits.rtRuntimeUs;
    const { value: written, evidence: line } = persistentSysctl(capture, key, snapshot.kernel.initSystem);
    const states = { requested: null, written, booted: null, effective: value === null ? null : String(value) };
    const found = {
      states, evidence: lines(line, capture.evidence('/proc/sys/kernel/sched_rt_runtime_us')),
      verdicts: { written: written === null ? 'none' as const : verdictOf(value === null ? null : written === String(value)), booted: 'none' as const, effective: verdictOf(value === null ? null : true) },
    };
    if (value === null) return { ...found, status: 'unknown', stuckAt: null, message: 'It was not read.', fix: null };
    if (written !== null && written !== String(value)) {
      return { ...found, status: 'change', stuckAt: 'written', message: `It is ${String(value)} now, and the next start will set it to ${written}.`, fix: `Decide on one: sysctl -w ${key}=${written}, or take it out of its file.` };
    }
    // Since 6.12 a deadline server gives ordinary tasks their share, and takes it only when one is waiting.
    const fair = pathsBelow(capture, '/sys/kernel').some((path) => path.startsWith('/sys/kernel/debug/sched/fair_server/')) ? ' On this kernel a “fair server” takes the rest only while an ordinary task waits on that CPU.' : '';
    return value < 0
      ? { ...found, status: 'ok', stuckAt: null, message: 'Throttling is off: a real-time task that never sleeps keeps its CPU for good, kernel threads included.', fix: null }
      : { ...found, status: 'ok', stuckAt: null, message: `Throttling is on (${String(value)} µs a period): fine for tasks that sleep; one that never does, such as a vCPU with idle=poll, is stopped for the rest.${fair}`, fix: null };
  },
  change: (board) => sysctlChange({
    id, title, why, source, guides, key, value: '-1', risk: 'performance',
    caution: 'A real-time task that never sleeps then keeps its CPU for good, kernel threads included: log-ins and the restart may wait for it. Keep housekeeping CPUs free of such tasks.',
  }, '-1', board),
};
