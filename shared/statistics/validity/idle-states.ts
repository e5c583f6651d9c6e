import type { IdleTime } from '../../parsers/counters/counter-deltas.ts';
import { secondsOf } from './run-evidence.ts';
import { condition, good, notComparable, unknown, type ValidityRule } from './validity-rule.ts';

/** Besides the time around the measurement, so much of it may pass in an idle state before one counts as entered. */
const allowedShare = 0.02;
const allowedSeconds = 0.2;

/** Counters are read before the tool starts and after it has ended: in that time its CPUs may sleep, whatever was asked. */
export const idleStates: ValidityRule = {
  id: 'idle-states', title: 'Idle states as asked for', source: 'Leaving an idle state takes its exit latency; cyclictest keeps them shut through /dev/cpu_dma_latency, and goes on when it may not (Linux Documentation/power/pm_qos_interface.rst).',
  check: ({ deltas, cpus, measuredSeconds, holdDmaLatency }) => {
    if (deltas === null || measuredSeconds === 0) return [];
    const read = cpus.filter((cpu) => deltas.idle.has(cpu));
    if (read.length === 0) return [unknown('This board does not tell which idle states its CPUs enter.')];
    const around = Math.max(0, secondsOf(deltas) - measuredSeconds);
    const slept = read.flatMap((cpu) => {
      const deep = (deltas.idle.get(cpu) ?? []).filter(({ latencyUs }) => latencyUs > 0);
      const seconds = deep.reduce((sum, state) => sum + state.seconds, 0) - around;
      return seconds > allowedSeconds + allowedShare * measuredSeconds ? [{ cpu, deep, share: Math.min(1, seconds / measuredSeconds) }] : [];
    });
    const [first] = slept;
    if (first === undefined) return [good('The measured CPUs entered no idle state that takes time to leave, but for moments.')];
    const others = slept.length > 1 ? ` and ${slept.length - 1} other measured CPUs` : '';
    const words = `CPU ${first.cpu}${others} slept while ${slept.length > 1 ? 'they were' : 'it was'} measured, CPU ${first.cpu} ${(first.share * 100).toFixed(0)} % of the time: ${statesInWords(first.deep)}.`;
    return [holdDmaLatency === true
      ? notComparable(`${words} Idle states were to be kept shut.`, 'Run as root or with write access to /dev/cpu_dma_latency.')
      : condition(words, 'Close idle states by the kernel’s command line or a PM QoS request where the application needs shorter responses.')];
  },
};

const statesInWords = (states: readonly IdleTime[]): string =>
  [...states].sort((a, b) => b.seconds - a.seconds).slice(0, 3).map(({ name, latencyUs, entries }) => `${name} (${latencyUs} µs to leave) ${entries.toLocaleString('en-US')} times`).join(', ');
