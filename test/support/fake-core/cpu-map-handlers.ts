import { CodedError } from '../../../shared/contract/errors.ts';
import type { Handlers } from '../../../shared/contract/dispatch.ts';
import type { Snapshot } from '../../../shared/model/snapshot.ts';
import { isUsable } from '../../../shared/planning/cpu-map-judge.ts';
import { checkCpuMap, proposeCpuMap } from '../../../shared/planning/cpu-map-proposal.ts';
import { stampAgo } from './data.ts';
import { snapshotOf } from './machines.ts';
import type { FakeState } from './state.ts';

type CpuMapMethod = Extract<keyof Handlers, `cpu-map.${string}`>;

/** CPU maps by the real rules; what is saved is remembered. */
export const cpuMapHandlers = (state: FakeState): Pick<Handlers, CpuMapMethod> => ({
  'cpu-map.get': async ({ boardId }) => {
    const map = state.cpuMaps.get(state.boardOf(boardId).board.id);
    return map === undefined ? null : { map, ...checkCpuMap(readingOf(state, boardId), map) };
  },
  'cpu-map.propose': async ({ boardId, request }) => proposeCpuMap(readingOf(state, boardId), request),
  'cpu-map.check': async ({ boardId, draft }) => checkCpuMap(readingOf(state, boardId), draft),
  'cpu-map.save': async ({ boardId, draft }) => {
    const snapshot = readingOf(state, boardId);
    const check = checkCpuMap(snapshot, draft);
    if (!isUsable(check.findings)) throw new CodedError('cpu-map-refused', 'The map has errors.', { state: 'Nothing was saved.' });
    const map = { ...draft, schema: 1 as const, savedAt: stampAgo(0), snapshotId: snapshot.takenAt };
    state.cpuMaps.set(boardId, map);
    state.emit('cpu-map-changed', { boardId });
    return { map, ...check };
  },
});

function readingOf(state: FakeState, boardId: string): Snapshot {
  const { machine, snapshotIds: [latest] } = state.boardOf(boardId);
  if (machine === null || latest === undefined) throw new CodedError('cpu-map-refused', 'This board has not been read yet, so its CPUs are not known.');
  return snapshotOf(machine, latest);
}
