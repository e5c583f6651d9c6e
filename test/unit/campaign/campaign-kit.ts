import fc from 'fast-check';
import { runSeconds } from '../../../shared/planning/campaign/time-table.ts';
import type { Campaign, CampaignCell, CampaignWish } from '../../../shared/model/campaign.ts';

export const wish: CampaignWish = {
  name: 'Test', template: 'own', places: [{ boardId: 'host', kernel: 'as-is' }], loads: [{ workload: null, on: { kind: 'measured' } }], repeats: 1, order: { kind: 'rounds' },
  durationSeconds: 60, leadSeconds: 5, coolDownSeconds: 10, patienceSeconds: 60, deadlineUs: null, deadlineFraction: 1, requests: [],
};

export const cellOf = (number: number, changes: Partial<CampaignCell> = {}): CampaignCell => ({
  number, condition: 'Host · idle', place: { boardId: 'host', boardName: 'Host', kind: 'host', kernel: 'as-is' }, load: null, host: null, repeat: 1,
  request: { benchmark: 'cyclictest', options: { cpus: [1], mainCpus: [0], priority: 95, intervalUs: 1000, durationSeconds: 60, histogramUs: 400, lockMemory: true, holdDmaLatency: true, segmentSeconds: 60, deadlineUs: null, deadlineFraction: 1 } },
  command: ['cyclictest'], conditions: [], snapshotId: null, ...changes,
});

const named = (boardId: string) => ({ boardId, boardName: boardId });
const boardIds = ['host', 'guest', 'stressor'] as const;

export const anyCells: fc.Arbitrary<CampaignCell[]> = fc.array(fc.record({
  place: fc.constantFrom(...boardIds), load: fc.option(fc.constantFrom(...boardIds), { nil: null }), watched: fc.boolean(), seconds: fc.integer({ min: 1, max: 86_400 }), segment: fc.integer({ min: 1, max: 3_600 }),
}), { maxLength: 20 }).map((wanted) => wanted.map(({ place, load, watched, seconds, segment }, at) => {
  const plain = cellOf(at + 1);
  const request = 'segmentSeconds' in plain.request.options ? { benchmark: 'cyclictest' as const, options: { ...plain.request.options, durationSeconds: seconds, segmentSeconds: segment } } : plain.request;
  return { ...plain, request, place: { ...named(place), kind: 'host', kernel: 'as-is' }, load: load === null ? null : { ...named(load), workload: 'busy-loop' }, host: watched && place !== 'host' ? named('host') : null };
}));

export const anyPace = fc.record({ leadSeconds: fc.integer({ min: 0, max: 3_600 }), coolDownSeconds: fc.integer({ min: 0, max: 3_600 }), patienceSeconds: fc.integer({ min: 0, max: 3_600 }) });

/** A campaign of two idle cells on one board, as it stands with this log. */
export const campaignWith = (log: string, changes: { state?: 'laid' | 'running' | 'ended' | 'killed' | 'rebooted' | 'gone'; cancelledAt?: string } = {}): Campaign => {
  const cells = [cellOf(1), cellOf(2, { repeat: 2 })];
  return {
    schema: 1, id: 'c', name: 'Test', createdAt: '20261121T100000Z', owner: 'ana@laptop', wish, notes: [], cells, cancelledAt: changes.cancelledAt ?? null,
    layings: [{
      id: 'c-1', beganAtMs: 1_000_000, leftOut: [], cells: cells.map(({ number }, at) => ({ cell: number, runId: `run-${String(number)}`, startsAfterSeconds: at * 100, endsAfterSeconds: at * 100 + runSeconds(cells[0] ?? cellOf(1)) })),
      queues: [{ boardId: 'host', boardName: 'Host', asRoot: true, clock: { bootId: 'b', atMs: 1_000_000, uptimeSeconds: 500, errorMs: 1 }, state: changes.state ?? 'running', log }],
    }],
  };
};

export const head = 'rtvm-bench-campaign 1 ;\nboot b ;\nbegan 50000 ;\n';
