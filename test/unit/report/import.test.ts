import { createHash } from 'node:crypto';
import { readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { importResults } from '../../../electron/core/import/import-results.ts';
import { listImports, outputPathOf, readImport, removeImport } from '../../../electron/core/import/import-store.ts';
import { ProjectStore } from '../../../electron/core/project/project-store.ts';
import { commandOfOutput } from '../../../shared/parsers/command-of-output.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const fixture = (name: string) => readFile(new URL(`../../fixtures/${name}`, import.meta.url));
const summaryXml = '<?xml version="1.0"?>\n<rteval version="3.8">\n<Measurements>\n<cyclictest command_line="cyclictest -i100 -qmu">\n<core id="2" priority="95"><statistics><samples>3</samples><minimum unit="us">4</minimum><maximum unit="us">9</maximum><mean unit="us">6</mean></statistics><histogram nbuckets="10">\n<bucket index="4" value="2"/>\n<bucket index="9" value="1"/>\n</histogram></core>\n</cyclictest>\n</Measurements>\n</rteval>\n';

async function project(readOnlyReason: string | null = null): Promise<ProjectStore> {
  const directory = join(await temporaryFolder(), 'line4.rtvm');
  await ProjectStore.create(directory, 'Line 4');
  const store = await ProjectStore.open(directory, null);
  await store.saveBoard({ schema: 1, id: 'press', name: 'Press 4', role: 'bare', notes: '', hostKeys: [], addedAt: '20261120T100000Z', reach: { kind: 'practice', machine: 'dual-xeon' } });
  return ProjectStore.open(directory, readOnlyReason);
}

const file = (name: string, bytes: Uint8Array | string) => ({ name, bytesBase64: Buffer.from(bytes).toString('base64') });
const request = (files: ReturnType<typeof file>[], more: { boardId?: string; label?: string; format?: string } = {}) => ({ files, boardId: null, label: null, format: null, ...more });
const runsOf = (store: ProjectStore) => readdir(join(store.directory, 'runs')).catch(() => []);

describe('importing results', () => {
  it('keeps each file as it came, with its hash, and tells what it says', async () => {
    const store = await project();
    const json = await fixture('cyclictest/json_hist.json');
    const [old, xml] = await importResults(store, request([file('old.json', json), file('summary.xml', summaryXml)], { boardId: 'press', label: 'Line 4' }));
    expect([old?.label, old?.boardName, old?.tool, old?.file.sha256]).toEqual(['Line 4: old.json', 'Press 4', 'cyclictest', createHash('sha256').update(json).digest('hex')]);
    expect([xml?.format, xml?.version, xml?.command]).toEqual(['rteval', '3.8', 'cyclictest -i100 -qmu']);
    expect(await readFile(join(store.directory, outputPathOf(old?.id ?? '')))).toEqual(json);
    expect((await listImports(store)).map(({ id }) => id).sort()).toEqual([old?.id, xml?.id].sort());
    const read = await readImport(store, xml?.id ?? '');
    expect(read?.output.distributions.map(({ cpu, samples, maxNs }) => [cpu, samples, maxNs])).toEqual([[2, 3, 9000]]);
  });

  it.each([
    ['nothing anybody knows', 'notes.txt', 'all was well\n', 'notes.txt'],
    ['a file that is cut', 'cut.xml', summaryXml.slice(0, 150), 'cut.xml'],
    ['an archive', 'rteval.tar.bz2', new Uint8Array([66, 90, 104, 0, 1, 2]), 'rteval.tar.bz2'],
    ['nothing at all', 'empty.txt', '', 'empty.txt'],
  ])('stores none of the files when one is %s', async (_what, name, bytes, words) => {
    const store = await project();
    const attempt = importResults(store, request([file('good.json', await fixture('cyclictest/json_hist.json')), file(name, bytes)]));
    await expect(attempt).rejects.toMatchObject({ code: 'output-unreadable', message: expect.stringContaining(words), extras: { state: 'None of the files was brought in.' } });
    expect(await runsOf(store)).toEqual([]);
  });

  it('names the line where the tool is known and its output is none', async () => {
    const store = await project();
    const text = await fixture('oslat/run_json.txt');
    await expect(importResults(store, request([file('bad.txt', text)], { format: 'cyclictest' }))).rejects.toMatchObject({ code: 'output-unreadable', message: expect.stringMatching(/^bad\.txt: Line 1 /) });
    expect(await runsOf(store)).toEqual([]);
  });

  it('says that none was brought in when they cannot be written', async () => {
    const store = await project();
    await symlink(join(store.directory, 'gone', 'away'), join(store.directory, 'runs'));
    await expect(importResults(store, request([file('good.json', await fixture('cyclictest/json_hist.json'))]))).rejects.toMatchObject({ code: 'file-unreadable', extras: { state: 'None of the files was brought in.' } });
    expect(await listImports(store)).toEqual([]);
  });

  it('refuses a board that is not there, a format that is not known, and a project that is read-only', async () => {
    const good = [file('good.json', await fixture('cyclictest/json_hist.json'))];
    await expect(importResults(await project(), request(good, { boardId: 'nobody' }))).rejects.toMatchObject({ code: 'board-unknown' });
    await expect(importResults(await project(), request(good, { format: 'magic' }))).rejects.toMatchObject({ code: 'format-unknown' });
    await expect(importResults(await project('it is in use.'), request(good))).rejects.toMatchObject({ code: 'project-locked' });
  });

  it('says so when the file is not what was brought in', async () => {
    const store = await project();
    const [run] = await importResults(store, request([file('summary.xml', summaryXml)]));
    await writeFile(join(store.directory, outputPathOf(run?.id ?? '')), summaryXml.replace('index="9"', 'index="8"'));
    expect((await readImport(store, run?.id ?? ''))?.output.warnings.join()).toContain('SHA-256 differs');
  });

  it('is taken out to where it can be found again', async () => {
    const store = await project();
    const [run] = await importResults(store, request([file('summary.xml', summaryXml)]));
    await removeImport(store, run?.id ?? '');
    expect([await listImports(store), (await readdir(join(store.directory, 'removed'))).length]).toEqual([[], 1]);
    await expect(removeImport(store, run?.id ?? '')).rejects.toMatchObject({ code: 'run-unknown' });
    await expect(removeImport(store, '../boards')).rejects.toMatchObject({ code: 'run-unknown' });
  });

  it('notes one whose description is damaged, and lists the others', async () => {
    const store = await project();
    const [damaged, good] = await importResults(store, request([file('a.xml', summaryXml), file('b.xml', summaryXml)]));
    await writeFile(join(store.directory, 'runs', damaged?.id ?? '', 'import.json'), '{');
    expect((await listImports(store)).map(({ id }) => id)).toEqual([good?.id]);
    expect(store.quarantined.map(({ file: name }) => name)).toEqual([join('runs', damaged?.id ?? '', 'import.json')]);
  });
});

describe('commandOfOutput', () => {
  it.each([
    ['{\n  "file_version": 1,\n  "cmdline:": "cyclictest -q -h 100",\n', 'cyclictest -q -h 100'],
    ['<cyclictest command_line="cyclictest -i100">', 'cyclictest -i100'],
    ['   Measurements: \n          Command: rtla timerlat hist\n', 'rtla timerlat hist'],
    ['T: 0 ( 1) P:80 I:1000 C: 10 Min: 1 Act: 2 Avg: 2 Max: 3', null],
  ])('of %j', (text, command) => { expect(commandOfOutput(text)).toBe(command); });

  it('is total', () => { fc.assert(fc.property(fc.string(), (text) => { expect(['string', 'object']).toContain(typeof commandOfOutput(text)); })); });
});
