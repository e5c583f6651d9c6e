import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderedRepeats } from '../../../shared/planning/campaign/cell-order.ts';
import { boardsOf, runSeconds, timeTable } from '../../../shared/planning/campaign/time-table.ts';
import { anyCells, anyPace, cellOf } from './campaign-kit.ts';

const conditions = ['a', 'b', 'c'].map((name) => ({ name }));
const told = (repeats: ReturnType<typeof orderedRepeats<{ name: string }>>) => repeats.map(({ condition, repeat }) => `${condition.name}${String(repeat)}`).join(' ');

describe('the order of cells', () => {
  it('is by block, by round, or by chance round by round', () => {
    expect(told(orderedRepeats(conditions, 2, { kind: 'blocks' }))).toBe('a1 a2 b1 b2 c1 c2');
    expect(told(orderedRepeats(conditions, 2, { kind: 'rounds' }))).toBe('a1 b1 c1 a2 b2 c2');
    const seeded = told(orderedRepeats(conditions, 50, { kind: 'random', seed: 7 }));
    expect(told(orderedRepeats(conditions, 50, { kind: 'random', seed: 7 }))).toBe(seeded);
    expect(told(orderedRepeats(conditions, 50, { kind: 'random', seed: 8 }))).not.toBe(seeded);
  });

  it('has every condition once in every round, whatever the seed', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 4_294_967_295 }), (count, repeats, seed) => {
      const many = Array.from({ length: count }, (_, name) => ({ name }));
      const order = orderedRepeats(many, repeats, { kind: 'random', seed });
      for (let round = 0; round < repeats; round += 1) {
        const own = order.slice(round * count, (round + 1) * count);
        expect(own.map(({ condition }) => condition.name).sort((a, b) => a - b)).toEqual(many.map(({ name }) => name));
        expect(own.every(({ repeat }) => repeat === round + 1)).toBe(true);
      }
    }));
  });

  it('puts each condition first about as often', () => {
    const rounds = orderedRepeats(conditions, 3_000, { kind: 'random', seed: 1 }).filter((_, at) => at % 3 === 0);
    for (const { name } of conditions) expect(rounds.filter(({ condition }) => condition.name === name).length).toBeGreaterThan(900);
  });
});

describe('a time table', () => {
  it('has one row for each board that has a part in a cell, and one cell after the other', () => {
    fc.assert(fc.property(anyCells, anyPace, (cells, pace) => {
      const { queues, cells: times, totalSeconds } = timeTable(cells, pace);
      for (const cell of cells) {
        expect(queues.filter(({ rows }) => rows.some((row) => row.cell === cell.number)).map(({ boardId }) => boardId).sort()).toEqual(boardsOf(cell).sort());
        expect(queues.flatMap(({ rows }) => rows).filter((row) => row.cell === cell.number && row.kind === 'measure')).toHaveLength(1);
      }
      times.forEach((time, at) => {
        expect(time.endsAfterSeconds - time.startsAfterSeconds).toBeGreaterThanOrEqual(runSeconds(cells[at] ?? cellOf(1)));
        expect(time.startsAfterSeconds).toBeGreaterThanOrEqual((times[at - 1]?.endsAfterSeconds ?? -pace.coolDownSeconds) + pace.coolDownSeconds);
      });
      expect(totalSeconds).toBe(times.at(-1)?.endsAfterSeconds ?? 0);
    }));
  });

  it('lets a load on another board enclose the run, however late each may begin', () => {
    fc.assert(fc.property(anyCells, anyPace, (cells, pace) => {
      const { queues } = timeTable(cells, pace);
      for (const cell of cells.filter(({ load, place }) => load !== null && load.boardId !== place.boardId)) {
        const find = (boardId: string | undefined) => queues.find((queue) => queue.boardId === boardId)?.rows.find((row) => row.cell === cell.number);
        const [run, load] = [find(cell.place.boardId), find(cell.load?.boardId)];
        if (run?.atSeconds == null || load?.atSeconds == null) throw new Error('both have their time');
        expect(run.atSeconds).toBeGreaterThanOrEqual(load.atSeconds + load.patienceSeconds + pace.leadSeconds);
        expect(load.atSeconds + load.lengthSeconds).toBeGreaterThanOrEqual(run.atSeconds + run.patienceSeconds + run.lengthSeconds);
        expect(load.kind).toBe('load');
      }
    }));
  });

  it('waits for no clock where one board does all of it', () => {
    const { queues } = timeTable([cellOf(1), cellOf(2)], { leadSeconds: 0, coolDownSeconds: 5, patienceSeconds: 30 });
    expect(queues).toMatchObject([{ rows: [{ atSeconds: null, patienceSeconds: 30, coolDownSeconds: 5 }, { atSeconds: null }] }]);
  });

  it('gives the cells of a week more leeway than those of the first minute: the clocks have parted', () => {
    const load = { boardId: 'guest', boardName: 'VM', workload: 'busy-loop' as const };
    const day = cellOf(1).request;
    const long = 'segmentSeconds' in day.options ? { benchmark: 'cyclictest' as const, options: { ...day.options, durationSeconds: 86_400, segmentSeconds: 600 } } : day;
    const rows = timeTable([1, 2, 3, 4].map((number) => cellOf(number, { load, request: long })), { leadSeconds: 0, coolDownSeconds: 0, patienceSeconds: 0 }).queues[0]?.rows ?? [];
    expect(rows[3]?.patienceSeconds).toBeGreaterThanOrEqual((rows[0]?.patienceSeconds ?? 0) + 25);
  });
});
