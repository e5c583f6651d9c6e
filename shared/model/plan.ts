import { z } from 'zod';
import { benchmarkIdSchema } from './run.ts';
import { idSchema, stampSchema } from './board.ts';
import { cpuListSchema } from './cpu-list.ts';
import { guideIdSchema } from './setting.ts';
import { domainNameSchema } from './vm.ts';
import { vmMapSchema } from './vm-map.ts';

/** What a file holds: text where it is UTF-8, else its bytes, so that a plan can be read and a backup is exact. */
export const contentSchema = z.object({ encoding: z.enum(['utf8', 'base64']), data: z.string().max(4_000_000) });
export type Content = z.infer<typeof contentSchema>;

/** Absolute, without `.` or `..` and without control characters: a target is named, never walked to. */
export const boardPathSchema = z.string().max(1024).regex(/^(?:\/(?!\.{1,2}(?:\/|$))[^/\p{Cc}]+)+$/u);
const modeSchema = z.string().regex(/^0?[0-7]{3}$/);
/** A unit of systemd, a package, a module, a kernel parameter: words that name something, never a shell's text. */
export const unitNameSchema = z.string().max(200).regex(/^[A-Za-z0-9][A-Za-z0-9:_.@-]*\.(?:service|timer|socket|path|target|mount)$/);
export const packageNameSchema = z.string().max(200).regex(/^[a-z0-9A-Z][A-Za-z0-9.+_:~-]*(?:=[A-Za-z0-9.+_:~^-]+)?$/);
export const moduleNameSchema = z.string().max(100).regex(/^[a-z0-9A-Z][A-Za-z0-9_-]*$/);
/** `!` stands in sysfs for the `/` of a name. */
export const attributeNameSchema = z.string().max(200).regex(/^[A-Za-z0-9][A-Za-z0-9 _.()!-]*$/);
/** A user or a group of the board. */
export const accountNameSchema = z.string().max(32).regex(/^[a-z_][a-z0-9_.-]*\$?$/);
/** What a boot loader's file may carry without any shell or GRUB reading it as anything else. */
export const kernelWordSchema = z.string().max(4096).regex(/^[A-Za-z0-9_.,:=@%+/^!~-]+$/);

/** Programs that write files from other files: run again, their output follows. */
export const generators = ['update-grub', 'initramfs', 'daemon-reload', 'udev-reload'] as const;
export const generatorSchema = z.enum(generators);
export type Generator = z.infer<typeof generatorSchema>;

/** Where packages come from: the board's own sources, those reached through this computer, or files given by the user. */
export const packageSourceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('board') }),
  z.object({ kind: z.literal('laptop') }),
  z.object({ kind: z.literal('folder'), directory: z.string().max(4096) }),
]);
export type PackageSource = z.infer<typeof packageSourceSchema>;

/**
 * One thing done to a board. Each is done by a script of ours, given as data; can be told from the board's state whether
 * it is done; and has an opposite.
 */
