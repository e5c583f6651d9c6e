import { z } from 'zod';
import { idSchema, stampSchema } from './board.ts';
import { runRequestSchema, verdictSchema } from './run.ts';
import { workloadKindSchema } from './vm.ts';

export const campaignTemplateIdSchema = z.enum(['quick-look', 'eci-acceptance', 'hitachi-comparison', 'firmware-gate', 'soak', 'own']);
export type CampaignTemplateId = z.infer<typeof campaignTemplateIdSchema>;

/** What a board must be running when it is measured; `as-is`: whatever it runs. */
export const kernelVariantSchema = z.enum(['as-is', 'realtime', 'standard']);
export type KernelVariant = z.infer<typeof kernelVariantSchema>;

/** `measured`: on the measured board itself. `host`: on its host, which for a board that is no VM is itself. */
export const loadPlaceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['measured', 'host']) }),
  z.object({ kind: z.literal('board'), boardId: idSchema }),
]);

/** A load of the matrix; `workload` null is idle: nothing of ours is at work. */
export const campaignLoadSchema = z.object({ workload: workloadKindSchema.nullable(), on: loadPlaceSchema });
export type CampaignLoad = z.infer<typeof campaignLoadSchema>;

/**
 * `blocks`: all repeats of a condition, then the next one. `rounds`: each condition once, then all again. `random`: rounds, each
 * shuffled by the seed, so that what drifts (temperature, time of day) does not look like an effect.
 */
export const campaignOrderSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['blocks', 'rounds']) }),
  z.object({ kind: z.literal('random'), seed: z.number().int().min(0).max(4_294_967_295) }),
]);
export type CampaignOrder = z.infer<typeof campaignOrderSchema>;

/** The most cells of one campaign. */
export const maximumCells = 500;

/** A campaign as a person composes it: places × loads × kernels, so many times. */
export const campaignWishSchema = z.object({
  name: z.string().min(1).max(200),
  template: campaignTemplateIdSchema,
  places: z.array(z.object({ boardId: idSchema, kernel: kernelVariantSchema })).min(1).max(16),
  loads: z.array(campaignLoadSchema).min(1).max(16),
  repeats: z.number().int().min(1).max(100),
  order: campaignOrderSchema,
  /** How long each cell measures. */
  durationSeconds: z.number().int().min(1).max(31 * 86_400),
  /** How long a load is at work before the measurement begins. */
  leadSeconds: z.number().int().min(0).max(3_600),
  /** Rest after a cell, so that its heat is not in the next one. */
  coolDownSeconds: z.number().int().min(0).max(86_400),
  /** How long a cell waits for a board that is in use before it is missing. */
  patienceSeconds: z.number().int().min(0).max(86_400),
  deadlineUs: z.number().min(1).max(1_000_000).nullable(),
  deadlineFraction: z.number().gt(0).max(1),
  /** Requests that take the place of the template's, by board. */
  requests: z.array(z.object({ boardId: idSchema, request: runRequestSchema })).max(16),
});
export type CampaignWish = z.infer<typeof campaignWishSchema>;

export const placeKindSchema = z.enum(['bare metal', 'host', 'VM']);

/** One cell: one run under one condition, the so-many-th time. */
export const campaignCellSchema = z.object({
  number: z.number().int().min(1),
  /** What cells of one condition share. */
  condition: z.string(),
  place: z.object({ boardId: idSchema, boardName: z.string(), kind: placeKindSchema, kernel: kernelVariantSchema }),
  load: z.object({ workload: workloadKindSchema, boardId: idSchema, boardName: z.string() }).nullable(),
  /** The host of a VM, whose CPU time is noted during the cell. */
  host: z.object({ boardId: idSchema, boardName: z.string() }).nullable(),
  repeat: z.number().int().min(1),
  request: runRequestSchema,
  command: z.array(z.string()),
  /** The same with marks where the parts of a run differ, for a tool that is cut; absent: made of the command. */
  marked: z.array(z.string()).optional(),
  conditions: z.array(z.string()),
  snapshotId: stampSchema.nullable(),
});
export type CampaignCell = z.infer<typeof campaignCellSchema>;

/** How the clock of a board, in time since it was started, stands to this computer's. */
export const boardClockSchema = z.object({
  bootId: z.string(),
  /** This computer's clock, milliseconds since 1970, and what the board's showed at that moment. */
  atMs: z.number(),
  uptimeSeconds: z.number(),
  /** How far off the pair may be: half of the answer's way. */
  errorMs: z.number(),
});
export type BoardClock = z.infer<typeof boardClockSchema>;

export const queueStateSchema = z.enum(['laid', 'running', 'ended', 'killed', 'rebooted', 'gone']);
export type QueueState = z.infer<typeof queueStateSchema>;

/** The part of a time table that one board carries out, and its log as far as it was brought home. */
export const boardQueueSchema = z.object({
  boardId: idSchema,
  boardName: z.string(),
  asRoot: z.boolean(),
  clock: boardClockSchema,
  state: queueStateSchema,
  log: z.string(),
});
export type BoardQueue = z.infer<typeof boardQueueSchema>;

