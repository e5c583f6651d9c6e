import { CodedError } from '../../../shared/contract/errors.ts';
import type { Action, TargetState } from '../../../shared/model/plan.ts';
import { readPackages } from './packages-executor.ts';
import { readRedfishTarget, type RedfishAccess } from './redfish-access.ts';
import { unexpected } from '../runs/run-answers.ts';
import type { BoardSession, ExecResult } from '../ssh/board-session.ts';
import { readScript } from './change-scripts.ts';
import { isScriptAction, parseStateLine, targetArgument, type ScriptAction } from './state-lines.ts';

/** What a board is at the moment: which machine, which start of it, what runs. */
export interface BoardMoment { readonly machineId: string; readonly bootId: string; readonly kernelRelease: string; readonly commandLine: string }

/** `starting`: the start of the board is not over; told only when no target is asked for. */
export interface ReadTargets extends BoardMoment { readonly states: readonly TargetState[]; readonly starting: boolean }

/** Errors: as `readTargets`. */
function unreadable(action: ScriptAction, line: string, result: ExecResult): CodedError {
  const state = 'Nothing was changed.';
  if (line === 'domain secret') {
    return new CodedError('plan-refused', `The display of ${targetArgument(action)} has a password, which libvirt keeps to itself: it would be lost when the VM is defined again.`, {
      state, next: `Take the password out (virsh edit), or change the VM by hand.`,
    });
  }
  if (!line.endsWith(' unread')) return unexpected(readScript, result);
  const said = result.stderr.trim().slice(-1500);
  return new CodedError('libvirt-unreachable', `libvirt does not answer on this board.${said === '' ? '' : ` It says: ${said.split('\n').at(-1) ?? ''}`}`, {
    state, next: 'See that libvirt is installed and running: systemctl status virtqemud libvirtd.', details: { said },
  });
}

interface ReadOptions { readonly session: BoardSession; readonly actions: readonly Action[]; readonly redfish?: RedfishAccess | undefined; readonly signal?: AbortSignal | undefined }

/**
 * Reads the targets of actions and who the board is; changes nothing. One call for all that the board itself tells.
 * Errors: `board-command-failed`, `libvirt-unreachable`, `plan-refused` (a VM whose definition is not told whole), and what the session rejects with.
 */
export async function readTargets({ session, actions, redfish, signal }: ReadOptions): Promise<ReadTargets> {
  const asked = actions.filter(isScriptAction);
  const args = asked.flatMap((action) => [action.kind, targetArgument(action)]);
  const root = asked.length === 0 ? 'if-possible' : 'required';
  const result = await session.exec(readScript, { args, root, reason: 'to read what is to be changed', timeoutMs: 120_000, ...(signal ? { signal } : {}) });
  const lines = result.stdout.toString('utf8').split('\n');
  const word = (name: string) => lines.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1) ?? '';
  if (result.exitCode !== 0 || word('boot') === '') throw unexpected(readScript, result);
  const moment: BoardMoment = { machineId: word('machine'), bootId: word('boot'), kernelRelease: word('kernel'), commandLine: Buffer.from(word('command-line'), 'base64').toString('utf8').trim() };

  const states: TargetState[] = [];
  let packages: string[] | null = null;
  for (const action of actions) {
    if (isScriptAction(action)) {
      const line = word(`state ${asked.indexOf(action) + 1}`);
      const state = parseStateLine(action.kind, line);
      if (state === null) throw unreadable(action, line, result);
      states.push(state);
    } else if (action.kind === 'packages') {
      packages ??= await readPackages(session, signal);
      states.push({ kind: 'packages', installed: packages });
    } else if (action.kind === 'redfish') {
      states.push(await readRedfishTarget(redfish, action));
    } else {
      states.push({ kind: 'restart', bootId: moment.bootId });
    }
  }
  return { ...moment, states, starting: ['initializing', 'starting'].includes(word('system')) };
}
