import type { Action, Proposal, TargetState } from '../../../shared/model/plan.ts';
import type { Capture } from '../../../shared/parsers/capture.ts';
import { describeStep } from '../../../shared/planning/describe-step.ts';

/** What is proposed for a board of which only a capture is at hand: each step with its command and the diff of its file. */
export function describeProposal(proposal: Proposal, capture: Capture): string {
  return [
    `${proposal.title} — a preview from a capture; nothing is changed`,
    ...proposal.refused.flatMap(({ why, next }) => ['', `Refused: ${why}`, `  ${next}`]),
    ...proposal.steps.flatMap((step, at) => {
      const { command, diff } = describeStep(step.action, targetIn(capture, step.action));
      return [
        '', `${at + 1}. ${step.title}`, `   ${command}`, ...(diff === null ? [] : diff.trimEnd().split('\n').map((line) => `   ${line}`)),
        `   ${step.why}`, ...(step.caution === '' ? [] : [`   Caution: ${step.caution}`]),
      ];
    }),
    ...(proposal.notes.length === 0 ? [] : ['', ...proposal.notes]),
  ].join('\n');
}

/** A file as the capture has it. What a capture does not hold is taken as not there: it is only a preview. */
function targetIn(capture: Capture, action: Action): TargetState | null {
  if (action.kind !== 'file') return null;
  const lines = capture.lines(action.path);
  return { kind: 'file', is: lines === undefined ? 'absent' : 'regular', content: lines === undefined ? null : { encoding: 'utf8', data: `${lines.join('\n')}\n` }, mode: null, owner: null };
}
