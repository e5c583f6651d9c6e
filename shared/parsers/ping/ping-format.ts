import { ok, type Result } from '../../contract/result.ts';
import { outputLines } from '../tool-text/output-lines.ts';
import { Remarks } from '../tool-text/remarks.ts';
import { bucketsOf, nanosecondsOfMs } from '../tool-text/units.ts';
import type { Distribution, Scalar, ToolOutput } from '../tool-output.ts';
import { PingText } from './ping-text.ts';

export interface PingOutput extends ToolOutput {
  readonly tool: 'ping';
  readonly host: string | null;
}

/**
 * `parse ping`: of iputils or busybox, with a line per reply or only the summary (-q, -f). A line gives three digits,
 * cut and not rounded, so 2.95 ms is the lower edge of 2.95 to 2.96; minimum, average and maximum are the summary's.
 */
export const pingFormat = {
  title: 'ping of iputils and busybox: replies, summary',
  parse(text: string): Result<PingOutput> {
    const remarks = new Remarks('ping', [
      { pattern: /Name or service not known|Temporary failure in name resolution|bad address/, meaning: 'the name could not be resolved, so nothing was sent', next: 'Give an address, or check the name service.' },
      { pattern: /Network is unreachable|No route to host/, meaning: 'there is no route to the host', next: 'Check address, cable and routes.' },
      { pattern: /socket: |Operation not permitted|permission denied/i, meaning: 'ping may not open its socket, so nothing was sent', next: 'Run it as root.' },
    ]);
    const ping = new PingText();
    for (const line of outputLines(text)) {
      remarks.reached(line);
      if (/^(?:Usage|BusyBox v)/.test(line.text)) {
        remarks.failByUsage(line);
        break;
      }
      if (!ping.take(line)) remarks.take(line);
      if (ping.heads > 1) {
        remarks.anotherRun(line);
        return remarks.unreadable();
      }
    }
    if (ping.times.length === 0 && ping.sent === null) return remarks.unreadable();
    return ok({
      tool: 'ping', version: null, host: ping.host, distributions: [distributionOf(ping)], scalars: scalarsOf(ping),
      warnings: [...doubtsOf(ping), ...remarks.all()],
    });
  },
} as const;

function distributionOf(ping: PingText): Distribution {
  const { times, summary } = ping;
  const counts = new Map<number, number>();
  for (const time of times) {
    const ns = nanosecondsOfMs(time);
    counts.set(ns, (counts.get(ns) ?? 0) + 1);
  }
  const buckets = bucketsOf(counts);
  const ns = (ms: number | undefined) => (ms === undefined ? null : nanosecondsOfMs(ms));
  // The summary counts duplicates too, which are no round trips.
  const exact = ping.duplicates === 0 ? summary : null;
  const average = times.length === 0 ? null : Math.round((times.reduce((sum, time) => sum + time, 0) / times.length) * 1e9) / 1000;
  return {
    label: ping.host === null ? 'round trip' : `round trip to ${ping.host}`, cpu: null,
    samples: buckets.length > 0 ? times.length : summary === null ? 0 : ping.received ?? 0,
    minNs: ns(exact?.min) ?? buckets[0]?.[0] ?? null,
    avgNs: ns(exact?.avg) ?? average,
    maxNs: ns(exact?.max) ?? buckets[buckets.length - 1]?.[0] ?? null,
    overflows: 0, buckets,
  };
}

function scalarsOf({ sent, received, duplicates, errors }: PingText): Scalar[] {
  if (sent === null || received === null) return [];
  return [
    { name: 'packets sent', value: sent, unit: 'count' },
    { name: 'packets received', value: received, unit: 'count' },
    ...(sent === 0 ? [] : [{ name: 'lost', value: Math.round(Math.max(0, 1 - received / sent) * 1e8) / 1e6, unit: '%' }]),
    ...(duplicates === 0 ? [] : [{ name: 'duplicates', value: duplicates, unit: 'count' }]),
    ...(errors === 0 ? [] : [{ name: 'errors', value: errors, unit: 'count' }]),
  ];
}

function doubtsOf(ping: PingText): string[] {
  const { received, times, duplicates } = ping;
  return [
    ...ping.notices.slice(0, 20),
    ...(ping.notices.length > 20 ? [`${ping.notices.length - 20} more lines of this kind.`] : []),
    ...(ping.sent === null ? ['There is no summary: ping was killed, and what was lost is not known.'] : []),
    ...(ping.timeless > 0 ? ['Replies are without a time: 16 bytes of data (-s 16) are needed to carry one.'] : []),
    ...(duplicates > 0 ? ['There were duplicates; they are not in the distribution.'] : []),
    ...(received !== null && times.length > 0 && times.length !== received ? [`The summary counts ${received} replies, and ${times.length} with a time are in the output.`] : []),
  ];
}
