import { CodedError } from '../../../shared/contract/errors.ts';
import type { MethodOutput } from '../../../shared/contract/methods.ts';
import type { Snapshot } from '../../../shared/model/snapshot.ts';
import { snapshotFromCapture } from '../../../shared/parsers/snapshot-from-capture.ts';
import { remarksOf } from '../../../shared/planning/remarks.ts';
import type { CoreParts } from '../create-core.ts';
import { captureScriptText } from '../probe/probe.ts';
import { readAndStore } from '../probe/read-and-store.ts';
import type { HandlerGroup } from './handler-group.ts';

export function inspectHandlers({ project, bus, jobs }: CoreParts): HandlerGroup<'inspect' | 'snapshots'> {
  return {
    'inspect.start': async ({ boardId, asRoot }) => {
      const { store, sessions } = project.context;
      const running = jobs.running('inspect', boardId);
      if (running) return { jobId: running.id };
      const board = await store.board(boardId);
      const session = await sessions.get(boardId);
      const job = jobs.start({ kind: 'inspect', title: `Read ${board.name}`, boardId, runId: null }, async ({ tell, signal }) => {
        tell({ kind: 'progress', message: `Connecting to ${board.name}`, fraction: 0 });
        await session.connect(signal);
        tell({ kind: 'progress', message: 'Reading the board', fraction: 0.4 });
        const snapshotId = await readAndStore({ session, store, boardId, signal, root: asRoot ? 'required' : 'if-possible' });
        bus.emit('boards-changed', {});
        return { snapshotId };
      });
      return { jobId: job.id };
    },
    'inspect.import': async ({ boardId, capture }) => {
      const { store } = project.context;
      await store.board(boardId);
      const snapshot = snapshotFromCapture(capture);
      const id = await store.saveSnapshot(boardId, capture, snapshot);
      bus.emit('boards-changed', {});
      return answer(id, snapshot);
    },
    'inspect.script': async () => ({ text: captureScriptText() }),
    'snapshots.latest': async ({ boardId }) => {
      const { store } = project.context;
      await store.board(boardId);
      const latest = await store.latestSnapshot(boardId);
      return latest ? answer(latest.id, latest.snapshot) : null;
    },
    'snapshots.capture': async ({ boardId }) => {
      const { store } = project.context;
      const board = await store.board(boardId);
      const latest = await store.latestSnapshot(boardId);
      if (!latest) throw new CodedError('bad-request', `${board.name} has not been read yet.`, { board: board.name, next: 'Inspect the board first.' });
      return { id: latest.id, text: await store.capture(boardId, latest.id) };
    },
    'snapshots.list': async ({ boardId }) => project.context.store.snapshots(boardId),
    'snapshots.get': async ({ boardId, snapshotId }) => answer(snapshotId, await project.context.store.snapshot(boardId, snapshotId)),
  };
}

const answer = (id: string, snapshot: Snapshot): MethodOutput<'snapshots.get'> => ({ id, snapshot, remarks: remarksOf(snapshot) });
