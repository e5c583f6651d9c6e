import { z } from 'zod';
import { firmwareReportSchema } from './checklist.ts';
import { cpuListSchema } from './cpu-list.ts';

export const layers = ['firmware', 'host kernel', 'host runtime', 'cache', 'hypervisor', 'guest kernel', 'guest runtime', 'application'] as const;
export const layerSchema = z.enum(layers);
export type Layer = z.infer<typeof layerSchema>;

export const guideIds = ['firmware', 'kvm-host', 'kvm-guest', 'bare-metal', 'acrn-service-vm', 'acrn-rtvm'] as const;
export const guideIdSchema = z.enum(guideIds);
export type GuideId = z.infer<typeof guideIdSchema>;

export const settingStatusSchema = z.enum(['ok', 'change', 'blocked', 'manual', 'unknown', 'not-applicable']);
export type SettingStatus = z.infer<typeof settingStatusSchema>;

/** What a setting is in each of its four states; null: not known, or there is no such state. */
export const fourStatesSchema = z.object({
  requested: z.string().nullable(),
  written: z.string().nullable(),
  booted: z.string().nullable(),
  effective: z.string().nullable(),
});
export type FourStates = z.infer<typeof fourStatesSchema>;

/** How a state stands to what is asked for. `unknown`: there is one, and it was not or cannot be read; `none`: a setting of this kind has no such state here. */
export const stateVerdictSchema = z.enum(['good', 'bad', 'unknown', 'none']);
export type StateVerdict = z.infer<typeof stateVerdictSchema>;
export const stateVerdictsSchema = z.object({ written: stateVerdictSchema, booted: stateVerdictSchema, effective: stateVerdictSchema });
export type StateVerdicts = z.infer<typeof stateVerdictsSchema>;

/** One setting judged on one board. `stuckAt` names the first state that is not what was requested. */
export const settingReportSchema = z.object({
  id: z.string(),
  layer: layerSchema,
  title: z.string(),
  status: settingStatusSchema,
  states: fourStatesSchema,
  /** Each state by itself, whatever the others are. */
  verdicts: stateVerdictsSchema,
  stuckAt: z.enum(['written', 'booted', 'effective']).nullable(),
  /** The very lines it was read from, `path: line`. */
  evidence: z.array(z.string()),
  /** What was found and what it means. */
  message: z.string(),
  why: z.string(),
  source: z.string(),
  /** What to do, in words; null when nothing is to be done. */
  fix: z.string().nullable(),
  /** Items of the firmware only. */
  firmware: firmwareReportSchema.optional(),
});
export type SettingReport = z.infer<typeof settingReportSchema>;

/**
 * A guide on a board: which CPUs were taken to be the host's and who said so (the caller, the saved CPU map, or the board's own
 * command line and topology), and every setting in the order of work.
 */
export const guideCheckSchema = z.object({
  guide: guideIdSchema, housekeeping: cpuListSchema, isolated: cpuListSchema, cpusFrom: z.enum(['caller', 'cpu-map', 'board']), settings: z.array(settingReportSchema),
});
export type GuideCheck = z.infer<typeof guideCheckSchema>;
