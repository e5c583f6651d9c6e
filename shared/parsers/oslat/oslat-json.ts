import { z } from 'zod';
import type { Result } from '../../contract/result.ts';
import { ok } from '../../contract/result.ts';
import { readJsonDocument, type JsonDocument } from '../tool-text/json-document.ts';
import { otherWriter, parseRtTestsJson, rtTestsHeadSchema } from '../tool-text/rt-tests-json.ts';
import { unreadableAt } from '../tool-text/remarks.ts';
import type { OslatTable, OslatThread } from './oslat-table.ts';

const whole = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const schema = rtTestsHeadSchema.extend({
  thread: z.record(z.string().regex(/^\d{1,6}$/), z.object({
    cpu: whole,
    freq: whole.optional(),
    min: whole,
    max: whole,
    avg: z.number().nullable().optional(),
    duration: z.number().optional(),
    histogram: z.record(z.string().regex(/^\d{1,9}(?:\.\d{3})?$/), whole),
  })),
});

/** Reads the report of `oslat --json`. Its minimum and maximum are ns when its buckets have decimals, µs otherwise; its average is µs always. */
export function readOslatJson(document: JsonDocument): Result<OslatTable> {
  const report = readJsonDocument(document, schema, 'oslat', parseRtTestsJson);
  if (!report.ok) return report;
  const other = otherWriter(report.value['cmdline:'], 'oslat');
  if (other !== null) return unreadableAt(document.line, '{', `it is a report of ${other}, not of oslat`, `Read it as ${other}.`);
  const commandLine = report.value['cmdline:'] ?? '';
  const entries = Object.entries(report.value.thread).sort((a, b) => Number(a[0]) - Number(b[0])).map(([, thread]) => thread);
  const inNs = entries.some(({ histogram }) => Object.keys(histogram).some((label) => label.includes('.')));
  const scale = inNs ? 1000 : 1;
  const threads = entries.map((thread): OslatThread => {
    const counts = new Map(Object.entries(thread.histogram).map(([label, count]) => [Math.round(Number(label) * scale), count]));
    return {
      cpu: thread.cpu, min: thread.min, max: thread.max, counts,
      frequencyMhz: thread.freq ?? null, averageUs: thread.avg ?? null, durationSeconds: thread.duration ?? null,
      // Empty buckets are left out. A gap beyond the buckets is counted in the last one, so that one is not left out then.
      lastLabel: [...counts.keys()].reduce((last, label) => Math.max(last, label), 0),
    };
  });
  const minimum = threads.reduce((least, { min }) => Math.min(least, min), Infinity);
  const width = /\s(?:-W\s?|--bucket-width[= ])(\d{1,9})(?=\s|$)/.exec(commandLine);
  return ok({
    version: report.value['rt_test_version:'] ?? null,
    unit: inNs ? 'ns' : 'us',
    // The report does not hold the bias: it is the minimum of a second of the same loop before the run.
    bias: /\s(?:-[a-zA-Z]{0,8}B|--bias)(?=\s|$)/.test(commandLine) && threads.length > 0 ? minimum : null,
    width: width === null ? null : Math.max(1, Number(width[1]) / (inNs ? 1 : 1000)),
    threads,
  });
}
