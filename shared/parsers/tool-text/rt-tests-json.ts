import { z } from 'zod';
import { parseStrictly } from './json-document.ts';

/** What the reports of all tools of rt-tests begin with. Two keys end in a colon in every version from 2.0 to 2.10. */
export const rtTestsHeadSchema = z.object({
  'cmdline:': z.string().optional(),
  'rt_test_version:': z.string().optional(),
});

const writers = ['cyclictest', 'cyclicdeadline', 'signaltest', 'oslat', 'pmqtest', 'ptsematest', 'svsematest', 'sigwaittest'];

/** The other tool of rt-tests whose report this is, by its command line; null: it is the one asked for, or the report does not tell. */
export function otherWriter(commandLine: string | undefined, tool: string): string | null {
  const name = /^(?:\S{1,500}\/)?([a-z]{1,20})(?=\s|$)/.exec(commandLine ?? '')?.[1] ?? '';
  return name !== tool && writers.includes(name) ? name : null;
}

/** Reads a report of `--json` of any tool of rt-tests; undefined when it is not JSON even with the known faults mended. */
export function parseRtTestsJson(text: string): unknown {
  const plain = parseStrictly(text);
  return plain === undefined ? parseStrictly(repair(text)) : plain;
}

/** rt-tests writes its command line without escaping it, and `-nan` as the average of no cycles. */
function repair(text: string): string {
  const head = '"cmdline:": "';
  const start = text.indexOf(head);
  const end = start < 0 ? -1 : text.indexOf('",\n  "rt_test_version', start);
  const escaped = end < 0 ? text : text.slice(0, start + head.length - 1) + JSON.stringify(text.slice(start + head.length, end)) + text.slice(end + 1);
  return escaped.replace(/^(\s{0,32}"(?:min|max|avg)": )-?(?:nan|inf)\b/gm, '$1null');
}
