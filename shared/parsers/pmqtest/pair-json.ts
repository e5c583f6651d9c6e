import { z } from 'zod';
import { ok, type Result } from '../../contract/result.ts';
import { readJsonDocument, type JsonDocument } from '../tool-text/json-document.ts';
import { otherWriter, parseRtTestsJson, rtTestsHeadSchema } from '../tool-text/rt-tests-json.ts';
import { unreadableAt } from '../tool-text/remarks.ts';
import { cpuOf, type ThreadPair } from './pair-text.ts';

const cpu = z.number().int().min(-1).max(1_000_000);
const average = z.number().min(-1).max(Number.MAX_SAFE_INTEGER).nullable();
const figure = z.number().int().min(-1).max(Number.MAX_SAFE_INTEGER).nullable();
const schema = rtTestsHeadSchema.extend({
  thread: z.record(z.string().regex(/^\d{1,6}$/), z.object({
    sender: z.object({ cpu, samples: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER) }),
    receiver: z.object({ cpu, timeoutcount: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(), min: figure, avg: average, max: figure }),
  })),
});

/** Reads the report of `--json` of a tool that measures between pairs of threads. Its averages have two decimals. */
export function readPairJson(document: JsonDocument, tool: string): Result<{ version: string | null; pairs: ThreadPair[] }> {
  const report = readJsonDocument(document, schema, tool, parseRtTestsJson);
  if (!report.ok) return report;
  const other = otherWriter(report.value['cmdline:'], tool);
  if (other !== null) return unreadableAt(document.line, '{', `it is a report of ${other}, not of ${tool}`, `Read it as ${other}.`);
  const pairs = Object.entries(report.value.thread).map(([key, { sender, receiver }]): ThreadPair => {
    const measured = (value: number | null) => (sender.samples === 0 || (receiver.min ?? -1) < 0 ? null : value);
    return {
      receiver: Number(key) * 2, sender: Number(key) * 2 + 1, receiverCpu: cpuOf(receiver.cpu), senderCpu: cpuOf(sender.cpu),
      samples: sender.samples, timeouts: receiver.timeoutcount ?? null,
      minUs: measured(receiver.min), avgUs: measured(receiver.avg), maxUs: measured(receiver.max),
    };
  });
  return ok({ version: report.value['rt_test_version:'] ?? null, pairs: pairs.sort((a, b) => a.receiver - b.receiver) });
}
