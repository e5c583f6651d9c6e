import type { Change, ChangeState } from '../../../shared/model/change.ts';
import type { Plan, Risk } from '../../../shared/model/plan.ts';

export interface Words { readonly tone: 'good' | 'warn' | 'bad' | 'info'; readonly text: string }

export const changeWords: Readonly<Record<ChangeState, Words>> = {
  applying: { tone: 'warn', text: 'interrupted' }, restarting: { tone: 'warn', text: 'waits for the board' }, done: { tone: 'good', text: 'done' }, failed: { tone: 'bad', text: 'failed' },
  'fell-back': { tone: 'bad', text: 'came back with the default' }, 'rolled-back': { tone: 'info', text: 'rolled back' }, undone: { tone: 'info', text: 'undone' },
};

export const stepWords: Readonly<Record<Change['steps'][number]['state'], string>> = {
  waiting: 'not begun', began: 'begun', done: 'done', failed: 'failed', reverted: 'put back',
};

export const restartWords: Readonly<Record<Plan['restart'], string>> = {
  none: 'Takes effect at once.', needed: 'Takes effect with the next start of the board.', included: 'Restarts the board.',
};

export const riskWords: Readonly<Record<Risk, string | null>> = {
  none: null, performance: 'costs performance', security: 'costs safety', boot: 'concerns how the board starts', network: 'may cut the connection',
};

/** What can still be done with a change. */
export function offersOf({ state, plan }: Change): { undo: boolean; promote: boolean; resume: boolean } {
  return {
    undo: state === 'done' || state === 'failed', promote: state === 'done' && plan.purpose.kind === 'try-kernel', resume: state === 'applying' || state === 'restarting',
  };
}