/** A time table as it was laid on the boards. A resumed campaign has more than one. */
export const layingSchema = z.object({
  /** Name of the queue on every board. */
  id: idSchema,
  /** This computer's clock when the table began, milliseconds since 1970; null: it never began. */
  beganAtMs: z.number().nullable(),
  cells: z.array(z.object({ cell: z.number().int(), runId: idSchema, startsAfterSeconds: z.number(), endsAfterSeconds: z.number() })),
  queues: z.array(boardQueueSchema),
  /** Cells that this table leaves out, and why. */
  leftOut: z.array(z.object({ cell: z.number().int(), reason: z.string() })),
});
export type Laying = z.infer<typeof layingSchema>;

/** `campaigns/ID.json` */
export const campaignSchema = z.object({
  schema: z.literal(1),
  id: idSchema,
  name: z.string(),
  createdAt: stampSchema,
  owner: z.string(),
  wish: campaignWishSchema,
  notes: z.array(z.string()),
  cells: z.array(campaignCellSchema).max(maximumCells),
  layings: z.array(layingSchema),
  cancelledAt: stampSchema.nullable(),
});
export type Campaign = z.infer<typeof campaignSchema>;

export const cellStateSchema = z.enum(['waiting', 'running', 'done', 'missing', 'not comparable']);
export type CellState = z.infer<typeof cellStateSchema>;

/** A cell of the matrix as it stands. */
export const cellViewSchema = z.object({
  number: z.number().int(),
  state: cellStateSchema,
  /** Why it is missing or not comparable. */
  reason: z.string().nullable(),
  runId: idSchema.nullable(),
  /** When it begins, or began, by this computer's clock; null: it has no place in a time table that runs. */
  startsAt: z.string().nullable(),
  verdict: verdictSchema.nullable(),
  maxUs: z.number().nullable(),
  /** CPUs that were busy on the host, everything together, on average over the cell. */
  hostBusyCpus: z.number().nullable(),
  /** CPUs that the load kept busy, before and after the measurement. */
  loadBusyCpus: z.object({ before: z.number().nullable(), after: z.number().nullable() }).nullable(),
});
export type CellView = z.infer<typeof cellViewSchema>;

/** All repeats of one condition together: the unit is the repeat, never the sample. */
export const conditionSummarySchema = z.object({
  condition: z.string(),
  cells: z.array(z.number().int()),
  done: z.number().int(),
  /** Of each repeat the worst CPU: median over the repeats, smallest and greatest. */
  figures: z.array(z.object({ figure: z.string(), medianUs: z.number().nullable(), lowUs: z.number().nullable(), highUs: z.number().nullable() })),
  hostBusyCpus: z.number().nullable(),
});
export type ConditionSummary = z.infer<typeof conditionSummarySchema>;

export const campaignStateSchema = z.enum(['running', 'incomplete', 'complete', 'cancelled']);

export const campaignViewSchema = z.object({
  id: idSchema,
  name: z.string(),
  createdAt: stampSchema,
  template: campaignTemplateIdSchema,
  state: campaignStateSchema,
  counts: z.object({ cells: z.number().int(), done: z.number().int(), missing: z.number().int(), notComparable: z.number().int(), left: z.number().int() }),
  /** When the table that runs ends at the latest. */
  endsAt: z.string().nullable(),
  /** The job that brings it home; null: nobody does at present. */
  jobId: z.string().nullable(),
});
export type CampaignView = z.infer<typeof campaignViewSchema>;

export const campaignDetailSchema = campaignViewSchema.extend({
  notes: z.array(z.string()),
  wish: campaignWishSchema,
  plan: z.array(campaignCellSchema),
  cells: z.array(cellViewSchema),
  summary: z.array(conditionSummarySchema),
  /** What the comparison of the conditions with the first one shows, in words. */
  statements: z.array(z.string()),
  boards: z.array(z.object({ boardId: idSchema, boardName: z.string(), state: queueStateSchema, clockErrorMs: z.number() })),
});
export type CampaignDetail = z.infer<typeof campaignDetailSchema>;

export const campaignProblemSchema = z.object({ severity: z.enum(['error', 'warning', 'note']), message: z.string() });
export type CampaignProblem = z.infer<typeof campaignProblemSchema>;

/** What a wish comes to, before anything is started. */
export const campaignPreviewSchema = z.object({
  wish: campaignWishSchema,
  cells: z.array(campaignCellSchema.extend({ commandText: z.string(), startsAfterSeconds: z.number(), endsAfterSeconds: z.number() })),
  totalSeconds: z.number(),
  /** What the template was changed in for these boards, and what it leaves to the reader. */
  notes: z.array(z.string()),
  problems: z.array(campaignProblemSchema),
  boards: z.array(z.object({ boardId: idSchema, boardName: z.string(), does: z.string() })),
});
export type CampaignPreview = z.infer<typeof campaignPreviewSchema>;

export const campaignTemplateSchema = z.object({
  id: campaignTemplateIdSchema,
  title: z.string(),
  /** The question it answers. */
  answers: z.string(),
  source: z.string().nullable(),
  /** The command as its source prints it. */
  printed: z.string().nullable(),
});
export type CampaignTemplate = z.infer<typeof campaignTemplateSchema>;
