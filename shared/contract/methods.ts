import { z } from 'zod';
import { codedErrorSchema } from './errors.ts';
import { abRepeatsSchema, abTestSchema, abTestViewSchema } from '../model/ab-test.ts';
import { boardSchema, hopSchema, idSchema, newBoardSchema, stampSchema } from '../model/board.ts';
import { campaignDetailSchema, campaignPreviewSchema, campaignTemplateIdSchema, campaignTemplateSchema, campaignViewSchema, campaignWishSchema } from '../model/campaign.ts';
import { changeSchema } from '../model/change.ts';
import { attestationSchema, checklistSchema, maximumPhotoBytes, photoTypes, settingIdSchema } from '../model/checklist.ts';
import { baselineSchema, comparedRunsSchema, compareRequestSchema, curveSchema, curvesRequestSchema } from '../model/compare.ts';
import { connectionSchema } from '../model/connection.ts';
import { explanationSchema } from '../model/explanation.ts';
import { storedGateSchema } from '../model/firmware-gate.ts';
import { importedResultSchema, importedRunSchema, importRequestSchema } from '../model/imported-run.ts';
import { jobEventSchema, jobIdSchema, jobSchema } from '../model/job.ts';
import { changeWantSchema, planSchema, refusedSchema } from '../model/plan.ts';
import { projectInfoSchema } from '../model/project.ts';
import { answerSchema, questionSchema } from '../model/question.ts';
import { madeReportSchema, reportPreviewRequestSchema, reportRequestSchema } from '../model/report.ts';
import { anyRunResultSchema, benchmarkIdSchema, liveStatusSchema, runRequestWith, runSchema } from '../model/run.ts';
import { cpuListSchema } from '../model/cpu-list.ts';
import { cpuMapCheckSchema, cpuMapDraftSchema, cpuMapProposalSchema, cpuMapWishSchema, savedCpuMapSchema } from '../model/cpu-map.ts';
import { guideCheckSchema, guideIdSchema } from '../model/setting.ts';
import { bmcSchema, redfishSystemSchema } from '../model/redfish.ts';
import { remarkSchema, snapshotSchema } from '../model/snapshot.ts';
import { cloudImageSchema, domainNameSchema, newVmPreviewSchema, newVmSchema, vmActSchema, vmNameSchema, workloadKindSchema, workloadSchema } from '../model/vm.ts';
import { vmHostReportSchema } from '../planning/vm/vm-report.ts';

/** One call: what goes in, what comes out. Both ends check both. */
export interface MethodSpec {
  readonly input: z.ZodType;
  readonly output: z.ZodType;
}

const method = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O) => ({ input, output }) as const;
const nothing = z.strictObject({});
const done = z.object({});
const board = z.strictObject({ boardId: idSchema });
const run = z.strictObject({ runId: idSchema });
const campaign = z.strictObject({ campaignId: idSchema });
const abTest = z.strictObject({ abId: idSchema });
const plan = z.strictObject({ boardId: idSchema, planId: stampSchema });
const vm = z.strictObject({ boardId: idSchema, name: domainNameSchema });
const consoleIdSchema = z.string().regex(/^console-[0-9a-f-]{8,40}$/);
const terminalSize = { columns: z.number().int().min(2).max(1000), rows: z.number().int().min(2).max(1000) };
const mayEndSchema = z.array(z.string().max(400)).max(200);
const jobStarted = z.object({ jobId: jobIdSchema });

export const practiceFaultsSchema = z.object({
  slowLinkMs: z.number().int().min(0).max(10_000),
  dropAfterBytes: z.number().int().min(0).max(1_000_000_000),
  diskFull: z.boolean(),
  wrongPassword: z.boolean(),
  /** A start with a command line that has never come up panics; `panic=` brings it back to the default. */
  newCommandLinePanics: z.boolean().optional(),
  /** A start with a command line that has never come up runs, and cannot be reached. */
  newCommandLineLosesNetwork: z.boolean().optional(),
});
export type PracticeFaults = z.infer<typeof practiceFaultsSchema>;

