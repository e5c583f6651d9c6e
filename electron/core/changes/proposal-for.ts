import { CodedError } from '../../../shared/contract/errors.ts';
import type { Board } from '../../../shared/model/board.ts';
import type { ChangeWant, Proposal } from '../../../shared/model/plan.ts';
import { parseCapture } from '../../../shared/parsers/capture.ts';
import { proposeChanges } from '../../../shared/planning/propose-changes.ts';
import type { CheckRequest } from '../../../shared/settings/check-guide.ts';
import type { ProjectStore } from '../project/project-store.ts';
import { savedHousekeeping } from '../project/saved-housekeeping.ts';
import type { BoardSession } from '../ssh/board-session.ts';
import type { FileChangeStore } from './file-change-store.ts';
import { proposeUndo } from './propose-undo.ts';

interface Request {
  readonly board: Board;
  readonly session: BoardSession;
  readonly store: ProjectStore;
  readonly changes: FileChangeStore;
  readonly want: ChangeWant;
}

/**
 * What is proposed for what a person wants, computed from the board's last reading.
 * Errors: `plan-refused` when the board has not been read, and those of the planners.
 */
export async function proposalFor({ board, session, store, changes, want }: Request): Promise<{ proposal: Proposal; snapshotId: string | null }> {
  const latest = await store.latestSnapshot(board.id);
  if (want.kind === 'undo') {
    const all = await changes.changes(board.id);
    return { proposal: await proposeUndo({ session, change: await changes.change(board.id, want.changeId), all }), snapshotId: latest?.id ?? null };
  }
  if (!latest) throw new CodedError('plan-refused', `${board.name} has not been read yet: there is nothing to compute from.`, { board: board.name, state: 'Nothing was changed.', next: 'Inspect the board first.' });
  const capture = parseCapture(await store.capture(board.id, latest.id));
  if (!capture.ok) throw capture.error;
  const host = await savedHousekeeping(store, board.id);
  const request = (guide: CheckRequest['guide'], housekeeping: CheckRequest['housekeeping']): CheckRequest => ({ snapshot: latest.snapshot, capture: capture.value, guide, housekeeping: housekeeping ?? host });
  switch (want.kind) {
    case 'settings': return { proposal: proposeChanges(request(want.guide, want.housekeeping), want.settings ?? 'attention'), snapshotId: latest.id };
    case 'module': return {
      proposal: {
        title: `Load the module ${want.module}`, purpose: { kind: 'change' }, restart: 'none', notes: ['It stays loaded until the next start.'], refused: [],
        steps: [{ title: `Load the module ${want.module}`, why: 'Reading what it offers needs it; reading itself never loads one.', settings: [], risk: 'none', caution: '', action: { kind: 'module', module: want.module, loaded: true } }],
      },
      snapshotId: latest.id,
    };
    default: throw new CodedError('plan-refused', `There is no planner for ${want.kind}.`, { board: board.name });
  }
}
