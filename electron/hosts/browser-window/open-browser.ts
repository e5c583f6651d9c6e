import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { launch, type LaunchedChrome } from 'chrome-launcher';
import { z } from 'zod';
import { DevtoolsPipe } from './devtools-pipe.ts';
import { isSnap } from './find-browser.ts';

const startDeadlineMs = 15_000;

/** Flags of an app window that keeps to itself: nothing fetched, nothing reported, no first-run pages. The sandbox stays on. */
const flags = [
  '--remote-debugging-pipe', '--no-first-run', '--no-default-browser-check', '--no-service-autorun', '--no-proxy-server',
  '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-default-apps', '--disable-extensions',
  '--disable-domain-reliability', '--disable-breakpad', '--disable-features=Translate,OptimizationHints,MediaRouter,InterestFeedContentSuggestions',
  '--metrics-recording-only', '--password-store=basic', '--use-mock-keychain', '--window-size=1440,900',
];

export interface OpenBrowserOptions {
  readonly browserPath: string;
  /** A launch address: its secret part is handed over by pipe, never on a command line that others can read. */
  readonly address: string;
  readonly stateDirectory: string;
  readonly extraFlags?: readonly string[];
}

export interface BrowserWindow {
  /** Settles when the browser has ended and its profile is gone. */
  readonly ended: Promise<void>;
  close(): void;
}

/** Opens the address as an app window with a profile of its own. Errors: the browser did not start, in its own words. */
export async function openBrowser(options: OpenBrowserOptions): Promise<BrowserWindow> {
  const profile = await newProfile(options);
  const page = new URL(options.address);
  page.hash = '';
  const chrome = await launch({
    chromePath: options.browserPath,
    userDataDir: profile,
    ignoreDefaultFlags: true,
    handleSIGINT: false,
    chromeFlags: [...flags, ...(options.extraFlags ?? [])],
    startingUrl: `--app=${page.href}`,
    logLevel: 'silent',
  });
  const ended = new Promise<void>((settle) => {
    chrome.process.once('exit', () => { settle(); });
    chrome.process.once('error', () => { settle(); });
  }).then(() => rm(profile, { recursive: true, force: true, maxRetries: 5 }));

  try {
    const pipe = await withinDeadline(handOver(chrome, page.href, options.address));
    return { ended, close: () => { pipe.send('Browser.close', {}).catch(() => { chrome.kill(); }); } };
  } catch (thrown) {
    const said = await lastWords(profile);
    chrome.kill();
    await ended;
    throw new Error(`The browser did not start${said === '' ? '' : `: ${said}`}`, { cause: thrown });
  }
}

const targetsSchema = z.object({ targetInfos: z.array(z.object({ targetId: z.string(), type: z.string(), url: z.string() })) });
const sessionSchema = z.object({ sessionId: z.string() });

/** Waits for the app window's page and sends it to the full address. */
async function handOver(chrome: LaunchedChrome, pageAddress: string, address: string): Promise<DevtoolsPipe> {
  if (!chrome.remoteDebuggingPipes) throw new Error('The browser has no control pipe.');
  const pipe = new DevtoolsPipe(chrome.remoteDebuggingPipes);
  for (;;) {
    const { targetInfos } = targetsSchema.parse(await pipe.send('Target.getTargets', {}));
    const page = targetInfos.find((target) => target.type === 'page' && target.url.startsWith(pageAddress));
    if (page) {
      const { sessionId } = sessionSchema.parse(await pipe.send('Target.attachToTarget', { targetId: page.targetId, flatten: true }));
      await pipe.send('Page.navigate', { url: address }, sessionId);
      await pipe.send('Target.detachFromTarget', { sessionId });
      return pipe;
    }
    await new Promise((next) => setTimeout(next, 50));
  }
}

async function withinDeadline<T>(work: Promise<T>): Promise<T> {
  const timer = new AbortController();
  const late = new Promise<never>((_, fail) => {
    const handle = setTimeout(() => { fail(new Error('It showed no window in time.')); }, startDeadlineMs);
    timer.signal.addEventListener('abort', () => { clearTimeout(handle); });
  });
  return Promise.race([work, late]).finally(() => { timer.abort(); });
}

/** A browser from a snap may not read hidden folders of the home: its profile goes where snaps keep theirs. */
async function newProfile({ browserPath, stateDirectory }: OpenBrowserOptions): Promise<string> {
  const parent = await isSnap(browserPath) ? join(homedir(), 'snap', 'chromium', 'common', 'rtvm-bench') : join(stateDirectory, 'browser-window');
  await mkdir(parent, { recursive: true, mode: 0o700 });
  return mkdtemp(join(parent, 'profile-'));
}

async function lastWords(profile: string): Promise<string> {
  const log = await readFile(join(profile, 'chrome-err.log'), 'utf8').catch(() => '');
  return log.trim().split('\n').at(-1)?.slice(0, 300) ?? '';
}
