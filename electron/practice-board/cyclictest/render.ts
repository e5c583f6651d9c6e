import type { PretendLinux } from '../linux/pretend-linux.ts';
import type { MeasuringThread } from './measuring-thread.ts';

/** One `T:` line; the field widths are those of rt-tests 2.4. */
export function threadLine(one: MeasuringThread, index: number, nanoseconds: boolean): string {
  const wide = nanoseconds ? 8 : 5;
  const pad = (value: number, width: number): string => String(value).padStart(width);
  return `T:${pad(index, 2)} (${pad(one.cycles === 0 ? 0 : one.thread.tid, 5)}) P:${pad(one.thread.priority, 2)} I:${one.intervalUs} C:${pad(one.cycles, 7)} `
    + `Min:${pad(one.min, 7)} Act:${pad(one.act, wide)} Avg:${pad(Math.trunc(one.average), wide)} Max:${pad(one.max, 8)}\n`;
}

const five = (value: number): string => String(value).padStart(5, '0');

export function histogramText(threads: readonly MeasuringThread[], withSum: boolean): string {
  const sum = withSum && threads.length > 1;
  const bins = threads[0]?.histogram.length ?? 0;
  const count = (value: number, width: number): string => String(value).padStart(width, '0');
  const total = (pick: (one: MeasuringThread) => number): number => threads.reduce((all, one) => all + pick(one), 0);
  const rows: string[] = ['# Histogram'];
  for (let bin = 0; bin < bins; bin += 1) {
    const cells = threads.map((one) => count(one.histogram[bin] ?? 0, 6));
    rows.push(`${count(bin, 6)} ${[...cells, ...(sum ? [count(total((one) => one.histogram[bin] ?? 0), 6)] : [])].join('\t')}`);
  }
  const line = (title: string, pick: (one: MeasuringThread) => number, width: number, last?: number): string =>
    `# ${title}: ${[...threads.map(pick), ...(last === undefined || !sum ? [] : [last])].map((value) => count(value, width)).join(' ')}`;
  const binned = (one: MeasuringThread): number => one.cycles - one.overflows;
  rows.push(
    line('Total', binned, 9, total(binned)), line('Min Latencies', (one) => one.min, 5), line('Avg Latencies', (one) => Math.trunc(one.average), 5),
    line('Max Latencies', (one) => one.max, 5, Math.max(0, ...threads.map((one) => one.max))),
    line('Histogram Overflows', (one) => one.overflows, 5, total((one) => one.overflows)), '# Histogram Overflow at cycle number:',
  );
  for (const [index, one] of threads.entries()) {
    const others = one.overflows - one.overflowCycles.length;
    rows.push(`# Thread ${index}:${one.overflowCycles.map((cycle) => ` ${five(cycle)}`).join('')}${others > 0 ? ` # ${five(others)} others` : ''}`);
  }
  return `${rows.join('\n')}\n\n`;
}

const rfc2822 = (milliseconds: number): string => new Date(milliseconds).toUTCString().replace(/GMT$/, '+0000');

export interface ReportFacts {
  readonly argv: readonly string[];
  readonly startedMs: number;
  readonly endedMs: number;
  readonly nanoseconds: boolean;
}

/** The JSON report of rt-tests 2.4: hand-made text there, so hand-made here, colons in the keys and all. */
export function jsonReport(linux: PretendLinux, threads: readonly MeasuringThread[], facts: ReportFacts): string {
  const { kernel, cpus, nodes } = linux.spec;
  const thread = (one: MeasuringThread, index: number): string => {
    const bins = [...one.histogram].flatMap((value, bin) => (value > 0 ? [`        "${bin}": ${value}`] : []));
    return [
      `    "${index}": {`, `      "histogram": {${bins.length === 0 ? '' : `\n${bins.join(',\n')}\n`}      },`, `      "cycles": ${one.cycles},`, `      "min": ${one.min},`,
      `      "max": ${one.max},`, `      "avg": ${one.cycles === 0 ? '-nan' : one.average.toFixed(2)},`, `      "cpu": ${one.cpu},`,
      `      "node": ${nodes.length > 1 ? cpus.find(({ cpu }) => cpu === one.cpu)?.node ?? -1 : -1}`, '    }',
    ].join('\n');
  };
  return [
    '{', '  "file_version": 1,', `  "cmdline:": "${facts.argv.join(' ')}",`, '  "rt_test_version:": "2.40",', `  "start_time": "${rfc2822(facts.startedMs)}",`,
    `  "end_time": "${rfc2822(facts.endedMs)}",`, '  "return_code": 0,', '  "sysinfo": {', '    "sysname": "Linux",', `    "nodename": "${linux.hostname}",`,
    `    "release": "${kernel.release}",`, `    "version": "${kernel.version}",`, '    "machine": "x86_64",', `    "realtime": ${kernel.realtimeFile ? 1 : 0}`, '  },',
    `  "num_threads": ${threads.length},`, `  "resolution_in_ns": ${facts.nanoseconds ? 1 : 0},`, '  "thread": {', threads.map(thread).join(',\n'), '  }', '}', '',
  ].join('\n');
}
