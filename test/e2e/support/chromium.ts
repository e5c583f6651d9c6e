import { existsSync } from 'node:fs';
import type { Browser, BrowserType } from '@playwright/test';

const candidates = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];

/** The Chromium or Chrome of this machine; null where there is none. */
export const chromiumPath = (): string | null => candidates.find((path) => existsSync(path)) ?? null;

/** A fresh headless browser. Its sandbox cannot start as root, which is how tests run in a container. */
export function openChromium(chromium: BrowserType): Promise<Browser> {
  const executablePath = chromiumPath();
  if (executablePath === null) throw new Error('Chromium is not installed here.');
  return chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
}
