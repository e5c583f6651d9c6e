import { z } from 'zod';
import { ok, type Result } from '../../contract/result.ts';
import { findJsonDocument, lineOfPath, readJsonDocument } from '../tool-text/json-document.ts';
import { outputLines } from '../tool-text/output-lines.ts';
import { Remarks, unreadableAt } from '../tool-text/remarks.ts';
import type { Scalar, ToolOutput } from '../tool-output.ts';

/** No counter and no rate of a network is larger. */
const figure = z.number().min(-1).max(1e18).optional();
const sumSchema = z.object({
  start: figure, end: figure, seconds: figure, bytes: figure, bits_per_second: figure, retransmits: figure,
  jitter_ms: figure, lost_packets: figure, packets: figure, lost_percent: figure,
});
const rttSchema = z.object({ sender: z.boolean().optional(), min_rtt: figure, mean_rtt: figure, max_rtt: figure });
const schema = z.object({
  start: z.object({
    version: z.string().optional(),
    test_start: z.object({ protocol: z.string(), num_streams: figure, reverse: figure, bidir: figure }).optional(),
  }),
  intervals: z.array(z.object({ sum: sumSchema.optional() })).optional(),
  end: z.object({
    streams: z.array(z.object({ sender: rttSchema.optional(), udp: z.object({ out_of_order: figure }).optional() })).optional(),
    sum: sumSchema.optional(), sum_sent: sumSchema.optional(), sum_received: sumSchema.optional(),
    sum_sent_bidir_reverse: sumSchema.optional(), sum_received_bidir_reverse: sumSchema.optional(),
    cpu_utilization_percent: z.object({ host_total: figure, remote_total: figure }).optional(),
  }),
  error: z.string().optional(),
});
type Report = z.infer<typeof schema>;
type Sum = z.infer<typeof sumSchema>;

export interface Iperf3Output extends ToolOutput {
  readonly tool: 'iperf3';
  readonly protocol: string;
  /** `reverse`: the server sent and the client, which writes the report, received. */
  readonly direction: 'forward' | 'reverse' | 'both';
  readonly streams: number;
  /** Throughput over time. */
  readonly intervals: ReadonlyArray<{ readonly startSeconds: number; readonly endSeconds: number; readonly bitsPerSecond: number }>;
}

/** `parse iperf3`: the report of --json of 3.1 to 3.18. An error in it is an error here: the exit status is 0 with it up to 3.12. */
export const iperf3Format = {
  title: 'iperf3 3.1 to 3.18: JSON of TCP, UDP, reverse and both ways',
  parse(text: string): Result<Iperf3Output> {
    const document = findJsonDocument(text);
    if (document === null) return withoutReport(text);
    const read = readJsonDocument(document, schema, 'iperf3');
    if (!read.ok) return read;
    const report = read.value;
    const next = 'See that the server runs and can be reached, and run the test again.';
    if (report.error !== undefined) return unreadableAt(lineOfPath(document, ['error']), report.error, 'iperf3 ended with this error, so there is no result', next);
    if (report.start.test_start === undefined) return unreadableAt(document.line, '{', 'the report holds no test: iperf3 was stopped before it began', next);
    return ok(outputOf(report, report.start.test_start));
  },
} as const;

function withoutReport(text: string): Result<never> {
  const remarks = new Remarks('iperf3 --json', [
    { pattern: /^iperf3: error - /, meaning: 'iperf3 ended with this error, so there is no result', next: 'See that the server runs and can be reached, and run the test again.' },
    { pattern: /^(?:Connecting to host |\[ ID\]|Server listening on )/, meaning: 'this is the text for people, whose figures are rounded', next: 'Run iperf3 with --json.' },
  ]);
  for (const line of outputLines(text)) {
    remarks.reached(line);
    remarks.take(line);
  }
  return remarks.unreadable();
}

function outputOf(report: Report, test: NonNullable<Report['start']['test_start']>): Iperf3Output {
  const { end, start } = report;
  const bothWays = end.sum_sent_bidir_reverse !== undefined || test.bidir === 1;
  const scalars = [
    ...sumScalars('', end), ...(bothWays ? sumScalars(' in reverse', { sum_sent: end.sum_sent_bidir_reverse, sum_received: end.sum_received_bidir_reverse }) : []),
    ...streamScalars(report),
    ...scalar('CPU of this side', end.cpu_utilization_percent?.host_total, '%'),
    ...scalar('CPU of the other side', end.cpu_utilization_percent?.remote_total, '%'),
  ];
  return {
    tool: 'iperf3',
    version: start.version?.replace(/^iperf /, '') ?? null,
    distributions: [],
    scalars,
    protocol: test.protocol,
    direction: bothWays ? 'both' : test.reverse === 1 ? 'reverse' : 'forward',
    streams: test.num_streams ?? 1,
    intervals: (report.intervals ?? []).flatMap(({ sum }) => (sum?.start === undefined || sum.end === undefined || sum.bits_per_second === undefined
      ? [] : [{ startSeconds: sum.start, endSeconds: sum.end, bitsPerSecond: sum.bits_per_second }])),
    warnings: scalars.length === 0 ? ['The report has no figures at its end: the test was stopped.'] : [],
  };
}

function sumScalars(way: string, { sum, sum_sent: sent, sum_received: received }: { sum?: Sum | undefined; sum_sent?: Sum | undefined; sum_received?: Sum | undefined }): Scalar[] {
  const packets = received?.jitter_ms === undefined ? sum : received;
  return [
    ...scalar(`sent${way}`, (sent ?? sum)?.bits_per_second, 'bit/s'),
    ...scalar(`received${way}`, received?.bits_per_second, 'bit/s'),
    ...scalar(`duration${way}`, (received ?? sent ?? sum)?.seconds, 's'),
    ...scalar(`retransmits${way}`, sent?.retransmits, 'count'),
    ...scalar(`jitter${way}`, packets?.jitter_ms, 'ms'),
    ...scalar(`packets${way}`, packets?.packets, 'count'),
    ...scalar(`lost packets${way}`, packets?.lost_packets, 'count'),
    ...scalar(`lost${way}`, packets?.lost_percent, '%'),
  ];
}

/** Round-trip times are known of streams that this side sends: of others they are 0, or of what little goes back. */
function streamScalars({ end }: Report): Scalar[] {
  return (end.streams ?? []).flatMap(({ sender, udp }, index) => [
    ...(sender?.max_rtt === undefined || sender.max_rtt === 0 || sender.sender === false ? [] : [
      ...scalar(`shortest round trip of stream ${index}`, sender.min_rtt, 'us'),
      ...scalar(`mean round trip of stream ${index}`, sender.mean_rtt, 'us'),
      ...scalar(`longest round trip of stream ${index}`, sender.max_rtt, 'us'),
    ]),
    ...scalar(`out of order in stream ${index}`, udp?.out_of_order, 'count'),
  ]);
}

const scalar = (name: string, value: number | undefined, unit: string): Scalar[] => (value === undefined ? [] : [{ name, value, unit }]);
