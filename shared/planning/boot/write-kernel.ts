import type { Proposal } from '../../model/plan.ts';
import { checkLine, type LineRequest } from './line-request.ts';
import { lineSteps } from './line-steps.ts';
import { refusedProposal } from './refusal.ts';
import { startNotes } from './start-notes.ts';

/** Steps that write a command line for all starts to come without trying it first: where an entry cannot be started once. Total. */
export function proposeWrite(request: LineRequest): Proposal {
  const title = 'Write the kernel command line';
  const purpose = { kind: 'change' } as const;
  const checked = checkLine(request);
  if ('refused' in checked) return refusedProposal(title, purpose, [checked.refused]);
  const line = checked.found;
  const steps = lineSteps(request.capture, line);
  if ('refused' in steps) return refusedProposal(title, purpose, [steps.refused]);
  const fallback = 'It is not tried first. If the board does not start with it, somebody at the console has to hold Shift or Esc, choose the entry in GRUB’s menu, press e, take the words off the line that begins with “linux”, and start it with Ctrl-x; then undo this change.';
  return {
    title, purpose,
    steps: steps.found.map((step, at) => (at === 0 ? { ...step, caution: [step.caution, fallback].filter((text) => text !== '').join(' ') } : step)),
    restart: steps.found.length === 0 ? 'none' : 'needed',
    notes: [...line.notes, ...(steps.found.length === 0 ? ['The next start has this command line already.'] : startNotes(request, line))],
    refused: [],
  };
}
