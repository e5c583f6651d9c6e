import type { SummaryLine } from '../cyclictest/summary-line.ts';

const pattern = /^T:\s*(\d{1,9}) \(\s*(\d{1,12})\)(?: P:\s*(\d{1,3}))?(?: I:\s*(\d{1,15}))? C:\s*(\d{1,15}) Min:\s*(-?\d{1,15}) Act:(\s*-?\d{1,15}) Avg:(\s*-?\d{1,15}) Max:(\s*-?\d{1,15})$/;

/**
 * A `T:` line of cyclicdeadline (with I:, without P:) or signaltest (with P:, without I:), in µs. As with cyclictest, a
 * line that the text ends in counts only when its last field has its full width.
 */
export function parseThreadLine(text: string, ended: boolean): SummaryLine | null {
  const match = pattern.exec(text);
  if (match === null) return null;
  const [, index, threadId, priority = '0', interval = '0', samples, min, act, avg, max = ''] = match;
  if (!ended && (max.length < 8 || !/^\s/.test(max))) return null;
  return {
    index: Number(index), threadId: Number(threadId), priority: Number(priority), intervalUs: Number(interval), samples: Number(samples),
    min: Number(min), act: Number(act), avg: Number(avg), max: Number(max), smiCount: null, unit: 'us',
  };
}