export const practiceStateSchema = z.object({
  machine: idSchema,
  machines: z.array(z.object({ id: idSchema, title: z.string(), description: z.string() })),
  address: z.string(),
  port: z.number().int(),
  faults: practiceFaultsSchema,
});

export const boardSuggestionSchema = z.object({
  name: z.string(),
  source: z.enum(['ssh-config', 'mdns', 'neighbour']),
  target: hopSchema,
  jumps: z.array(hopSchema),
  /** What of the source cannot be taken over, in plain words. */
  notes: z.array(z.string()),
});
export type BoardSuggestion = z.infer<typeof boardSuggestionSchema>;

export const boardStatusSchema = z.object({
  board: boardSchema,
  connection: connectionSchema,
  latestSnapshotId: stampSchema.nullable(),
  summary: z.string().nullable(),
  attention: z.number().int().nullable(),
  runs: z.number().int(),
  activeRunId: idSchema.nullable(),
});
export type BoardStatus = z.infer<typeof boardStatusSchema>;

export const snapshotAnswerSchema = z.object({ id: stampSchema, snapshot: snapshotSchema, remarks: z.array(remarkSchema) });

export const runProblemSchema = z.object({ field: z.string(), severity: z.enum(['error', 'warning', 'note']), message: z.string() });
export type RunProblem = z.infer<typeof runProblemSchema>;

export const runPreviewSchema = runRequestWith({
  command: z.array(z.string()),
  commandText: z.string(),
  conditions: z.array(z.string()),
  problems: z.array(runProblemSchema),
  /** Null: the tool does not measure at fixed intervals. */
  expectedSamples: z.number().nullable(),
  boardBytes: z.number(),
});
export type RunPreview = z.infer<typeof runPreviewSchema>;

/** Step 0 of the firmware guide, where the board stands in Intel's table, and whether its SMIs can be counted. */
export const firmwareOverviewSchema = z.object({
  stepZero: z.object({ keys: z.string(), known: z.boolean(), steps: z.array(z.string()), command: z.string().nullable() }),
  platform: z.object({
    verdict: z.enum(['listed', 'platform-not-listed', 'distribution-not-listed', 'neither-listed', 'unknown']),
    platform: z.string().nullable(), distribution: z.string().nullable(), message: z.string(), evidence: z.array(z.string()), source: z.string(),
  }),
  smiCounting: z.enum(['ready', 'module', 'not-built', 'other-vendor', 'vm', 'unknown']),
});
export type FirmwareOverview = z.infer<typeof firmwareOverviewSchema>;

/** A file's bytes as base64; one class of letters, so that checking it takes one pass whatever its length. */
const photoTextSchema = z.string().max(Math.ceil(maximumPhotoBytes / 3) * 4 + 400_000).regex(/^[A-Za-z0-9+/]*={0,2}$/);

