import { spawn } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CodedError } from '../../../shared/contract/errors.ts';
import type { PdfPort } from '../../core/report/pdf-port.ts';
import { installedBrowser, isSnap } from '../browser-window/find-browser.ts';

/** A report of a thousand runs takes seconds; a browser that hangs is not waited for. */
const deadlineMs = 120_000;

/** Nothing fetched, nothing reported; page headers are the page's own. The sandbox stays on. */
const flags = [
  '--headless', '--no-first-run', '--no-default-browser-check', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--disable-extensions', '--disable-breakpad', '--no-proxy-server', '--metrics-recording-only', '--no-pdf-header-footer',
];

/** Chromium keeps its sandbox only where it is not root: there it prints as this user, who owns nothing. */
const nobody = 65_534;

/** Prints with the Chrome, Chromium or Edge of this computer, in a profile of its own that is gone afterwards. */
export function printWithChromium(find: typeof installedBrowser = installedBrowser): PdfPort {
  return {
    print: async (html) => {
      const browser = find();
      if (browser.kind === 'none') throw unavailable(`${browser.reason}.`);
      const folder = await temporaryFolder(browser.path);
      const asNobody = process.platform === 'linux' && process.getuid?.() === 0;
      try {
        const [page, pdf] = [join(folder, 'report.html'), join(folder, 'report.pdf')];
        await writeFile(page, html, { mode: 0o600 });
        if (asNobody) for (const path of [folder, page]) await chown(path, nobody, nobody);
        await printed(browser.path, [...flags, `--user-data-dir=${join(folder, 'profile')}`, `--print-to-pdf=${pdf}`, pathToFileURL(page).href], folder, asNobody);
        return await readFile(pdf).catch(() => { throw unavailable(`${browser.name} made no file.`); });
      } finally {
        await rm(folder, { recursive: true, force: true, maxRetries: 5 });
      }
    },
  };
}

async function temporaryFolder(browserPath: string): Promise<string> {
  // A browser from a snap has a /tmp of its own.
  const parent = await isSnap(browserPath) ? join(homedir(), 'snap', 'chromium', 'common', 'rtvm-bench') : tmpdir();
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, 'rtvm-bench-print-'));
  await chmod(folder, 0o700);
  return folder;
}

function printed(path: string, args: readonly string[], home: string, asNobody: boolean): Promise<void> {
  return new Promise((settle, fail) => {
    const child = spawn(path, args, { stdio: ['ignore', 'ignore', 'pipe'], timeout: deadlineMs, killSignal: 'SIGKILL', ...(asNobody ? { uid: nobody, gid: nobody, cwd: home, env: { ...process.env, HOME: home } } : {}) });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => { said = `${said}${text}`.slice(-4_000); });
    child.once('error', (error) => { fail(unavailable(`the browser did not start (${error.message}).`)); });
    child.once('close', (code) => {
      if (code === 0) settle();
      else fail(unavailable(`the browser ended with ${code === null ? 'no answer in time' : `status ${String(code)}`}: ${said.trim().split('\n').at(-1)?.slice(0, 300) ?? ''}`));
    });
  });
}

const unavailable = (why: string) => new CodedError('pdf-unavailable', `The report could not be printed: ${why}`, {
  state: 'Its other files are written.', next: 'Open report.html in any browser and print it to PDF: its page headers and A4 pages are its own.',
});
