import type { Capture } from '../../parsers/capture.ts';
import { refuse, type Found } from './refusal.ts';

const begin = '# BEGIN RTVM Bench: goes away when the try is over';
const end = '# END RTVM Bench';

/** custom.cfg without our part: its lines, none when there is no such file. Refused where it cannot be kept as it is. */
export function keptCustomLines(capture: Capture, path: string): Found<readonly string[]> {
  const hidden = capture.refused.find((one) => one.path === path);
  if (hidden !== undefined) return refuse(`${path} could not be read (${hidden.reason}), so its own entries could not be kept.`, 'Move those entries into a script of /etc/grub.d and run update-grub; or write the line without trying it.');
  const lines = capture.lines(path) ?? [];
  if (lines.some((line) => line.includes('\uFFFD'))) return refuse(`${path} is not UTF-8 text, so its own entries could not be kept.`, 'Write it as UTF-8, then plan again.');
  const from = lines.indexOf(begin);
  const to = lines.indexOf(end, Math.max(from, 0));
  if (from < 0 && to < 0) return { found: lines };
  if (from < 0 || to < 0) return refuse(`${path} has one of the two marks around RTVM Bench’s entry, but not the other.`, `Take that entry out of ${path} by hand, then plan again.`);
  return { found: [...lines.slice(0, from), ...lines.slice(to + 1)] };
}

/** Text of the file with our entry behind what is kept. */
export const withOurEntry = (kept: readonly string[], entry: readonly string[]): string => `${[...kept, begin, ...entry, end].join('\n')}\n`;

/** Text of the file with only what is kept; null when that is nothing. */
export const withoutOurEntry = (kept: readonly string[]): string | null => (kept.length === 0 ? null : `${kept.join('\n')}\n`);
