import { CodedError } from '../../../shared/contract/errors.ts';
import type { Action, TargetState } from '../../../shared/model/plan.ts';
import { isDone } from '../../../shared/planning/change/is-done.ts';
import { isLinkFailure, pauseBeforeRetry } from '../runs/link-failures.ts';
import { inOneLine } from '../owner-name.ts';
import { boardBusy, holderOf, unexpected } from '../runs/run-answers.ts';
import type { ExecResult } from '../ssh/board-session.ts';
import { stepScript } from './change-scripts.ts';
import type { ChangeWork } from './change-work.ts';
import { overBadLink } from './over-bad-link.ts';
import { applyPackages } from './packages-executor.ts';
import { readTargets } from './read-targets.ts';
import { requireRedfish } from './redfish-access.ts';
import { isScriptAction, parseStateLine, stateLineSha256, stepArguments, targetArgument, type ScriptAction } from './state-lines.ts';

export interface StepToPerform {
  readonly changeId: string;
  readonly number: number;
  readonly action: Exclude<Action, { kind: 'restart' }>;
  /** The state the target must be in still; null: whatever it is. */
  readonly expected: TargetState | null;
}

const attempts = 12;
/** Making an initial RAM disk takes minutes on a small board. */
const stepTimeoutMs = 900_000;

/**
 * Does one step and returns what the target is afterwards. A link that is lost on the way is ridden out: the state tells
 * whether the step was done.
 * Errors: `board-busy`, `board-moved`, `step-failed`, `step-without-effect`, those of packages and of the management
 * controller, and what the session rejects with when the link stays away.
 */
export async function performStep(work: ChangeWork, step: StepToPerform): Promise<TargetState> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const after = await act(work, step);
      if (step.action.kind !== 'generate' && !isDone(step.action, after)) throw withoutEffect(work, step.action, after);
      return after;
    } catch (thrown) {
      const error = CodedError.from(thrown);
      if (!isLinkFailure(error) || attempt === attempts) throw error;
      work.tell({ kind: 'link', state: 'reconnecting', message: `The connection was lost during step ${step.number}: ${error.message}` });
      await pauseBeforeRetry(work.session, attempt, work.signal);
      const { states: [now] } = await overBadLink(work, () => readTargets({ ...work, actions: [step.action] }));
      if (now && step.action.kind !== 'generate' && isDone(step.action, now)) return now;
    }
  }
}

async function act(work: ChangeWork, { action, ...step }: StepToPerform): Promise<TargetState> {
  if (isScriptAction(action)) return actOnBoard(work, action, step);
  if (action.kind === 'packages') {
    await applyPackages({ session: work.session, action, tell: ({ message, fraction }) => { work.tell({ kind: 'progress', message, fraction }); }, signal: work.signal, boardName: work.board.name });
  } else {
    await requireRedfish(work.redfish).apply(action);
  }
  const { states: [after] } = await readTargets({ ...work, actions: [action] });
  if (!after) throw new CodedError('board-command-failed', 'The board did not say what became of a step.', { board: work.board.name });
  return after;
}

async function actOnBoard(work: ChangeWork, action: ScriptAction, { changeId, number, expected }: Omit<StepToPerform, 'action'>): Promise<TargetState> {
  const { board, owner, session, signal } = work;
  const ownerNow = expected?.kind === 'file' ? expected.owner : null;
  const hash = expected === null ? null : stateLineSha256(expected);
  const args = [changeId, inOneLine(owner), String(number), hash ?? 'any', action.kind, targetArgument(action), ...stepArguments(action, ownerNow)];
  const result = await session.exec(stepScript, { args, root: 'required', reason: 'to change settings', timeoutMs: stepTimeoutMs, signal });
  const lines = result.stdout.toString('utf8').trimEnd().split('\n');
  const [answer = '', ...words] = (lines.at(-1) ?? '').split(' ');
  switch (answer) {
    case 'done': {
      const after = parseStateLine(action.kind, lines.find((line) => line.startsWith('after '))?.slice('after '.length) ?? '');
      if (after === null) throw unexpected(stepScript, result);
      return after;
    }
    case 'busy': throw boardBusy(board.name, holderOf(words), 'This step was not begun.');
    case 'moved': throw new CodedError('board-moved', `${targetArgument(action)} on ${board.name} is no longer what it was when the plan was made.`, {
      board: board.name, next: 'Somebody or something else changed it. Inspect the board and make a new plan.', details: { target: targetArgument(action) },
    });
    case 'failed': throw failed(board.name, action, words, result);
    default: throw unexpected(stepScript, result);
  }
}

function failed(boardName: string, action: ScriptAction, [why = '', ...detail]: string[], result: ExecResult): CodedError {
  const said = result.stderr.trim().slice(-1500);
  const target = detail.join(' ') || targetArgument(action);
  return new CodedError('step-failed', `${boardName}: ${reasons[why] ?? 'a step failed'} (${target}).${said === '' ? '' : ` The board says: ${said.split('\n').at(-1) ?? ''}`}`, {
    board: boardName, next: 'Look at what the board said.', details: { why, target, said },
  });
}

const reasons: Readonly<Record<string, string>> = {
  'not-writable': 'a folder cannot be written; the file system may be full or read-only', 'not-written': 'a file could not be written; the file system may be full or read-only',
  'not-removed': 'a file could not be removed', 'value-refused': 'the kernel refused a value', absent: 'a value is not there on this kernel',
  'unit-refused': 'systemd refused', 'module-refused': 'a module could not be loaded or unloaded', 'generator-failed': 'a program that writes files from other files failed; the old ones stay in force',
  'libvirt-silent': 'libvirt does not answer', 'domain-secret': 'the display of this VM has a password, which would be lost when the VM is defined again', 'definition-refused': 'libvirt refused a definition',
  'definition-kept': 'libvirt did not take a definition away', 'network-refused': 'libvirt could not start or stop a network, or its start with the board', 'group-refused': 'a membership of a group could not be changed',
  'no-resctrl': 'resctrl is not mounted', 'schemata-refused': 'the kernel refused this share of a cache or of memory bandwidth',
  'grubby-failed': 'grubby failed', 'boot-once-refused': 'the boot loader’s one-shot entry could not be set', 'attribute-refused': 'the firmware refused a value',
};

function withoutEffect({ board }: ChangeWork, action: Action, after: TargetState): CodedError {
  const found = foundOf(after);
  const name = isScriptAction(action) ? targetArgument(action) : action.kind;
  return new CodedError('step-without-effect', `${name} on ${board.name} was written without an error, yet ${found}.`, {
    board: board.name, next: 'The kernel or another program decides otherwise; the evidence of the setting tells more.', details: { target: name },
  });
}

function foundOf(after: TargetState): string {
  switch (after.kind) {
    case 'value': return `it reads ${after.value?.trim() ?? 'nothing'}`;
    case 'unit': return `it is ${after.enabled}, ${after.active}`;
    case 'domain': return 'libvirt gives back another definition: it left something out or put something in';
    case 'schemata': return `it reads ${after.line ?? 'nothing'}: the hardware or the kernel gives less, or rounds`;
    default: return 'it reads back otherwise';
  }
}
