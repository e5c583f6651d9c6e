import type { PlanPurpose, Proposal } from '../../model/plan.ts';

/** What cannot be done, why, and what to do instead. */
export type Refusal = Proposal['refused'][number];

/** A value, or why there is none. */
export type Found<T> = { readonly found: T } | { readonly refused: Refusal };

export const commandLineSetting = 'kernel.command-line';

export const refuse = (why: string, next: string): { readonly refused: Refusal } => ({ refused: { setting: commandLineSetting, why, next } });

/** A proposal that does nothing but say why. */
export const refusedProposal = (title: string, purpose: PlanPurpose, refused: readonly Refusal[]): Proposal =>
  ({ title, purpose, steps: [], restart: 'none', notes: [], refused });
