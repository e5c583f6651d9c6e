import type { Change } from '../../../shared/model/change.ts';
import type { Plan } from '../../../shared/model/plan.ts';
import { describeStep } from '../../../shared/planning/describe-step.ts';

/** A plan as a person reads it before agreeing: each step with its command, what it is for and what can go wrong. */
export function describePlan(plan: Plan): string {
  const restart = { none: 'takes effect at once', needed: 'takes effect with the next start', included: 'restarts the board' }[plan.restart];
  return [
    `${plan.title} — ${plan.boardName} — ${restart}`,
    ...plan.steps.flatMap((step) => {
      const { command, diff } = describeStep(step.action, step.before);
      return [
        '', `${step.number}. ${step.title}`, `   ${command}`, ...(diff === null ? [] : diff.trimEnd().split('\n').map((line) => `   ${line}`)),
        ...step.why.split('\n').map((line) => `   ${line}`), ...(step.caution === '' ? [] : [`   Caution: ${step.caution}`]),
      ];
    }),
    ...(plan.notes.length === 0 ? [] : ['', ...plan.notes]),
  ].join('\n');
}

export const describeChange = ({ id, plan, state, owner, undoneBy }: Change): string =>
  `${id}  ${state.padEnd(12)} ${plan.title} (${owner}${undoneBy === null ? '' : `, undone by ${undoneBy}`})`;
