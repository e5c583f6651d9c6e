import type { Action, ProposedStep, Risk } from '../../model/plan.ts';

/** Which setting a step is for, and what is said of it. */
export interface StepWords {
  readonly id: string;
  readonly why: string;
  readonly risk?: Risk;
  readonly caution?: string;
}

const step = ({ id, why, risk = 'none', caution = '' }: StepWords, title: string, action: Action): ProposedStep => ({ title, why, settings: [id], risk, caution, action });

/** A text file of ours. Every line ends; the first line says whose it is. */
export const fileStep = (words: StepWords, path: string, lines: readonly string[], mode = '644'): ProposedStep =>
  step(words, `Write ${path}`, { kind: 'file', path, content: { encoding: 'utf8', data: `${lines.join('\n')}\n` }, mode });

export const valueStep = (words: StepWords, path: string, value: string, readsAs: readonly string[] = []): ProposedStep =>
  step(words, `Set ${path} to ${value}`, { kind: 'value', path, value, readsAs: [...readsAs] });

/** A unit of systemd, on or off, now and at every start; `enabled` null: left as it is. */
export const unitStep = (words: StepWords, unit: string, on: boolean, enabled: boolean | null = on): ProposedStep =>
  step(words, enabled === null ? `${on ? 'Start' : 'Stop'} ${unit}` : on ? `Enable and start ${unit}` : `Stop and disable ${unit}`, { kind: 'unit', unit, enabled, active: on });

/** A unit of systemd that is to start with the board, and is left as it is now. */
export const enableStep = (words: StepWords, unit: string): ProposedStep =>
  step(words, `Enable ${unit}`, { kind: 'unit', unit, enabled: true, active: null });

export const moduleStep = (words: StepWords, module: string): ProposedStep => step(words, `Load the module ${module}`, { kind: 'module', module, loaded: true });

/** Steps of other kinds, with the same words. */
export const actionStep = (words: StepWords, title: string, action: Extract<Action, { kind: 'network' | 'group-member' }>): ProposedStep => step(words, title, action);

export const generateStep = (words: StepWords, generator: Extract<Action, { kind: 'generate' }>['generator'], title: string): ProposedStep =>
  step(words, title, { kind: 'generate', generator });

/** What the name of a file or unit of ours carries of a setting: `runtime.timer-migration` → `timer-migration`. */
export const nameOf = (id: string): string => id.slice(id.indexOf('.') + 1);

export const header = (title: string): string => `# ${title.replace(/[^\x20-\x7e]/g, '?')} (RTVM Bench)`;
