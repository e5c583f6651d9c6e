import { describe, expect, it } from 'vitest';
import type { BrowserWindow } from '../../../electron/hosts/browser-window/open-browser.ts';
import { WindowLife } from '../../../electron/hosts/browser-window/window-life.ts';

/** A browser that ends when it is told to, and counts. */
function fakeBrowser() {
  let settle: () => void = () => { /* replaced at once */ };
  const ended = new Promise<void>((end) => { settle = end; });
  const browser = { closes: 0, ended, close: () => { browser.closes += 1; settle(); }, crash: () => { settle(); } };
  return browser satisfies BrowserWindow;
}

async function hasEnded(life: WindowLife): Promise<boolean> {
  const pending = Symbol('pending');
  await new Promise(setImmediate);
  return (await Promise.race([life.ended, Promise.resolve(pending)])) !== pending;
}

describe('how long the browser-window host lives', () => {
  it('ends when the app window was closed', async () => {
    const life = new WindowLife(0);
    const browser = fakeBrowser();
    life.follow(browser);
    life.windows(1);
    life.windows(0);
    await life.ended;
    expect(browser.closes).toBe(1);
  });

  it('stays while another window is open, and ends with it', async () => {
    const life = new WindowLife(0);
    const browser = fakeBrowser();
    life.follow(browser);
    life.windows(2);
    browser.crash();
    expect(await hasEnded(life)).toBe(false);
    life.windows(0);
    await life.ended;
  });

  it('lets a page that is loaded again come back', async () => {
    const life = new WindowLife(60_000);
    const browser = fakeBrowser();
    life.follow(browser);
    life.windows(1);
    life.windows(0);
    life.windows(1);
    expect(await hasEnded(life)).toBe(false);
    expect(browser.closes).toBe(0);
    life.end();
    await life.ended;
  });

  it('without an app window waits for the terminal', async () => {
    const life = new WindowLife(0);
    life.windows(1);
    life.windows(0);
    expect(await hasEnded(life)).toBe(false);
    life.end();
    await life.ended;
  });

  it('closes the app window when the terminal says stop', async () => {
    const life = new WindowLife(0);
    const browser = fakeBrowser();
    life.follow(browser);
    life.windows(1);
    life.end();
    await life.ended;
    expect(browser.closes).toBe(1);
  });
});
