import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Run } from '../../../shared/model/run.ts';
import { idSchema } from '../../../shared/model/board.ts';
import { parseRunJournal } from '../../../shared/parsers/run-journal.ts';
import { FileRunStore } from '../../../electron/core/runs/file-run-store.ts';
import { loadJournal } from '../../../electron/core/runs/load-journal.ts';
import { attachAnswer, cleanAnswer, startAnswer, stopAnswer } from '../../../electron/core/runs/run-answers.ts';
import { endingOf } from '../../../electron/core/runs/run-ending.ts';
import { newRunId } from '../../../electron/core/runs/run-id.ts';
import { runSize, statusPeriodSeconds } from '../../../electron/core/runs/run-size.ts';
import { progressOf } from '../../../electron/core/runs/run-telling.ts';
import { segmentArguments, startArguments } from '../../../electron/core/runs/start-run.ts';
import { CodedError } from '../../../shared/contract/errors.ts';
import { newRun } from '../../support/run-kit.ts';
import { codedError } from '../../support/session-kit.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { sampleJournal } from './sample-journal.ts';

const script = { name: 'x', text: '' };
const answered = (stdout: string, exitCode: number | null = 0) => ({ exitCode, signal: null, stdout: Buffer.from(stdout), stderr: '', asRoot: false });

describe('arguments of a run', () => {
  it('marks what differs between segments, in whatever form it was written', () => {
    for (const command of [['cyclictest', '-q', '-D', '60', '-F', '/x', '-t', '2'], ['cyclictest', '-q', '--duration=60', '--fifo=/x', '-t', '2'], ['cyclictest', '-q', '-D60', '-t', '2', '--fifo', '/x']]) {
      expect(segmentArguments(command)).toEqual(['-q', '-t', '2', '-D', '@SECONDS@', '--fifo', '@FIFO@']);
    }
  });

  it('gives the owner as one line of text whatever it holds', () => {
    const run = newRun();
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (owner) => {
      const given = startArguments(run, owner)[1] ?? '';
      expect(given).not.toMatch(/[\n\r\0]/);
      expect(given.length).toBeLessThanOrEqual(60);
    }), { numRuns: 1_000 });
  });

  it('grows in what it asks of the disk with everything that is written', () => {
    const { options } = newRun();
    const small = runSize({ options });
    expect(runSize({ options: { ...options, histogramUs: 2_000 } }).boardBytes).toBeGreaterThan(small.boardBytes);
    expect(runSize({ options: { ...options, cpus: [1, 2, 3, 4] } }).boardBytes).toBeGreaterThan(small.boardBytes);
    expect(runSize({ options: { ...options, durationSeconds: 43_200 } }).segments).toBe(21_600);
    expect([10, 600, 601, 3_600, 43_200].map(statusPeriodSeconds)).toEqual([1, 1, 2, 2, 10]);
  });

  it('names runs so that they are ids, sort by time and never meet', () => {
    const ids = Array.from({ length: 100 }, () => newRunId('a'.repeat(63), new Date('2026-11-20T14:10:00Z')));
    expect(new Set(ids).size).toBe(100);
    for (const id of ids) expect(idSchema.safeParse(id).success).toBe(true);
    expect(newRunId('z', new Date('2026-11-20T14:10:00Z')) < newRunId('a', new Date('2026-11-20T14:10:01Z'))).toBe(true);
  });
});

describe('answers of a board', () => {
  it('reads them', () => {
    expect(startAnswer(script, answered('busy other-run 1795207540 ana smith@laptop\n'))).toEqual({ kind: 'busy', holder: { runId: 'other-run', since: new Date(1_795_207_540_000), owner: 'ana smith@laptop' } });
    expect(startAnswer(script, answered('noise\nrefused disk-full 12\n'))).toEqual({ kind: 'refused', why: 'disk-full', detail: '12' });
    expect(attachAnswer(script, answered('boot b\nstate running\nsize 12\nprefix ab\n'))).toEqual({ state: 'running', bootId: 'b', sizeBytes: 12, prefixSha256: 'ab' });
    expect(cleanAnswer(script, answered('system-folder\nremoved 64 /home/a b/.rtvm-bench\n'))).toEqual({ kind: 'removed', kib: 64, path: '/home/a b/.rtvm-bench' });
  });

  it('takes anything else as a failed command, never as an answer', () => {
    fc.assert(fc.property(fc.string(), fc.constantFrom(0, 1, null), (text, exitCode) => {
      for (const read of [startAnswer, attachAnswer, stopAnswer, cleanAnswer]) {
        try {
          read(script, answered(text, exitCode));
        } catch (thrown) {
          expect(thrown instanceof CodedError && thrown.code === 'board-command-failed').toBe(true);
        }
      }
    }), { numRuns: 2_000 });
    expect(() => startAnswer(script, answered('started\n', 1))).toThrow(CodedError);
    expect(() => attachAnswer(script, answered('state running\nsize x\n'))).toThrow(CodedError);
  });
});

