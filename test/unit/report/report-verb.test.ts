import { createHash } from 'node:crypto';
import { appendFile, cp, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { snapshotFromCapture } from '../../../shared/parsers/snapshot-from-capture.ts';
import { ProjectStore } from '../../../electron/core/project/project-store.ts';
import { FileRunStore } from '../../../electron/core/runs/file-run-store.ts';
import { reportFileNames } from '../../../shared/report/render-report.ts';
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

/** A project as it lies on a disk: a board that was read, and a run that has come home. */
async function projectIn(folder: string): Promise<string> {
  process.env['RTVM_BENCH_HOME'] = join(folder, 'home');
  const directory = join(folder, 'line4.rtvm');
  await ProjectStore.create(directory, 'Line <4>');
  const store = await ProjectStore.open(directory, null);
  await store.saveBoard({ schema: 1, id: 'press', name: 'Press 4', role: 'bare', notes: '', hostKeys: [], addedAt: '20261120T100000Z', reach: { kind: 'ssh', jumps: [], target: { address: '192.0.2.17', port: 2222, user: 'bench', login: { method: 'key', keyFile: '/home/ana/.ssh/secret-name' } } } });
  await store.saveBoard({ schema: 1, id: 'practice', name: 'Practice board', role: 'host', notes: '', hostKeys: [], addedAt: '20261119T100000Z', reach: { kind: 'practice', machine: 'dual-xeon' } });
  const capture = await readFile(new URL('../../fixtures/captures/emulated-board-root.capture', import.meta.url), 'utf8');
  const snapshotId = await store.saveSnapshot('press', capture, snapshotFromCapture(capture));
  const journal = sampleJournal();
  const { run } = runWith({ id: 'demo-1', snapshotId, options: { ...runWith().run.options, cpus: [2, 3], segmentSeconds: 1, durationSeconds: 2 }, journalSha256: createHash('sha256').update(journal).digest('hex') });
  await new FileRunStore(directory).save(run);
  await writeFile(join(directory, 'runs', 'demo-1', 'journal'), journal);
  return directory;
}

const filesIn = async (folder: string) => Promise.all((await readdir(folder)).sort().map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const));
const date = '20261121T101500Z';

describe('report', () => {
  it('of a project on disk tells its board, run and evidence; without secrets, and without the unused practice board', async () => {
    const folder = await temporaryFolder();
    const project = await projectIn(folder);
    const out = join(folder, 'out');
    const { code, data } = await runVerb('report', '--project', project, '--out', out, '--date', date, '--signed-off-by', 'A. Person');
    expect([code, data.split('\n')]).toEqual([0, reportFileNames.map((name) => join(out, name))]);
    const files = new Map(await filesIn(out));
    const page = files.get('report.html') ?? '';
    for (const part of ['Line &lt;4&gt;', 'Press 4', 'bench@192.0.2.17:2222', 'Signed off by <strong>A. Person</strong>', 'run-demo-1', 'Guide: Firmware', 'Guide: Bare metal', 'runs/demo-1/journal']) expect(page).toContain(part);
    expect(page).not.toContain('Practice board');
    for (const text of files.values()) expect(text).not.toContain('secret-name');
    expect(page).not.toContain('<strong>no</strong>');
    // The run's own figures, from its journal: 999 + 1000 and 997 + 3 + 1000 samples.
    expect(files.get('runs.csv')).toMatch(/demo-1,Press 4,cyclictest,.*,2,1999,0,10,.*\r\n.*,3,2000,3,10,/);
  });

  it('is the same bytes again, wherever the project lies', async () => {
    const folder = await temporaryFolder();
    const project = await projectIn(folder);
    const [one, two, moved] = [join(folder, 'one'), join(folder, 'two'), join(folder, 'elsewhere.rtvm')];
    await runVerb('report', '--project', project, '--out', one, '--date', date);
    await cp(project, moved, { recursive: true });
    expect((await runVerb('report', '--project', moved, '--out', two, '--date', date)).code).toBe(0);
    expect(await filesIn(two)).toEqual(await filesIn(one));
  });

  it('sees a journal that was changed after it was brought home', async () => {
    const folder = await temporaryFolder();
    const project = await projectIn(folder);
    await appendFile(join(project, 'runs', 'demo-1', 'journal'), 'x\n');
    await runVerb('report', '--project', project, '--out', join(folder, 'out'), '--date', date);
    const page = await readFile(join(folder, 'out', 'report.html'), 'utf8');
    expect(page).toContain('<strong>Not what was written:</strong> runs/demo-1/journal');
  });

  it('without a folder goes into the project, and is no evidence of the next', async () => {
    const folder = await temporaryFolder();
    const project = await projectIn(folder);
    await runVerb('report', '--project', project, '--date', date);
    expect(await readdir(join(project, 'reports', date))).toEqual([...reportFileNames].sort());
    await runVerb('report', '--project', project, '--date', '20261122T101500Z');
    expect(await readFile(join(project, 'reports', '20261122T101500Z', 'report.html'), 'utf8')).not.toContain(`reports/${date}`);
  });

  it('overwrites its own files only', async () => {
    const folder = await temporaryFolder();
    const project = await projectIn(folder);
    const out = join(folder, 'out');
    await mkdir(out);
    await writeFile(join(out, 'mine.txt'), 'kept');
    await runVerb('report', '--project', project, '--out', out, '--date', date, '--sections', 'runs,evidence');
    expect(await readFile(join(out, 'mine.txt'), 'utf8')).toBe('kept');
    expect(await readFile(join(out, 'report.html'), 'utf8')).not.toContain('<section id="summary">');
  });

  it.each([
    [['--sections', 'poetry'], 2, 'no section “poetry”'],
    [['--date', 'tomorrow'], 2, 'no date of a report'],
    [['--runs', 'not-there'], 2, 'no run “not-there”'],
  ])('refuses %j', async (more, code, words) => {
    const folder = await temporaryFolder();
    const said = await runVerb('report', '--project', await projectIn(folder), '--out', join(folder, 'out'), ...more);
    expect([said.code, said.notes]).toEqual([code, expect.stringContaining(words)]);
  });

  it('of no project makes none', async () => {
    const folder = await temporaryFolder();
    const said = await runVerb('report', '--project', join(folder, 'nothing.rtvm'));
    expect([said.code, await readdir(folder)]).toEqual([4, []]);
  });
});
