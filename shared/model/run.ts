import { z } from 'zod';
import { cpuListSchema } from './cpu-list.ts';
import { idSchema, stampSchema } from './board.ts';
import { toolOutputSchema } from '../parsers/tool-output.ts';

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

/**
 * What to measure with any other tool. `cpus` are those it measures, or runs on; `mainCpus` those of everything else of the
 * run. `values` are the tool's own: the benchmark's file in shared/benchmarks says which there are and checks them.
 */
export const toolOptionsSchema = z.object({
  cpus: cpuListSchema.min(1),
  mainCpus: cpuListSchema,
  /** Null: as ordinary work. */
  priority: z.number().int().min(1).max(99).nullable(),
  durationSeconds: z.number().int().min(1).max(31 * 86_400),
  deadlineUs: z.number().min(1).max(1_000_000).nullable(),
  deadlineFraction: z.number().gt(0).max(1),
  values: z.record(z.string().regex(/^[a-z][A-Za-z0-9]{0,39}$/), z.union([z.string().max(4096), z.number(), z.boolean()])),
});
export type ToolOptions = z.infer<typeof toolOptionsSchema>;

/** The name of a benchmark's file in shared/benchmarks. The list is open: a run of a benchmark that this version has not can be read. */
export const benchmarkIdSchema = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/);
export type BenchmarkId = z.infer<typeof benchmarkIdSchema>;
const cyclictestIdSchema = z.literal('cyclictest');
const toolIdSchema = benchmarkIdSchema.refine((id) => id !== 'cyclictest', { error: 'cyclictest has options of its own' });

const cyclictestRequest = { benchmark: cyclictestIdSchema.optional(), options: cyclictestOptionsSchema };
const toolRequest = { benchmark: toolIdSchema, options: toolOptionsSchema };

/** What to measure, with what else belongs to the call. cyclictest is meant where no benchmark is named. */
export const runRequestWith = <Shape extends z.ZodRawShape>(fields: Shape) =>
  z.union([z.strictObject({ ...cyclictestRequest, ...fields }), z.strictObject({ ...toolRequest, ...fields })]);
export const runRequestSchema = z.union([z.strictObject(cyclictestRequest), z.strictObject(toolRequest)]);
export type RunRequest = z.infer<typeof runRequestSchema>;
/** Which of the two a request is: the list of benchmarks is open, so comparing the name alone does not tell the compiler. */
export const isToolRequest = <R extends RunRequest>(request: R): request is Extract<R, { options: ToolOptions }> => !isCyclictest(request.benchmark);
/** cyclictest's own options; null when it is another tool that is asked for. */
export const cyclictestOptionsOf = (request: RunRequest): CyclictestOptions | null => (isToolRequest(request) ? null : request.options);
const isCyclictest = (benchmark: BenchmarkId | undefined): boolean => benchmark === undefined || benchmark === 'cyclictest';

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

const runFields = {
  schema: z.literal(1),
  id: idSchema,
  boardId: idSchema,
  boardName: z.string(),
  snapshotId: stampSchema.nullable(),
  createdAt: stampSchema,
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
};
export const cyclictestRunSchema = z.object({ ...runFields, benchmark: cyclictestIdSchema, options: cyclictestOptionsSchema });
export type CyclictestRun = z.infer<typeof cyclictestRunSchema>;
export const toolRunSchema = z.object({ ...runFields, benchmark: toolIdSchema, options: toolOptionsSchema });
export type ToolRun = z.infer<typeof toolRunSchema>;
export const runSchema = z.union([cyclictestRunSchema, toolRunSchema]);
export type Run = z.infer<typeof runSchema>;
export const isCyclictestRun = (run: Run): run is CyclictestRun => isCyclictest(run.benchmark);
export const isToolRun = (run: Run): run is ToolRun => !isCyclictest(run.benchmark);

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

/** Live view: one reading, cumulative since the segment began. */
export const liveStatusSchema = z.object({
  atSeconds: z.number(),
  segment: z.number().int(),
  threads: z.array(z.object({ cpu: z.number().int(), samples: z.number(), minUs: z.number(), actUs: z.number(), avgUs: z.number(), maxUs: z.number() })),
  /** The newest lines of a tool that has no status of its own; such a reading has no threads. */
  lines: z.array(z.string()).optional(),
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

/** The result of a run with any other tool, in the model that all tools share; all segments together. */
export const toolRunResultSchema = z.object({
  runId: idSchema,
  benchmark: toolIdSchema,
  /** Null: nothing that could be read came from the board. */
  output: toolOutputSchema.nullable(),
  measuredSeconds: z.number(),
  gapSeconds: z.number(),
  segments: z.array(z.object({ index: z.number().int(), startedAtSeconds: z.number(), endedAtSeconds: z.number(), complete: z.boolean(), maxNs: z.number().nullable() })),
  /** Null: there is no rule for what this benchmark measures, or no deadline was set; `noVerdict` says which. */
  verdict: verdictSchema.nullable(),
  noVerdict: z.string().nullable(),
  conditions: z.array(z.string()),
  warnings: z.array(z.string()),
});
export type ToolRunResult = z.infer<typeof toolRunResultSchema>;

export const anyRunResultSchema = z.union([runResultSchema, toolRunResultSchema]);
export type AnyRunResult = z.infer<typeof anyRunResultSchema>;
export const isToolResult = (result: AnyRunResult): result is ToolRunResult => 'output' in result;
