import type { BoardStatus } from '../../../shared/contract/methods.ts';
import type { Board } from '../../../shared/model/board.ts';
import type { Run } from '../../../shared/model/run.ts';
import { stampOf } from '../../../shared/model/stamp.ts';
import { remarksOf } from '../../../shared/planning/remarks.ts';
import { summaryOf } from '../../../shared/planning/summary.ts';
import { boardIdFor } from '../boards/board-id.ts';
import type { CoreParts } from '../create-core.ts';
import { discoverBoards } from '../discovery/discover-boards.ts';
import type { ProjectContext } from '../open-project.ts';
import { cleanBoard } from '../runs/clean-board.ts';
import { sshConfigSuggestions } from '../ssh/ssh-config-suggestions.ts';
import type { HandlerGroup } from './handler-group.ts';

export function boardHandlers({ project, bus, jobs }: CoreParts): HandlerGroup<'boards'> {
  const changed = () => { bus.emit('boards-changed', {}); };
  return {
    'boards.list': async () => {
      const { context } = project;
      const runs = await context.runs.list();
      return Promise.all((await context.store.boards()).map((board) => statusOf(context, board, runs.filter((run) => run.boardId === board.id))));
    },
    'boards.add': async (added) => {
      const { store } = project.context;
      const board: Board = {
        ...added, schema: 1, hostKeys: [], addedAt: stampOf(new Date()),
        id: boardIdFor(added.name, (await store.boards()).map((other) => other.id)),
      };
      await store.saveBoard(board);
      changed();
      return board;
    },
    'boards.update': async ({ boardId, changes }) => {
      const { store, sessions } = project.context;
      const before = await store.board(boardId);
      const board: Board = {
        ...before,
        name: changes.name ?? before.name, role: changes.role ?? before.role, reach: changes.reach ?? before.reach, notes: changes.notes ?? before.notes,
      };
      await store.saveBoard(board);
      await sessions.forget(boardId);
      changed();
      return board;
    },
    'boards.remove': async ({ boardId }) => {
      const { store, sessions } = project.context;
      await sessions.forget(boardId);
      await store.removeBoard(boardId);
      changed();
      return {};
    },
    'boards.forget-host-keys': async ({ boardId, host, port }) => {
      const { store, sessions } = project.context;
      const before = await store.board(boardId);
      const board: Board = { ...before, hostKeys: before.hostKeys.filter((pin) => pin.host !== host || pin.port !== port) };
      await store.saveBoard(board);
      await sessions.forget(boardId);
      changed();
      return board;
    },
    'boards.suggestions': () => sshConfigSuggestions(),
    'boards.discover': async () => {
      const job = jobs.start({ kind: 'discover', title: 'Look for boards nearby', boardId: null, runId: null }, async ({ tell, signal }) => {
        tell({ kind: 'progress', message: 'Listening for boards that announce themselves and asking for neighbours on direct cables.', fraction: null });
        const suggestions = await discoverBoards({ signal });
        return { suggestions };
      });
      return { jobId: job.id };
    },
    'boards.connect': async ({ boardId }) => (await project.context.sessions.get(boardId)).connect(),
    'boards.disconnect': async ({ boardId }) => {
      await project.context.sessions.forget(boardId);
      return {};
    },
    'boards.clean': async ({ boardId }) => {
      const { store, sessions } = project.context;
      const board = await store.board(boardId);
      const session = await sessions.get(boardId);
      const job = jobs.start({ kind: 'clean', title: `Remove everything of ours from ${board.name}`, boardId, runId: null }, async ({ signal }) => {
        const { removed } = await cleanBoard(session, { signal, boardName: board.name });
        return { removed: removed.map(({ path, kib }) => ({ path, kib })) };
      });
      return { jobId: job.id };
    },
  };
}

async function statusOf({ store, sessions }: ProjectContext, board: Board, ofBoard: readonly Run[]): Promise<BoardStatus> {
  const latest = await store.latestSnapshot(board.id);
  return {
    board,
    connection: sessions.connection(board.id),
    latestSnapshotId: latest?.id ?? null,
    summary: latest ? summaryOf(latest.snapshot) : null,
    attention: latest ? remarksOf(latest.snapshot).filter((remark) => remark.severity !== 'note').length : null,
    runs: ofBoard.length,
    activeRunId: ofBoard.find((run) => run.state === 'starting' || run.state === 'running')?.id ?? null,
  };
}
