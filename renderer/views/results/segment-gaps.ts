import type { SegmentResult } from '../../../shared/model/run.ts';

/** Time between segments, when nothing was measured. Gaps under a tenth of a second are the cut itself. */
export function segmentGaps(segments: readonly SegmentResult[]): Array<{ fromSeconds: number; toSeconds: number }> {
  const ordered = [...segments].sort((a, b) => a.startedAtSeconds - b.startedAtSeconds);
  return ordered.slice(1)
    .map((segment, at) => ({ fromSeconds: ordered[at]?.endedAtSeconds ?? segment.startedAtSeconds, toSeconds: segment.startedAtSeconds }))
    .filter((gap) => gap.toSeconds - gap.fromSeconds >= 0.1);
}
