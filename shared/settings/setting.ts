import type { Checklist } from '../model/checklist.ts';
import type { ProposedStep } from '../model/plan.ts';
import type { ManagementReading } from '../model/redfish.ts';
import type { FourStates, GuideId, Layer, SettingReport, StateVerdict, StateVerdicts } from '../model/setting.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { Capture } from '../parsers/capture.ts';
import type { Parameter } from '../planning/kernel-command-line/command-line.ts';
import type { LintFinding } from '../planning/kernel-command-line/lint-finding.ts';

/** A board as a setting sees it: what was read, and which CPUs are to be whose. */
export interface BoardView {
  readonly snapshot: Snapshot;
  readonly capture: Capture;
  readonly guide: GuideId;
  /** The command line of the next start and of this one, split once for all settings; null where it was not read. */
  readonly pending: readonly Parameter[] | null;
  readonly running: readonly Parameter[] | null;
  /** Problems of a command line on this board; each line is looked through once, and only when somebody asks. */
  readonly problemsOf: (line: string) => readonly LintFinding[];
  readonly housekeeping: readonly number[];
  readonly isolated: readonly number[];
  /** What persons attested of the firmware; null: nothing. */
  readonly checklist: Checklist | null;
  /** What its management controller said last; null: it was not asked. */
  readonly management: ManagementReading | null;
}

/** What a setting finds on a board. */
export type Finding = Pick<SettingReport, 'status' | 'stuckAt' | 'message' | 'fix' | 'firmware'> & { states: FourStates; verdicts: StateVerdicts; evidence: string[] };

/**
 * How a setting is changed, now and for every start. `restart: 'needed'`: the running system takes it with its next start
 * only. Refused: why this board or this setting cannot be changed here, and what to do instead.
 */
export type ChangeOffer = { readonly steps: readonly ProposedStep[]; readonly restart: 'none' | 'needed' } | { readonly refused: string; readonly next: string };

/**
 * One knob that matters for determinism. `assess` is total: any board gives a finding. A setting is one file; the
 * catalogue finds it by being there.
 */
export interface Setting {
  /** `layer-word.name`, stable: projects and scripts refer to it. */
  readonly id: string;
  readonly layer: Layer;
  readonly title: string;
  /** Why it matters for real time, in a sentence or two. */
  readonly why: string;
  /** Document and section the advice comes from. */
  readonly source: string;
  readonly guides: readonly GuideId[];
  /** Its place in the order of work within its layer; those without follow, by title. */
  readonly order?: number;
  readonly assess: (board: BoardView) => Finding;
  /** Absent where no change of ours makes it: the kernel's command line and the firmware have their own plans. Total. */
  readonly change?: (board: BoardView) => ChangeOffer;
  /** Why somebody may want it changed although nothing is wrong with it; such a setting is changed only when asked for by name. */
  readonly choice?: string;
}

export const noStates: FourStates = { requested: null, written: null, booted: null, effective: null };

export const noVerdicts: StateVerdicts = { written: 'none', booted: 'none', effective: 'none' };

/** What is true, false or not known, as a verdict. */
export const verdictOf = (good: boolean | null): StateVerdict => (good === null ? 'unknown' : good ? 'good' : 'bad');

/** A setting that has one state only: what the live system does. */
export const effectiveOnly = (good: boolean | null): StateVerdicts => ({ ...noVerdicts, effective: verdictOf(good) });

export const notApplicable = (message: string): Finding => ({ status: 'not-applicable', stuckAt: null, states: noStates, verdicts: noVerdicts, evidence: [], message, fix: null });

/** The lines that exist, without duplicates. */
export const lines = (...evidence: Array<string | null | undefined>): string[] => [...new Set(evidence.filter((line): line is string => typeof line === 'string' && line !== ''))];