/** Every call between UI and core. A feature exists once it has an entry here. */
export const methods = {
  'app.info': method(nothing, z.object({
    version: z.string(), host: z.enum(['electron', 'browser-window', 'cli']), node: z.string(), platform: z.string(), probeVersion: z.string(),
  })),

  'project.current': method(nothing, z.object({ info: projectInfoSchema.nullable(), recent: z.array(z.string()) })),
  'project.open': method(z.strictObject({ directory: z.string().min(1).max(4096) }), projectInfoSchema),
  'project.create': method(z.strictObject({ directory: z.string().min(1).max(4096), name: z.string().min(1).max(200) }), projectInfoSchema),

  'boards.list': method(nothing, z.array(boardStatusSchema)),
  'boards.add': method(newBoardSchema.strict(), boardSchema),
  'boards.update': method(z.strictObject({ boardId: idSchema, changes: newBoardSchema.partial().strict() }), boardSchema),
  'boards.remove': method(board, done),
  'boards.suggestions': method(nothing, z.array(boardSuggestionSchema)),
  'boards.discover': method(nothing, jobStarted),
  'boards.connect': method(board, connectionSchema),
  'boards.disconnect': method(board, done),
  'boards.clean': method(board, jobStarted),
  /** Forgets the keys accepted for one server of a board (a jump host or the board itself): the next connection asks again. */
  'boards.forget-host-keys': method(z.strictObject({ boardId: idSchema, host: z.string().max(255), port: z.number().int().min(1).max(65535) }), boardSchema),

  'inspect.start': method(z.strictObject({ boardId: idSchema, asRoot: z.boolean() }), jobStarted),
  'inspect.import': method(z.strictObject({ boardId: idSchema, capture: z.string().max(20_000_000) }), snapshotAnswerSchema),
  'inspect.script': method(nothing, z.object({ text: z.string() })),
  'snapshots.latest': method(board, snapshotAnswerSchema.nullable()),
  'snapshots.list': method(board, z.array(stampSchema)),
  'snapshots.get': method(z.strictObject({ boardId: idSchema, snapshotId: stampSchema }), snapshotAnswerSchema),
  /** The capture of the last reading, as it was stored. */
  'snapshots.capture': method(board, z.object({ id: stampSchema, text: z.string() })),

  /** Every setting of a guide judged on the board's last reading; null when it has not been read. */
  'guides.check': method(z.strictObject({ boardId: idSchema, guide: guideIdSchema, housekeeping: cpuListSchema.nullable() }), guideCheckSchema.nullable()),

  /** The map saved for a board; null: none. */
  'cpu-map.get': method(board, savedCpuMapSchema.nullable()),
  /** A map computed for what is asked for. Nothing is stored. */
  'cpu-map.propose': method(z.strictObject({ boardId: idSchema, request: cpuMapWishSchema }), cpuMapProposalSchema),
  'cpu-map.check': method(z.strictObject({ boardId: idSchema, draft: cpuMapDraftSchema }), cpuMapCheckSchema),
  /** Stores a map without errors as the board's: guides and plans then go by its housekeeping CPUs. */
  'cpu-map.save': method(z.strictObject({ boardId: idSchema, draft: cpuMapDraftSchema }), savedCpuMapSchema),

  /** Makes a plan for what is wanted from what the board is now, and keeps it; null when nothing is to be done. */
  'plans.propose': method(z.strictObject({ boardId: idSchema, want: changeWantSchema }), z.object({ plan: planSchema.nullable(), refused: z.array(refusedSchema), notes: z.array(z.string()) })),
  'plans.list': method(board, z.array(planSchema)),
  'plans.get': method(plan, planSchema),
  'plans.remove': method(plan, done),
  /** A plan that waits, or the plan of a change, for machines that are not reached from here. */
  'plans.export': method(z.strictObject({ boardId: idSchema, planId: stampSchema, format: z.enum(['shell', 'ansible']) }), z.object({
    text: z.string(), leftOut: z.array(z.object({ step: z.number().int(), title: z.string(), why: z.string() })),
  })),

  /** Applies a plan to the board it names. `mayEnd`: what a restart may end, in the words of `restart-ends-work`. */
  'changes.apply': method(z.strictObject({ boardId: idSchema, planId: stampSchema, mayEnd: mayEndSchema }), jobStarted),
  /** Goes on with an interrupted change, or puts back what it has done. */
  'changes.resume': method(z.strictObject({ boardId: idSchema, changeId: stampSchema, direction: z.enum(['apply', 'roll-back']), mayEnd: mayEndSchema }), jobStarted),
  'changes.list': method(board, z.array(changeSchema)),
  'changes.get': method(z.strictObject({ boardId: idSchema, changeId: stampSchema }), changeSchema),
  /** Starts the board again and waits until it is back. */
  'changes.restart': method(z.strictObject({ boardId: idSchema, mayEnd: mayEndSchema }), jobStarted),

  /** What persons attested of a board's firmware. Photos travel as base64 of the file's own bytes. */
  'checklist.get': method(board, checklistSchema),
  'checklist.attest': method(z.strictObject({ boardId: idSchema, attestation: attestationSchema }), checklistSchema),
  'checklist.attach-photo': method(z.strictObject({ boardId: idSchema, settingId: settingIdSchema, bytesBase64: photoTextSchema }), checklistSchema),
  'checklist.photo': method(z.strictObject({ boardId: idSchema, settingId: settingIdSchema }), z.object({ mediaType: z.enum(photoTypes), sha256: z.string(), bytesBase64: z.string() })),
  /** What the firmware guide begins with; null when the board has not been read. */
  /** Runs hwlatdetect on a board for so many seconds, counts SMIs where that can be done, judges and keeps the outcome. */
  'firmware.measure': method(z.strictObject({ boardId: idSchema, seconds: z.number().int().min(1).max(86_400) }), jobStarted),
  /** What was measured last; null when nothing was. */
  'firmware.gate': method(board, storedGateSchema.nullable()),
  'firmware.overview': method(board, firmwareOverviewSchema.nullable()),
  /** Says where a board's management controller is; null: it has none. A new address begins without a trusted certificate. */
  'firmware.set-bmc': method(z.strictObject({ boardId: idSchema, bmc: bmcSchema.omit({ certificateSha256: true }).strict().nullable() }), boardSchema),
  /** Asks for trust and log-in where they are not known yet. */
  'firmware.read-bmc': method(board, z.array(redfishSystemSchema)),

  /** Options to begin with on a board; cyclictest's where no benchmark is named. */
  'runs.propose': method(z.strictObject({ boardId: idSchema, benchmark: benchmarkIdSchema.optional() }), runPreviewSchema),
  'runs.preview': method(runRequestWith({ boardId: idSchema }), runPreviewSchema),
  'runs.start': method(runRequestWith({ boardId: idSchema, runId: idSchema }), z.object({ jobId: jobIdSchema, run: runSchema })),
  'runs.attach': method(run, z.object({ jobId: jobIdSchema.nullable() })),
  'runs.stop': method(run, done),
  'runs.list': method(nothing, z.array(runSchema)),
  'runs.get': method(run, runSchema),
  'runs.result': method(run, anyRunResultSchema.nullable()),
  /** Why a run is as it is: conditions of a valid run, and findings with the settings that address them; null: nothing of it is here. */
  'runs.explain': method(run, explanationSchema.nullable()),
  'runs.live': method(run, z.array(liveStatusSchema)),
  'runs.raw': method(run, z.object({ files: z.array(z.object({ name: z.string(), sizeBytes: z.number(), text: z.string(), truncated: z.boolean() })), directory: z.string() })),
  'runs.set-deadline': method(z.strictObject({ runId: idSchema, deadlineUs: z.number().min(1).max(1_000_000).nullable(), deadlineFraction: z.number().gt(0).max(1) }), runSchema),

  'campaigns.templates': method(nothing, z.array(campaignTemplateSchema)),
  /** What a template begins with for these boards. */
  'campaigns.propose': method(z.strictObject({ template: campaignTemplateIdSchema, boardIds: z.array(idSchema).min(1).max(16) }), campaignPreviewSchema),
  /** Every cell of a wish with its command and times, from the last readings. Nothing is started. */
  'campaigns.preview': method(campaignWishSchema.strict(), campaignPreviewSchema),
  /** Lays the time table on the boards and follows it; it goes on there whatever becomes of this application. */
  'campaigns.start': method(z.strictObject({ campaignId: idSchema, wish: campaignWishSchema.strict() }), jobStarted),
  'campaigns.list': method(nothing, z.array(campaignViewSchema)),
  'campaigns.get': method(campaign, campaignDetailSchema),
  /** Brings home what the boards have; null: there is nothing to bring. */
  'campaigns.attach': method(campaign, z.object({ jobId: jobIdSchema.nullable() })),
  /** Ends it on all boards, with runs and loads; what was measured is kept. */
  'campaigns.cancel': method(campaign, jobStarted),
  /** Lays a new time table for the cells that are missing. */
  'campaigns.resume': method(campaign, jobStarted),

  /**
   * One change tried by measuring: `repeats` runs, a plan that waits and takes effect at once, as many runs again. Nothing is put back: `plans.propose`
   * with `undo` does that. Cancelled, it leaves the change as it is, and a run going on on its board.
   */
  'ab.start': method(runRequestWith({ abId: idSchema, boardId: idSchema, planId: stampSchema, repeats: abRepeatsSchema }), jobStarted),
  /** Goes on where it was interrupted. */
  'ab.resume': method(abTest, jobStarted),
  'ab.list': method(nothing, z.array(abTestSchema)),
  /** How far it is, and before against after once all is measured. */
  'ab.get': method(abTest, abTestViewSchema),

  /** Reads everything about VMs from a host and keeps it. */
  'vms.read': method(board, jobStarted),
  /** The last reading with what is concluded from it; null when there is none. */
  'vms.get': method(board, vmHostReportSchema.nullable()),
  'vms.images': method(nothing, z.array(cloudImageSchema)),
  /** What making a VM would do and what speaks against it, from the last reading. Nothing is done. */
  'vms.preview': method(z.strictObject({ boardId: idSchema, vm: newVmSchema }), newVmPreviewSchema),
  'vms.create': method(z.strictObject({ boardId: idSchema, vm: newVmSchema }), jobStarted),
  /** Removes a VM that was made from here, whole or half-made, with exactly the files that were made for it. */
  'vms.remove': method(vm, jobStarted),
  'vms.act': method(z.strictObject({ boardId: idSchema, name: domainNameSchema, act: vmActSchema }), jobStarted),
  /** Adds a running VM as a board of its own, reached through its host. */
  'vms.add-guest': method(z.strictObject({ boardId: idSchema, name: domainNameSchema, user: hopSchema.shape.user, login: hopSchema.shape.login }), boardSchema),
  /** Loads one vCPU through its guest and looks which CPUs of the host get busy. Result: a load check. */
  'vms.load-check': method(z.strictObject({ boardId: idSchema, name: domainNameSchema, guestId: idSchema, vcpu: z.number().int().min(0).max(8191) }), jobStarted),

  /** Load on a board or in a VM, until it is stopped. `seconds`: ends by itself then. Result: the workload, once it works. */
  'workloads.start': method(z.strictObject({ boardId: idSchema, workload: workloadKindSchema, seconds: z.number().int().min(1).max(864_000) }), jobStarted),
  'workloads.stop': method(board, jobStarted),
  /** Asks the board, which takes a second; null: none was started, or it was stopped. */
  'workloads.read': method(board, workloadSchema.nullable()),

  /** A terminal: of a VM's serial console on its host (`vm`), or a log-in to the board (`vm` null). */
  'consoles.open': method(z.strictObject({ boardId: idSchema, vm: vmNameSchema.nullable(), ...terminalSize }), z.object({ consoleId: consoleIdSchema })),
  'consoles.write': method(z.strictObject({ consoleId: consoleIdSchema, text: z.string().max(100_000) }), done),
  'consoles.resize': method(z.strictObject({ consoleId: consoleIdSchema, ...terminalSize }), done),
  'consoles.close': method(z.strictObject({ consoleId: consoleIdSchema }), done),

  /** Two or more sides against the first: differences with what they mean, and what the sides differ in. Own runs and imported ones. */
  'compare.runs': method(compareRequestSchema, comparedRunsSchema),
  /** The counts behind one line of a comparison, one a run. */
  'compare.curves': method(curvesRequestSchema, z.array(curveSchema)),
  /** The runs that others are held against; null: none are named. */
  'compare.baseline': method(nothing, baselineSchema.nullable()),
  'compare.set-baseline': method(z.strictObject({ baseline: baselineSchema.pick({ name: true, runs: true }).strict().nullable() }), baselineSchema.nullable()),

  /** Takes results that were measured elsewhere: all files, or none and a reason that names the file and the line. */
  'imports.add': method(importRequestSchema, z.array(importedRunSchema)),
  'imports.list': method(nothing, z.array(importedRunSchema)),
  'imports.result': method(run, importedResultSchema),
  'imports.remove': method(run, done),

  /** Writes the project's report: one page, and the same as PDF, JSON, CSV and JUnit. */
  'reports.make': method(reportRequestSchema, madeReportSchema),
  /** The page that `reports.make` would write. */
  'reports.preview': method(reportPreviewRequestSchema, z.object({ html: z.string() })),

  'jobs.list': method(nothing, z.array(jobSchema)),
  'jobs.snapshot': method(z.strictObject({ jobId: jobIdSchema, afterSeq: z.number().int().min(0) }), z.object({ job: jobSchema, events: z.array(jobEventSchema), missed: z.number().int() })),
  'jobs.cancel': method(z.strictObject({ jobId: jobIdSchema }), done),

  'questions.list': method(nothing, z.array(questionSchema)),
  'questions.answer': method(z.strictObject({ questionId: z.string().max(100), answer: answerSchema }), done),

  'practice.state': method(nothing, practiceStateSchema),
  'practice.set-faults': method(practiceFaultsSchema.strict(), practiceStateSchema),
  'practice.set-machine': method(z.strictObject({ machine: idSchema }), practiceStateSchema),
  'practice.reset': method(nothing, practiceStateSchema),
} as const satisfies Record<string, MethodSpec>;

