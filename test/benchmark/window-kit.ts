import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from '@playwright/test';
import { chromiumPath, openChromium } from '../e2e/support/chromium.ts';
import { startHost, type RunningHost } from '../e2e/support/host-process.ts';
import { skipped, type Measured } from './benchmark.ts';

export interface Window {
  readonly browser: Browser;
  readonly page: Page;
  readonly host: RunningHost;
  /** Where the host keeps its first project. */
  readonly projectDirectory: string;
}

/** Gives `measure` a Chromium and a freshly started browser-window host with a home of its own; nothing is open in it yet. */
export async function withWindow(measure: (window: Window) => Promise<Measured>): Promise<Measured> {
  if (chromiumPath() === null) return skipped('Chromium is not installed here.');
  const home = mkdtempSync(join(tmpdir(), 'rtvm-bench-window-'));
  const host = await startHost(home);
  const browser = await openChromium(chromium);
  try {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    return await measure({ browser, page: await context.newPage(), host, projectDirectory: join(home, 'first-bench.rtvm') });
  } finally {
    await browser.close();
    await host.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

/** Memory that a process has in RAM, MB; null where the system does not say so in /proc. */
export function residentMb(pid: number): number | null {
  if (process.platform !== 'linux') return null;
  const kb = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1];
  return kb === undefined ? null : Number(kb) / 1_000;
}
