import { z } from 'zod';
import { cpuListSchema } from './cpu-list.ts';
import { idSchema, stampSchema } from './board.ts';

/**
 * What to measure with cyclictest. CPU lists are arrays; times carry their unit.
 * `holdDmaLatency` true is cyclictest's own default: it keeps deep idle states shut during the run.
 */
export const cyclictestOptionsSchema = z.object({
  cpus: cpuListSchema.min(1),
  mainCpus: cpuListSchema,
  priority: z.number().int().min(1).max(99),
  intervalUs: z.number().int().min(20).max(10_000_000),
  durationSeconds: z.number().int().min(1).max(31 * 86_400),
  histogramUs: z.number().int().min(20).max(100_000),
  lockMemory: z.boolean(),
  holdDmaLatency: z.boolean(),
  segmentSeconds: z.number().int().min(1).max(86_400),
  deadlineUs: z.number().min(1).max(1_000_000).nullable(),
  /** Fraction of responses that must meet the deadline, 0 < f ≤ 1. */
  deadlineFraction: z.number().gt(0).max(1),
});
export type CyclictestOptions = z.infer<typeof cyclictestOptionsSchema>;

export const runStateSchema = z.enum(['starting', 'running', 'completed', 'stopped', 'interrupted', 'failed']);
export type RunState = z.infer<typeof runStateSchema>;

/** A load that was at work on the machine while it was measured. */
export const runLoadSchema = z.object({
  boardId: idSchema,
  boardName: z.string(),
  kind: z.string(),
  command: z.string(),
  startedAt: z.string(),
  /** CPU time it used, in CPUs, just before the run; null: not told. */
  busyAtStart: z.number().nullable(),
  /** The same just after it; null: nobody looked, because this computer was away. */
  atEnd: z.object({ running: z.boolean(), busyCpus: z.number().nullable() }).nullable(),
});
export type RunLoad = z.infer<typeof runLoadSchema>;

export const runSchema = z.object({
  schema: z.literal(1),
  id: idSchema,
  benchmark: z.literal('cyclictest'),
  boardId: idSchema,
  boardName: z.string(),
  snapshotId: stampSchema.nullable(),
  createdAt: stampSchema,
  options: cyclictestOptionsSchema,
  /** Argument vector of one segment, as started on the board. */
  command: z.array(z.string()),
  /** Conditions known at the start that the result must state, in plain words ("not isolated", …). */
  conditions: z.array(z.string()),
  /** Loads on the same machine, as they were looked at before and after; absent in runs of earlier versions. */
  loads: z.array(runLoadSchema).optional(),
  state: runStateSchema,
  stateReason: z.string().nullable(),
  bootId: z.string().nullable(),
  endedAt: stampSchema.nullable(),
  /** SHA-256 of the run's journal file, once the run has ended and all of it is here. */
  journalSha256: z.string().nullable(),
});
export type Run = z.infer<typeof runSchema>;

/** One measured thread. `samples` counts every cycle, overflow included; `histogram` is [bucket µs, count], ascending, no zero counts. */
export const threadResultSchema = z.object({
  index: z.number().int(),
  cpu: z.number().int().optional(),
  samples: z.number(),
  minUs: z.number().nullable(),
  avgUs: z.number().nullable(),
  maxUs: z.number().nullable(),
  overflows: z.number(),
  histogram: z.array(z.tuple([z.number(), z.number()])).optional(),
});
export type ThreadResult = z.infer<typeof threadResultSchema>;

/** Live view: one line per status reading, cumulative since the segment began. */
export const liveStatusSchema = z.object({
  atSeconds: z.number(),
  segment: z.number().int(),
  threads: z.array(z.object({ cpu: z.number().int(), samples: z.number(), minUs: z.number(), actUs: z.number(), avgUs: z.number(), maxUs: z.number() })),
});
export type LiveStatus = z.infer<typeof liveStatusSchema>;

export const verdictSchema = z.object({
  grade: z.enum(['great', 'good', 'poor', 'not comparable']),
  indicative: z.boolean(),
  rule: z.string(),
  reasons: z.array(z.string()),
});
export type Verdict = z.infer<typeof verdictSchema>;

/**
 * A percentile: `us` is the value that the sample at its rank was counted under (truncated, as cyclictest prints it) and the
 * latency lies from `atLeastUs` up to `atMostUs`; in the overflow `us` is null and only the bounds are known.
 */
export const percentileSchema = z.object({
  p: z.number(),
  us: z.number().nullable(),
  atLeastUs: z.number().nullable(),
  atMostUs: z.number().nullable(),
});
export type Percentile = z.infer<typeof percentileSchema>;

export const segmentResultSchema = z.object({
  index: z.number().int(),
  startedAtSeconds: z.number(),
  endedAtSeconds: z.number(),
  complete: z.boolean(),
  maxUs: z.number().nullable(),
  threads: z.array(threadResultSchema),
});
export type SegmentResult = z.infer<typeof segmentResultSchema>;

export const runResultSchema = z.object({
  runId: idSchema,
  threads: z.array(threadResultSchema),
  merged: threadResultSchema,
  percentiles: z.array(z.object({ cpu: z.number().int().nullable(), values: z.array(percentileSchema) })),
  expectedSamples: z.number().nullable(),
  measuredSeconds: z.number(),
  gapSeconds: z.number(),
  segments: z.array(segmentResultSchema),
  strip: z.array(z.object({ atSeconds: z.number(), maxUs: z.number() })),
  verdict: verdictSchema,
  claim: z.string(),
  conditions: z.array(z.string()),
  warnings: z.array(z.string()),
});
export type RunResult = z.infer<typeof runResultSchema>;
