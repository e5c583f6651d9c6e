import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ProjectStore } from '../../../electron/core/project/project-store.ts';
import { FileRunStore } from '../../../electron/core/runs/file-run-store.ts';
import { comparedRunsSchema } from '../../../shared/model/compare.ts';
import { snapshotFromCapture } from '../../../shared/parsers/snapshot-from-capture.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { sampleJournal } from '../runs/sample-journal.ts';
import { runVerb } from './cli-kit.ts';
import { runWith } from './report-kit.ts';

let home: string | undefined;
beforeEach(() => { home = process.env['RTVM_BENCH_HOME']; });
afterEach(() => {
  if (home === undefined) delete process.env['RTVM_BENCH_HOME'];
  else process.env['RTVM_BENCH_HOME'] = home;
});

const fixture = (name: string) => new URL(`../../fixtures/${name}`, import.meta.url).pathname;

/** A project with two runs of one board, between which its interval and its kernel changed. */
async function projectWithRuns(): Promise<string> {
  const folder = await temporaryFolder();
  process.env['RTVM_BENCH_HOME'] = join(folder, 'home');
  const directory = join(folder, 'line4.rtvm');
  await ProjectStore.create(directory, 'Line 4');
  const store = await ProjectStore.open(directory, null);
  await store.saveBoard({ schema: 1, id: 'press', name: 'Press 4', role: 'bare', notes: '', hostKeys: [], addedAt: '20261120T100000Z', reach: { kind: 'practice', machine: 'dual-xeon' } });
  const runs = new FileRunStore(directory);
  for (const [at, release] of ['6.1.0-rt', '6.12.0-rt'].entries()) {
    const capture = (await readFile(fixture('captures/emulated-board-root.capture'), 'utf8'));
    const snapshot = snapshotFromCapture(capture);
    const snapshotId = await store.saveSnapshot('press', capture, { ...snapshot, kernel: { ...snapshot.kernel, release } });
    const template = runWith().run;
    const id = `run-${String(at + 1)}`;
    await runs.save(runWith({ id, snapshotId, createdAt: `2026112${String(at)}T141000Z`, options: { ...template.options, intervalUs: at === 0 ? 1000 : 500, segmentSeconds: 1, durationSeconds: 2 } }).run);
    await writeFile(join(directory, 'runs', id, 'journal'), sampleJournal());
  }
  return directory;
}

const answerSchema = comparedRunsSchema.shape.comparison.unwrap().extend({ differences: comparedRunsSchema.shape.differences, gates: z.array(z.object({ outcome: z.string() })) });

describe('compare, of runs of the project', () => {
  it('tells what differed, the interval and the kernel before settings', async () => {
    const project = await projectWithRuns();
    const { code, data } = await runVerb('compare', 'run-1', 'run-2', '--project', project, '--json');
    const { sides, differences } = answerSchema.parse(JSON.parse(data));
    expect([code, sides.map(({ name }) => name)]).toEqual([0, ['Press 4, 2026-11-20 14:10:00', 'Press 4, 2026-11-21 14:10:00']]);
    expect(differences[0]?.slice(0, 2)).toEqual([{ kind: 'measurement', what: 'interval, µs', before: '1000', after: '500' }, { kind: 'system', what: 'kernel', before: '6.1.0-rt', after: '6.12.0-rt' }]);
  });

  it('holds runs against the baseline that is named, and fails a script when a condition holds', async () => {
    const project = await projectWithRuns();
    expect((await runVerb('compare', 'run-2', '--baseline', '--project', project)).code).toBe(2);
    expect((await runVerb('baseline', 'as delivered', 'run-1', '--project', project)).data).toBe('as delivered: run-1');
    expect((await runVerb('compare', 'run-2', '--baseline', '--fail-if', 'max>1us', '--project', project)).code).toBe(1);
    expect((await runVerb('compare', 'run-2', '--baseline', '--fail-if', 'max>+10%', '--project', project)).code).toBe(1);
    expect((await runVerb('baseline', 'wrong', 'not-there', '--project', project)).code).toBe(2);
    expect((await runVerb('baseline', '--clear', '--project', project)).data).toBe('No baseline is named.');
  });

  it('sets imported results beside ours, marked as not verified, and a report tells them', async () => {
    const project = await projectWithRuns();
    const added = await runVerb('import', fixture('cyclictest/json_hist.json'), '--as', 'Line 4, 2024', '--board', 'press', '--project', project);
    const id = added.data.split(' ')[0] ?? '';
    expect(added).toMatchObject({ code: 0, data: expect.stringContaining('not verified by us') });
    const compared = await runVerb('compare', 'run-1', id, '--project', project);
    expect(compared.data).toContain('Imported: measured elsewhere and not verified by us.');
    const out = join(project, '..', 'out');
    expect((await runVerb('report', '--project', project, '--out', out, '--date', '20261121T101500Z', '--format', 'html,csv,junit')).code).toBe(0);
    const [page, csv, junit] = await Promise.all(['report.html', 'runs.csv', 'junit.xml'].map((name) => readFile(join(out, name), 'utf8')));
    expect(page).toContain('imported, not verified by us');
    expect(page).toContain('Line 4, 2024 (imported, not verified by us)');
    expect(csv).toMatch(new RegExp(`${id},Press 4,cyclictest,\\d{8}T\\d{6}Z,imported,,,`));
    expect(junit).toContain('<skipped message="Imported: not verified by us."/>');
  });

  it('refuses bad files by name, and stores none', async () => {
    const project = await projectWithRuns();
    const before = (await runVerb('runs', '--project', project, '--json')).data;
    const said = await runVerb('import', fixture('cyclictest/json_hist.json'), fixture('cyclictest/hist_h40.cmd.txt'), '--project', project);
    expect(said.code).not.toBe(0);
    expect(said.notes).toContain('hist_h40.cmd.txt');
    expect(said.notes).toContain('None of the files was brought in.');
    expect((await runVerb('runs', '--project', project, '--json')).data).toBe(before);
    expect((await runVerb('import', join(project, 'nothing.txt'), '--project', project)).notes).toContain('cannot be read');
  });

  it('comes out alike from a copy of the project elsewhere', async () => {
    const project = await projectWithRuns();
    const copy = join(await temporaryFolder(), 'copy.rtvm');
    await cp(project, copy, { recursive: true });
    const of = async (directory: string) => (await runVerb('compare', 'run-1', 'run-2', '--project', directory, '--json')).data;
    expect(await of(copy)).toBe(await of(project));
  });
});
