import type { SummaryLine } from '../cyclictest/summary-line.ts';

const pattern = /^T:\s*(\d{1,9}) \(\s*(\d{1,12})\) ([PI]):\s*(\d{1,15}) C:\s*(\d{1,15}) Min:\s*(-?\d{1,15}) Act:(\s*-?\d{1,15}) Avg:(\s*-?\d{1,15}) Max:(\s*-?\d{1,15})$/;

/**
 * A `T:` line of cyclicdeadline (with I:, without P:) or signaltest (with P:, without I:), in µs. As with cyclictest, a
 * line that the text ends in counts only when its last field has its full width.
 * One with both is cyclictest's, and none of theirs.
 */
export function parseThreadLine(text: string, ended: boolean, field: 'I' | 'P'): SummaryLine | null {
  const match = pattern.exec(text);
  if (match?.[3] !== field) return null;
  const [, index, threadId, , value, samples, min, act, avg, max = ''] = match;
  if (!ended && (max.length < 8 || !/^\s/.test(max))) return null;
  return {
    index: Number(index), threadId: Number(threadId), priority: field === 'P' ? Number(value) : 0, intervalUs: field === 'I' ? Number(value) : 0, samples: Number(samples),
    min: Number(min), act: Number(act), avg: Number(avg), max: Number(max), smiCount: null, unit: 'us',
  };
}
