import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boardFormOf, emptyBoardForm, emptyHop, readBoardForm } from '../../../renderer/forms/board-form.ts';
import { formOf, newRunId, readForm } from '../../../renderer/forms/cyclictest-form.ts';
import { readDeadline } from '../../../renderer/forms/deadline-form.ts';
import { idSchema } from '../../../shared/model/board.ts';
import { fakeBoards, defaultOptions } from '../../support/fake-core/data.ts';

const form = formOf({ ...defaultOptions([4, 5, 6, 8], [0, 1]), deadlineUs: 320, deadlineFraction: 0.99999 });
const problemsOf = (changes: Partial<typeof form>) => {
  const read = readForm({ ...form, ...changes });
  return read.ok ? [] : read.problems.map((problem) => problem.field);
};

describe('the form of a run', () => {
  it('shows options and reads them back unchanged', () => {
    expect(form).toMatchObject({ cpus: '4-6,8', mainCpus: '0-1', duration: '10m', deadlineUs: '320', deadlinePercent: '99.999' });
    expect(readForm(form)).toEqual({ ok: true, options: { ...defaultOptions([4, 5, 6, 8], [0, 1]), deadlineUs: 320, deadlineFraction: 0.99999 } });
  });

  it('takes samples for time', () => {
    const read = readForm({ ...form, lengthBy: 'samples', samples: '1000001', intervalUs: '250' });
    expect(read.ok && read.options.durationSeconds).toBe(251);
  });

  it('names the field of each problem', () => {
    expect(problemsOf({ cpus: '' })).toEqual(['cpus']);
    expect(problemsOf({ cpus: '4;reboot' })).toContain('cpus');
    expect(problemsOf({ priority: '100', intervalUs: '0.5', duration: '1.5h', histogramUs: '-1', deadlineUs: 'soon', deadlinePercent: '0', segment: '' }))
      .toEqual(expect.arrayContaining(['priority', 'intervalUs', 'durationSeconds', 'histogramUs', 'deadlineUs', 'deadlineFraction', 'segmentSeconds']));
  });

  it('never takes text for options that the schema refuses', () => {
    fc.assert(fc.property(fc.string(), fc.string(), fc.string(), (cpus, duration, deadlineUs) => {
      const read = readForm({ ...form, cpus, duration, deadlineUs });
      if (!read.ok) expect(read.problems.length).toBeGreaterThan(0);
    }));
  });

  it('makes run ids that are valid and told apart', () => {
    const id = newRunId('cyclictest', new Date('2026-11-20T14:10:00Z'), new Uint8Array([1, 171, 255]));
    expect(id).toBe('20261120t141000z-cyclictest-01abff');
    expect(idSchema.safeParse(id).success).toBe(true);
  });
});

describe('the form of a board', () => {
  const filled = { ...emptyBoardForm(), target: { ...emptyHop(), address: '192.0.2.17', user: 'engineer' } };

  it('takes the address for a name', () => {
    const read = readBoardForm(filled);
    expect(read.ok && read.board).toEqual({ name: '192.0.2.17', role: 'host', notes: '', reach: { kind: 'ssh', target: { address: '192.0.2.17', port: 22, user: 'engineer', login: { method: 'password' } }, jumps: [] } });
  });

  it('names each field that needs another look, jump hosts too', () => {
    const read = readBoardForm({ ...emptyBoardForm(), target: { address: 'a b', port: '99999', user: '', method: 'key', keyFile: ' ' }, jumps: [emptyHop()] });
    expect(read.ok).toBe(false);
    expect(read.ok ? [] : read.problems.map((problem) => problem.field)).toEqual(expect.arrayContaining(['target.address', 'target.port', 'target.user', 'target.keyFile', 'jumps.0.address', 'jumps.0.user']));
  });

  it('opens a board of the project unchanged, and has none for the practice board', () => {
    for (const { board } of fakeBoards()) {
      const opened = boardFormOf(board);
      if (board.reach.kind === 'practice') expect(opened).toBeNull();
      else expect(opened && readBoardForm(opened)).toEqual({ ok: true, board: { name: board.name, role: board.role, notes: board.notes, reach: board.reach } });
    }
  });
});

describe('the deadline beside a result', () => {
  it('reads a deadline, none, and a comma', () => {
    expect(readDeadline('320', '100')).toEqual({ ok: true, deadlineUs: 320, deadlineFraction: 1 });
    expect(readDeadline('', '99,9')).toEqual({ ok: true, deadlineUs: null, deadlineFraction: 0.999 });
    expect(readDeadline('0', '100').ok).toBe(false);
    expect(readDeadline('10', '101').ok).toBe(false);
  });
});
