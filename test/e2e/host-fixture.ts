import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { chromiumPath, openChromium } from './support/chromium.ts';
import { electronObstacle, launchElectron } from './support/electron-window.ts';
import { startHost, type RunningHost } from './support/host-process.ts';
import { gatherViolations } from './support/violations.ts';

export type HostName = 'browser-window' | 'electron';
export interface HostOptions { hostName: HostName }

/** One running application, with a home folder and a first project of its own: the practice board is in it. */
export interface Bench {
  readonly hostName: HostName;
  /** The window, showing the first screen. */
  readonly page: Page;
  /** Everything the application keeps is in here. */
  readonly home: string;
  readonly projectDirectory: string;
  /** The browser-window host's process; null under Electron, whose host is the window. */
  readonly host: RunningHost | null;
  /** Violations of the security policy, uncaught errors and errors on the console, since the window opened. */
  readonly violations: readonly string[];
}

interface Opened { readonly page: Page; readonly context: BrowserContext; readonly host: RunningHost | null; close(): Promise<void> }

/** `bench` opens the application of the project that runs the spec, and keeps a trace when the spec fails. */
export const test = base.extend<HostOptions & { bench: Bench }, { machineBrowser: () => Promise<Browser> }>({
  hostName: ['browser-window', { option: true }],
  // One browser serves all specs of a worker, each in a context of its own.
  machineBrowser: [async ({ playwright }, use) => {
    const started: Promise<Browser>[] = [];
    await use(() => {
      const browser = started[0] ?? openChromium(playwright.chromium);
      started[0] = browser;
      return browser;
    });
    for (const browser of started) await (await browser).close();
  }, { scope: 'worker' }],
  bench: async ({ hostName, viewport, machineBrowser }, use, testInfo) => {
    const obstacle = hostName === 'electron' ? electronObstacle() : chromiumPath() === null ? 'Chromium is not installed here.' : null;
    testInfo.skip(obstacle !== null, obstacle ?? '');

    const home = await mkdtemp(join(tmpdir(), 'rtvm-bench-e2e-'));
    const projectDirectory = join(home, 'first-bench.rtvm');
    const violations: string[] = [];
    const opened = hostName === 'electron' ? await openElectron(home) : await openBrowserWindow(home, await machineBrowser(), viewport, violations);
    try {
      await opened.context.tracing.start({ snapshots: true, sources: true });
      if (hostName === 'electron') await gatherViolations(opened.page, violations);
      await opened.page.locator('#app > *').first().waitFor();
      await use({ hostName, page: opened.page, home, projectDirectory, host: opened.host, violations });
    } finally {
      const hasFailed = testInfo.status !== testInfo.expectedStatus;
      const trace = testInfo.outputPath('trace.zip');
      await opened.context.tracing.stop(hasFailed ? { path: trace } : {}).catch(() => { /* the window is gone already */ });
      if (hasFailed) testInfo.attachments.push({ name: 'trace', path: trace, contentType: 'application/zip' });
      await opened.close();
      await rm(home, { recursive: true, force: true });
    }
  },
});

export { expect } from '@playwright/test';

async function openBrowserWindow(home: string, browser: Browser, viewport: { width: number; height: number } | null, violations: string[]): Promise<Opened> {
  const host = await startHost(home);
  const context = await browser.newContext({ viewport });
  const page = await context.newPage();
  await gatherViolations(page, violations);
  await page.goto(host.address);
  return {
    page, context, host,
    close: async () => {
      await context.close();
      await host.stop();
    },
  };
}

async function openElectron(home: string): Promise<Opened> {
  const application = await launchElectron(home);
  const page = await application.firstWindow();
  return { page, context: application.context(), host: null, close: () => application.close() };
}
