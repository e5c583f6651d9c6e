import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { build } from 'vite';
import { temporarySuffix, writeAtomically } from '../../../electron/core/project/atomic-write.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

test('100 kills of the core during writes: a file is always whole, old or new', async () => {
  const folder = await temporaryFolder();
  const writer = join(folder, 'writer.mjs');
  await build({
    logLevel: 'silent', configFile: false, ssr: { noExternal: true },
    build: { ssr: 'test/support/endless-writer.ts', outDir: folder, emptyOutDir: false, rollupOptions: { output: { entryFileNames: 'writer.mjs' } } },
  });
  const file = join(folder, 'board.json');
  let versions = 0;
  for (let kill = 0; kill < 100; kill += 1) {
    const child = spawn(process.execPath, [writer, file], { stdio: ['ignore', 'pipe', 'inherit'] });
    // Kill at some write, at a different moment of it each time.
    let heard = '';
    while (heard.length < 1 + (kill % 7)) {
      const [chunk] = await once(child.stdout, 'data') as [Buffer];
      heard += chunk.toString();
    }
    child.kill('SIGKILL');
    await once(child, 'close');
    const written: unknown = JSON.parse(await readFile(file, 'utf8'));
    expect(written).toMatchObject({ schema: 1, padding: 'x'.repeat(50_000) });
    versions += 1;
  }
  expect(versions).toBe(100);
  const leftovers = (await readdir(folder)).filter((name) => name !== 'board.json' && name !== 'writer.mjs');
  expect(leftovers.every((name) => name.endsWith(temporarySuffix))).toBe(true);
}, 120_000);

test('missing folders are made, at once by many; below one that takes none it ends with the reason', async () => {
  const folder = await temporaryFolder();
  const files = ['one', 'two', 'three'].map((name) => join(folder, 'a', 'b', 'c', name));
  await Promise.all(files.map((file) => writeAtomically(file, file)));
  expect(await Promise.all(files.map((file) => readFile(file, 'utf8')))).toEqual(files);
  await expect(writeAtomically(join(files[0] ?? '', 'below a file'), '')).rejects.toMatchObject({ code: 'file-unreadable' });
});

test.skipIf(process.platform !== 'linux')('below /proc, where Node’s own way never ends (skipped: Linux only)', async () => {
  await expect(writeAtomically('/proc/nope/report/report.html', '')).rejects.toMatchObject({ code: 'file-unreadable' });
});
