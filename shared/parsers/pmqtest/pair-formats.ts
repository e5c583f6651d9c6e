import { ok, type Result } from '../../contract/result.ts';
import { findJsonDocument } from '../tool-text/json-document.ts';
import { outputLines } from '../tool-text/output-lines.ts';
import { Remarks } from '../tool-text/remarks.ts';
import { nanosecondsOfUs } from '../tool-text/units.ts';
import type { Distribution, ToolOutput } from '../tool-output.ts';
import { readPairJson } from './pair-json.ts';
import { PairText, type ThreadPair } from './pair-text.ts';

type PairTool = 'pmqtest' | 'ptsematest' | 'svsematest' | 'sigwaittest';

export interface PairOutput extends ToolOutput { readonly tool: PairTool }

/**
 * A tool that measures how long a message, a semaphore or a signal takes from one thread to another: what is measured is
 * the receiver, on its CPU. A latency of a second or more is printed without its seconds by these tools.
 */
const pairFormat = (tool: PairTool, what: string) => ({
  title: `${tool} of rt-tests 2.0 to 2.10 (${what}): summary, display, JSON`,
  parse(text: string): Result<PairOutput> {
    const document = findJsonDocument(text);
    if (document === null) return parseText(text, tool);
    const report = readPairJson(document, tool);
    return report.ok ? ok(outputOf(tool, report.value.version, report.value.pairs, [])) : report;
  },
} as const);

export const pmqtestFormat = pairFormat('pmqtest', 'POSIX message queues');
export const ptsematestFormat = pairFormat('ptsematest', 'mutexes of POSIX threads');
export const svsematestFormat = pairFormat('svsematest', 'SYSV semaphores');
export const sigwaittestFormat = pairFormat('sigwaittest', 'signals');

function parseText(text: string, tool: PairTool): Result<PairOutput> {
  const remarks = new Remarks(tool, [
    { pattern: /^could not |^Could not (?:access|create|open)/, meaning: 'the operating system refused what is measured', next: 'See what the line says; the limits on message queues and semaphores may be too low.' },
  ]);
  const pairs = new PairText();
  let version: string | null = null;
  for (const line of outputLines(text)) {
    remarks.reached(line);
    const usage = /^(\w{1,16}) V (\d{1,3}\.\d{1,4})$/.exec(line.text);
    if (usage?.[1] === tool) {
      version = usage[2] ?? null;
      remarks.failByUsage(line);
      break;
    }
    if (pairs.isOfAnother(line)) {
      remarks.anotherRun(line);
      return remarks.unreadable();
    }
    if (/^WARNING: Could not set CPU affinity/.test(line.text)) remarks.warnings.push(line.text);
    else if (!pairs.take(line)) remarks.take(line);
  }
  const found = pairs.finish();
  return found.length === 0 ? remarks.unreadable() : ok(outputOf(tool, version, found, remarks.all()));
}

function outputOf(tool: PairTool, version: string | null, pairs: readonly ThreadPair[], warnings: string[]): PairOutput {
  const timeouts = pairs.flatMap((pair) => (pair.timeouts === null ? [] : [{ name: `timeouts of #${pair.sender} -> #${pair.receiver}`, value: pair.timeouts, unit: 'count' }]));
  return { tool, version, distributions: pairs.map(distributionOf), scalars: timeouts, warnings };
}

function distributionOf(pair: ThreadPair): Distribution {
  const ns = (us: number | null) => (us === null ? null : nanosecondsOfUs(us));
  return {
    label: `#${pair.sender} -> #${pair.receiver}`, cpu: pair.receiverCpu, samples: pair.samples,
    minNs: ns(pair.minUs), avgNs: ns(pair.avgUs), maxNs: ns(pair.maxUs), overflows: 0, buckets: [],
  };
}
