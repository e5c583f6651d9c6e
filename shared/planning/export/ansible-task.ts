import type { Plan, PlannedStep } from '../../model/plan.ts';
import type { Sha256 } from './export-result.ts';

/** A task of a playbook as data; texts of the plan stand in it as `AsItIs`. */
export type Task = Readonly<Record<string, unknown>>;

/** What the tasks of one step are made from. */
export interface StepTasks {
  readonly plan: Plan;
  readonly sha256: Sha256;
  readonly steps: readonly PlannedStep[];
  readonly step: PlannedStep;
  readonly name: string;
  /** The variable that tells whether this step has changed something. */
  readonly register: string;
}

/** Reading changes nothing and is done in a rehearsal too. */
export const reading = { changed_when: false, check_mode: false } as const;

/** A task that runs a constant shell text; what varies comes in the environment. */
export const shell = (text: string): Task => ({ 'ansible.builtin.shell': { cmd: `${text}\n` } });