export const actionSchema = z.discriminatedUnion('kind', [
  /** A file of ours or one that is changed; null: it is removed. `owner` (uid:gid): else as it was, root's when it is new. */
  z.object({ kind: z.literal('file'), path: boardPathSchema, content: contentSchema.nullable(), mode: modeSchema, owner: z.string().regex(/^\d{1,10}:\d{1,10}$/).optional() }),
  /** A live value of the kernel. `readsAs`: how it may read back, besides what was written. */
  z.object({ kind: z.literal('value'), path: boardPathSchema, value: z.string().max(4096).regex(/^[^\p{Cc}]*$/u), readsAs: z.array(z.string()) }),
  /** A unit of systemd; null: left as it is. */
  z.object({ kind: z.literal('unit'), unit: unitNameSchema, enabled: z.boolean().nullable(), active: z.boolean().nullable() }),
  z.object({ kind: z.literal('module'), module: moduleNameSchema, loaded: z.boolean() }),
  /** Runs after the files it reads; run again when they are put back. */
  z.object({ kind: z.literal('generate'), generator: generatorSchema }),
  z.object({ kind: z.literal('packages'), install: z.array(packageNameSchema), remove: z.array(packageNameSchema), source: packageSourceSchema }),
  /** grubby: arguments of the entries of the RHEL family. */
  z.object({ kind: z.literal('kernel-arguments'), add: z.array(kernelWordSchema), remove: z.array(kernelWordSchema) }),
  /** The boot loader's one-shot entry; null: none. */
  z.object({ kind: z.literal('boot-once'), entry: z.string().max(500).regex(/^[A-Za-z0-9_.:>+-]+$/).nullable() }),
  /** An attribute of the firmware, through the kernel's firmware-attributes class; takes effect with the next start. */
  z.object({ kind: z.literal('firmware-attribute'), driver: attributeNameSchema, attribute: attributeNameSchema, value: z.string().max(1024).regex(/^[^\p{Cc}]*$/u) }),
  /** An attribute of the firmware, through the board's management controller; takes effect with the next start. */
  z.object({ kind: z.literal('redfish'), system: z.string().max(300), attribute: attributeNameSchema, value: z.union([z.string().max(1024), z.number(), z.boolean()]) }),
  /** The persistent definition of a VM; null: none. A running VM goes on with what it was started with. */
  z.object({ kind: z.literal('domain'), name: domainNameSchema, xml: z.string().max(4_000_000).nullable() }),
  /** A network of libvirt: its definition (null: left as it is), and whether it runs now and with every start. `undefine`: it is taken away. */
  z.object({ kind: z.literal('network'), name: z.string().max(100).regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/), xml: z.string().max(100_000).nullable(), active: z.boolean(), autostart: z.boolean(), undefine: z.literal(true).optional() }),
  /** Whether a user belongs to a group; holds from their next log-in. */
  z.object({ kind: z.literal('group-member'), user: accountNameSchema, group: accountNameSchema, member: z.boolean() }),
  /** What resctrl's default group has of one resource: `L3:0=1ff;1=1ff`, bandwidth in percent: `MB:0=60`. */
  z.object({ kind: z.literal('schemata'), line: z.string().max(4096).regex(/^[A-Z0-9]+:\d+=[0-9a-f]+(?:;\d+=[0-9a-f]+)*$/) }),
  /** A start of the board: what must stand on its command line and which kernel must run for it to have come back good. */
  z.object({ kind: z.literal('restart'), expects: z.object({ words: z.array(kernelWordSchema), kernelRelease: z.string().max(200).nullable() }) }),
]);
export type Action = z.infer<typeof actionSchema>;
export type ActionKind = Action['kind'];

/** What was found of an action's target. Compared as a whole: anything else than expected means the board has moved. */
export const targetStateSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('file'), is: z.enum(['regular', 'absent', 'link', 'other']), content: contentSchema.nullable(), mode: z.string().nullable(), owner: z.string().nullable() }),
  z.object({ kind: z.literal('value'), value: z.string().nullable() }),
  z.object({ kind: z.literal('unit'), enabled: z.string(), active: z.string() }),
  z.object({ kind: z.literal('module'), loaded: z.boolean() }),
  z.object({ kind: z.literal('generate') }),
  /** `name version` of every installed package. */
  z.object({ kind: z.literal('packages'), installed: z.array(z.string()) }),
  z.object({ kind: z.literal('kernel-arguments'), entries: z.array(z.object({ kernel: z.string(), args: z.string() })) }),
  z.object({ kind: z.literal('boot-once'), entry: z.string().nullable() }),
  /** `pending`: a change waits for the next start. */
  z.object({ kind: z.literal('firmware-attribute'), value: z.string().nullable(), pending: z.boolean() }),
  z.object({ kind: z.literal('redfish'), value: z.union([z.string(), z.number(), z.boolean(), z.null()]), pending: z.boolean() }),
  z.object({ kind: z.literal('domain'), xml: z.string().nullable() }),
  z.object({ kind: z.literal('network'), xml: z.string().nullable(), active: z.boolean(), autostart: z.boolean() }),
  z.object({ kind: z.literal('group-member'), member: z.boolean() }),
  /** The line of that resource, without padding, ids ascending; null: there is none. */
  z.object({ kind: z.literal('schemata'), line: z.string().nullable() }),
  z.object({ kind: z.literal('restart'), bootId: z.string() }),
]);
export type TargetState = z.infer<typeof targetStateSchema>;

export const riskSchema = z.enum(['none', 'performance', 'security', 'boot', 'network']);
export type Risk = z.infer<typeof riskSchema>;

/** A step as a planner proposes it: what is done, in words, for which settings, and what can go wrong. */
export const proposedStepSchema = z.object({
  title: z.string(),
  why: z.string(),
  settings: z.array(z.string()),
  risk: riskSchema,
  /** What can go wrong and how it is put right; empty when nothing is to be said. */
  caution: z.string(),
  action: actionSchema,
});
export type ProposedStep = z.infer<typeof proposedStepSchema>;

