import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openBrowser } from '../../../electron/hosts/browser-window/open-browser.ts';
import { startWindowServer } from '../../../electron/hosts/browser-window/window-server.ts';
import type { RendererFiles } from '../../../electron/hosts/shared/renderer-files.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const browserPath = '/usr/bin/chromium';
const page = (contentType: string, text: string) => ({ contentType, cacheControl: 'no-store', body: Buffer.from(text) });
const files: RendererFiles = new Map([
  ['/index.html', page('text/html', '<!doctype html><title>t</title><script type="module" src="/a.js"></script>')],
  ['/a.js', page('text/javascript', 'new WebSocket(`ws://${location.host}/link`);')],
]);
// Without a display, and as root without the sandbox that cannot start there: in tests only.
const extraFlags = ['--headless=new', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])];

/** What any user of this machine can read of the processes' arguments. */
async function allCommandLines(): Promise<string> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const texts = await Promise.all(pids.map((pid) => readFile(join('/proc', pid, 'cmdline'), 'utf8').catch(() => '')));
  return texts.join('\n');
}

describe.skipIf(!existsSync(browserPath))('the app window (skipped where Chromium is not installed)', () => {
  it('opens with the token handed over unseen, and leaves no profile behind', async () => {
    const stateDirectory = await temporaryFolder();
    let opened: () => void = () => { /* replaced at once */ };
    const windowIsOpen = new Promise<void>((settle) => { opened = settle; });
    const server = await startWindowServer({ files, port: 0, serve: () => { opened(); } });
    const address = server.newAddress();

    const window = await openBrowser({ browserPath, address, stateDirectory, extraFlags });
    await windowIsOpen;
    const commandLines = await allCommandLines();
    expect(commandLines).toContain(`--app=http://127.0.0.1:${server.port}/launch`);
    expect(commandLines).not.toContain(new URL(address).hash.slice(1));
    expect(commandLines).not.toContain('--remote-debugging-port');

    window.close();
    await window.ended;
    expect(await readdir(join(stateDirectory, 'browser-window'))).toEqual([]);
    await server.close();
  });

  it('says why when the browser does not start', async () => {
    const stateDirectory = await temporaryFolder();
    const opening = openBrowser({ browserPath: '/bin/false', address: 'http://127.0.0.1:9/launch#x', stateDirectory });
    await expect(opening).rejects.toThrow('The browser did not start');
    expect(await readdir(join(stateDirectory, 'browser-window'))).toEqual([]);
  });
});
