import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import type { Board } from '../../../shared/model/board.ts';
import { ProjectStore } from '../../../electron/core/project/project-store.ts';
import { boardIdFor } from '../../../electron/core/boards/board-id.ts';
import { idSchema } from '../../../shared/model/board.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const board = (id: string, name = id): Board => ({
  schema: 1, id, name, role: 'host', notes: '', hostKeys: [], addedAt: '20261120T141000Z',
  reach: { kind: 'ssh', target: { address: '192.0.2.1', port: 22, user: 'root', login: { method: 'agent' } }, jumps: [] },
});

async function newProject(): Promise<{ directory: string; store: ProjectStore }> {
  const directory = join(await temporaryFolder(), 'line4.rtvm');
  await ProjectStore.create(directory, 'Line 4');
  return { directory, store: await ProjectStore.open(directory, null) };
}

describe('a project folder', () => {
  test('gives back what was put in, after opening it again', async () => {
    const { directory, store } = await newProject();
    await store.saveBoard(board('press-host', 'Press “host” ½'));
    const again = await ProjectStore.open(directory, null);
    expect(await again.boards()).toEqual([board('press-host', 'Press “host” ½')]);
    expect((await again.project()).name).toBe('Line 4');
  });

  test('is not made over another one, nor over a folder with other things in it', async () => {
    const { directory } = await newProject();
    await expect(ProjectStore.create(directory, 'again')).rejects.toMatchObject({ code: 'project-exists' });
    const other = await temporaryFolder();
    await writeFile(join(other, 'letter.txt'), 'dear …');
    await expect(ProjectStore.create(other, 'x')).rejects.toMatchObject({ code: 'project-exists' });
  });

  test('refuses a newer form and leaves the file as it was', async () => {
    const { directory, store } = await newProject();
    await store.saveBoard(board('a'));
    const file = join(directory, 'boards', 'a', 'board.json');
    const newer = JSON.stringify({ schema: 2, id: 'a', tomorrow: true });
    await writeFile(file, newer);
    expect(await store.boards()).toEqual([]);
    expect(store.quarantined).toMatchObject([{ file: join('boards', 'a', 'board.json'), movedTo: null }]);
    expect(await readFile(file, 'utf8')).toBe(newer);

    await writeFile(join(directory, 'project.json'), JSON.stringify({ schema: 7 }));
    await expect(ProjectStore.open(directory, null)).rejects.toMatchObject({ code: 'project-newer' });
  });

  test('quarantines a file it cannot read, names it, and opens the rest', async () => {
    const { directory, store } = await newProject();
    await store.saveBoard(board('good'));
    await store.saveBoard(board('bad'));
    await writeFile(join(directory, 'boards', 'bad', 'board.json'), '{ "schema": 1, "id": ');
    expect((await store.boards()).map((one) => one.id)).toEqual(['good']);
    const [entry] = store.quarantined;
    expect(entry).toMatchObject({ file: join('boards', 'bad', 'board.json') });
    expect(await readFile(join(directory, entry?.movedTo ?? ''), 'utf8')).toBe('{ "schema": 1, "id": ');
  });

  test('changes nothing when open read-only', async () => {
    const { directory } = await newProject();
    const reader = await ProjectStore.open(directory, 'it is in use elsewhere.');
    await expect(reader.saveBoard(board('x'))).rejects.toMatchObject({ code: 'project-locked' });
    await mkdir(join(directory, 'boards', 'bad'), { recursive: true });
    await writeFile(join(directory, 'boards', 'bad', 'board.json'), 'nonsense');
    expect(await reader.boards()).toEqual([]);
    expect(reader.quarantined).toMatchObject([{ movedTo: null }]);
    expect(await readdir(directory)).not.toContain('quarantine');
  });

  test('keeps the files of a removed board', async () => {
    const { directory, store } = await newProject();
    await store.saveBoard(board('old'));
    await store.removeBoard('old');
    expect(await store.boards()).toEqual([]);
    expect((await readdir(join(directory, 'removed'))).some((name) => name.startsWith('old-'))).toBe(true);
    await expect(store.board('old')).rejects.toMatchObject({ code: 'board-unknown' });
  });

  test('any content of a board file is a board, or quarantined: never a crash, never lost', async () => {
    const { directory, store } = await newProject();
    await mkdir(join(directory, 'boards', 'b'), { recursive: true });
    await fc.assert(fc.asyncProperty(fc.oneof(fc.json(), fc.string(), fc.string({ unit: 'binary' })), async (content) => {
      const file = join(directory, 'boards', 'b', 'board.json');
      await writeFile(file, content);
      const boards = await (await ProjectStore.open(directory, 'property test')).boards();
      expect(boards).toEqual([]);
      expect(await readFile(file, 'utf8')).toBe(Buffer.from(content).toString('utf8'));
    }), { numRuns: 300 });
    expect(await store.boards()).toEqual([]);
  });
});

describe('board ids', () => {
  test('are valid and free for any name', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), fc.array(fc.string()), (name, taken) => {
      const id = boardIdFor(name, taken);
      expect(idSchema.safeParse(id).success).toBe(true);
      expect(taken).not.toContain(id);
      expect(boardIdFor(name, [...taken, id])).not.toBe(id);
    }), { numRuns: 1_000 });
  });
});
