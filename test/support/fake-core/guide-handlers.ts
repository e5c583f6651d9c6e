import { readFileSync } from 'node:fs';
import type { Handlers } from '../../../shared/contract/dispatch.ts';
import { parseCapture } from '../../../shared/parsers/capture.ts';
import { housekeepingOf } from '../../../shared/planning/cpu-map-proposal.ts';
import { snapshotOf } from './machines.ts';
import type { FakeState } from './state.ts';

const fixture = new URL('../../fixtures/captures/emulated-board-root.capture', import.meta.url);

/** Settings judged by the real rules on a board’s snapshot; what a snapshot leaves to the capture is taken from one real board. */
export const guideHandlers = (state: FakeState): Pick<Handlers, 'guides.check'> => ({
  'guides.check': async ({ boardId, guide, housekeeping }) => {
    const { machine, snapshotIds: [latest] } = state.boardOf(boardId);
    if (machine === null || latest === undefined) return null;
    const capture = parseCapture(readFileSync(fixture, 'utf8'));
    if (!capture.ok) throw capture.error;
    // The catalogue is gathered by Vite; a browser test, which Vite does not load, never asks for a guide here.
    const { checkGuide } = await import('../../../shared/settings/check-guide.ts');
    const map = housekeeping === null ? state.cpuMaps.get(boardId) : undefined;
    const check = checkGuide({ snapshot: snapshotOf(machine, latest), capture: capture.value, guide, housekeeping: map ? housekeepingOf(map) : housekeeping, checklist: state.checklists.get(boardId) ?? null });
    return map ? { ...check, cpusFrom: 'cpu-map' } : check;
  },
});