export const plannedStepSchema = proposedStepSchema.extend({
  /** From 1, in the order of work. */
  number: z.number().int().min(1),
  /** What the target was when the plan was made. */
  before: targetStateSchema,
});
export type PlannedStep = z.infer<typeof plannedStepSchema>;

/** What a plan is for: a change, the trial of a command line, its promotion to stay, or the undoing of an earlier change. */
export const planPurposeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('change') }),
  z.object({ kind: z.literal('try-kernel'), commandLine: z.string(), kernelRelease: z.string().nullable() }),
  z.object({ kind: z.literal('promote-kernel'), tried: stampSchema }),
  z.object({ kind: z.literal('undo'), changeId: stampSchema }),
]);
export type PlanPurpose = z.infer<typeof planPurposeSchema>;

/** Proposed changes of one board, with the state they were computed from. */
export const planSchema = z.object({
  schema: z.literal(1),
  id: stampSchema,
  boardId: idSchema,
  boardName: z.string(),
  /** /etc/machine-id of the board it was made for. */
  machineId: z.string(),
  createdAt: stampSchema,
  snapshotId: stampSchema.nullable(),
  title: z.string(),
  purpose: planPurposeSchema,
  steps: z.array(plannedStepSchema),
  /** Whether it takes effect with the next start only, and whether the plan itself starts the board again. */
  restart: z.enum(['none', 'needed', 'included']),
  /** Said before it is applied: what it leaves to be done, what it could not do. */
  notes: z.array(z.string()),
  /** SHA-256 over board, machine and the states of all targets. */
  stateSha256: z.string(),
});
export type Plan = z.infer<typeof planSchema>;

/** A setting that was asked for and cannot be done: why, and what to do instead. */
export const refusedSchema = z.object({ setting: z.string(), why: z.string(), next: z.string() });
export type Refused = z.infer<typeof refusedSchema>;

const cpusOf = { guide: guideIdSchema, housekeeping: cpuListSchema.nullable() };

/** What a person wants changed on a board. */
export const changeWantSchema = z.discriminatedUnion('kind', [
  /** Settings of a guide by id; null: all that need attention. */
  z.strictObject({ kind: z.literal('settings'), ...cpusOf, settings: z.array(z.string().max(100)).max(500).nullable() }),
  /** The command line a guide asks for, once; `kernel`: another installed one than runs. */
  z.strictObject({ kind: z.literal('try-kernel'), ...cpusOf, kernel: z.string().max(200).nullable() }),
  z.strictObject({ kind: z.literal('write-kernel'), ...cpusOf }),
  z.strictObject({ kind: z.literal('promote-kernel'), changeId: stampSchema }),
  /** `eci`: Intel ECI's kernel instead of the distribution's; `eciKey`: the key of its repository, for a board without that source. */
  z.strictObject({ kind: z.literal('realtime-kernel'), source: packageSourceSchema, eci: z.boolean().optional(), eciKey: contentSchema.optional() }),
  z.strictObject({ kind: z.literal('firmware'), settings: z.array(z.string().max(100)).max(500).nullable() }),
  z.strictObject({ kind: z.literal('module'), module: moduleNameSchema }),
  /** The package of the program that a benchmark measures with; from the board's own sources unless said. */
  z.strictObject({ kind: z.literal('tool'), benchmark: benchmarkIdSchema, source: packageSourceSchema.optional() }),
  /** Brings the definition of a VM to what a map gives it. */
  z.strictObject({ kind: z.literal('tune-vm'), name: domainNameSchema, map: vmMapSchema }),
  /** What the host itself keeps of its caches (mask by cache id, hexadecimal) or its memory bandwidth (percent by id, decimal), now and with every start. */
  z.strictObject({ kind: z.literal('host-cache'), resource: z.enum(['L2', 'L3', 'MB']), masks: z.record(z.string().regex(/^\d{1,4}$/), z.string().regex(/^[0-9a-f]{1,16}$/)) }),
  z.strictObject({ kind: z.literal('undo'), changeId: stampSchema }),
]);
export type ChangeWant = z.infer<typeof changeWantSchema>;

/** What a planner gives: steps in order, what was refused and why. */
export interface Proposal {
  readonly title: string;
  readonly purpose: PlanPurpose;
  readonly steps: readonly ProposedStep[];
  readonly restart: Plan['restart'];
  readonly notes: readonly string[];
  /** Settings that were asked for and cannot be done: the setting, why, and what to do instead. */
  readonly refused: readonly Refused[];
}