describe('what is told of a run', () => {
  const journal = parseRunJournal(sampleJournal());

  it('counts the measuring time that is done', () => {
    const half = parseRunJournal(sampleJournal().subarray(0, sampleJournal().indexOf('segment 2')));
    expect(progressOf(half)).toEqual({ message: 'Measuring: 1 s left, part 1 of 2.', fraction: 0.5 });
    expect(progressOf(journal).fraction).toBe(1);
  });

  it.each([
    ['stopped asked', 'stopped', 'Stopped early on request.'],
    ['interrupted terminated', 'interrupted', /shutting down/],
    ['interrupted cyclictest-killed-9', 'interrupted', /signal 9/],
    ['failed cyclictest-status-1', 'failed', 'cyclictest failed with status 1.'],
    ['interrupted something-new', 'interrupted', 'something-new'],
  ])('says how it ended: %s', (end, state, reason) => {
    const ending = endingOf(parseRunJournal(sampleJournal({ end: `end ${end} 2123.14 - ;\n` })), { createdAt: '20261120T210007Z' }, new Date('2026-11-20T21:05:00Z'));
    expect(ending?.state).toBe(state);
    expect(ending?.stateReason).toMatch(reason);
    expect(ending?.endedAt).toBe('20261120T210010Z');
  });
});

describe('runs in a project folder', () => {
  const store = async () => new FileRunStore(await temporaryFolder());

  it('keeps runs, changes fields side by side, and lists them by age', async () => {
    const runs = await store();
    const [old, young]: [Run, Run] = [{ ...newRun(), createdAt: '20261119T100000Z' }, newRun()];
    await runs.save(young);
    await runs.save(old);
    await Promise.all([runs.update(old.id, { state: 'completed' }), runs.update(old.id, { bootId: 'b' })]);
    expect(await runs.list()).toEqual([{ ...old, state: 'completed', bootId: 'b' }, young]);
    for (const id of ['no-such-run', '../..', '']) expect((await codedError(runs.get(id))).code).toBe('run-unknown');
  });

  it('lists the others when one cannot be read, and tells which', async () => {
    const told: string[] = [];
    const folder = await temporaryFolder();
    const runs = new FileRunStore(folder, { unreadable: (file) => { told.push(file); } });
    const [good, bad] = [newRun(), newRun()];
    await runs.save(good);
    await runs.save(bad);
    appendFileSync(join(runs.directory(bad.id), 'run.json'), '}');
    expect((await runs.list()).map(({ id }) => id)).toEqual([good.id]);
    expect(told).toEqual([join('runs', bad.id, 'run.json')]);
  });

  it('writes nothing to a project that is open for reading only', async () => {
    const runs = new FileRunStore(await temporaryFolder(), { readOnlyReason: () => 'it is in use.' });
    expect((await codedError(runs.save(newRun()))).code).toBe('project-locked');
    expect((await codedError(runs.journal('a'))).code).toBe('project-locked');
  });

  it('appends a journal at its end only, in order, and reads it back', async () => {
    const runs = await store();
    const run = newRun();
    await runs.save(run);
    const copy = await runs.journal(run.id);
    const bytes = sampleJournal();
    await Promise.all([copy.append(bytes.subarray(0, 100), 0), copy.append(bytes.subarray(100), 100)]);
    expect((await codedError(copy.append(bytes, 5))).code).toBe('internal');
    await copy.close();
    expect(readFileSync(join(runs.directory(run.id), 'journal')).equals(bytes)).toBe(true);
    expect((await loadJournal(runs, run.id)).end?.state).toBe('completed');
    const again = await runs.journal(run.id);
    expect(again.sizeBytes).toBe(bytes.length);
    expect(await again.setAside()).toBe('journal.unusable-1');
    expect(again.sizeBytes).toBe(0);
    await again.close();
    expect((await loadJournal(runs, run.id)).header).toBeNull();
  });
});