export type Methods = typeof methods;
export type MethodName = keyof Methods;
export type MethodInput<M extends MethodName> = z.infer<Methods[M]['input']>;
export type MethodOutput<M extends MethodName> = z.infer<Methods[M]['output']>;

/** Everything the core tells without being asked. */
export const events = {
  job: jobEventSchema,
  'jobs-changed': z.object({ jobId: jobIdSchema }),
  'boards-changed': z.object({}),
  'changes-changed': z.object({ boardId: idSchema }),
  'checklist-changed': z.object({ boardId: idSchema }),
  'runs-changed': z.object({ runId: idSchema.nullable() }),
  'campaigns-changed': z.object({ campaignId: idSchema }),
  'cpu-map-changed': z.object({ boardId: idSchema }),
  'vms-changed': z.object({ boardId: idSchema }),
  'console-output': z.object({ consoleId: z.string(), text: z.string() }),
  'console-closed': z.object({ consoleId: z.string(), error: codedErrorSchema.nullable() }),
  'project-changed': z.object({}),
  connection: connectionSchema,
  'question-asked': questionSchema,
  'question-settled': z.object({ questionId: z.string() }),
} as const;

export type Events = typeof events;
export type EventName = keyof Events;
export type EventPayload<E extends EventName> = z.infer<Events[E]>;

/** The same tables, typed so that a generic method or event name keeps its own input, output and payload. */
export const specs: { readonly [M in MethodName]: { readonly input: z.ZodType<MethodInput<M>>; readonly output: z.ZodType<MethodOutput<M>> } } = methods;
export const eventSchemas: { readonly [E in EventName]: z.ZodType<EventPayload<E>> } = events;

export const isMethodName = (name: string): name is MethodName => Object.hasOwn(methods, name);
export const isEventName = (name: string): name is EventName => Object.hasOwn(events, name);
