import type { BrowserWindow } from './open-browser.ts';

/** A page that is loaded again is away for a moment; one that was closed stays away. */
const reloadGraceMs = 3_000;

/**
 * How long the host lives. With an app window of its own: until that browser has ended and no other window is open; an
 * app window that has lost its last page is told to end (on macOS a browser stays without windows). With none: until
 * the terminal says stop. Runs go on on their boards either way.
 */
export class WindowLife {
  readonly ended: Promise<void>;
  readonly #graceMs: number;
  #settle: () => void = () => { /* replaced at once */ };
  #browser: BrowserWindow | null = null;
  #browserHasEnded = false;
  #windows = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(graceMs: number = reloadGraceMs) {
    this.#graceMs = graceMs;
    this.ended = new Promise((settle) => { this.#settle = settle; });
  }

  /** Ties the host to the app window it opened. */
  follow(browser: BrowserWindow): void {
    this.#browser = browser;
    void browser.ended.then(() => {
      this.#browserHasEnded = true;
      this.#consider();
    });
  }

  /** Told each time the number of connected windows changes. */
  windows(count: number): void {
    this.#windows = count;
    clearTimeout(this.#timer);
    this.#consider();
  }

  end(): void {
    clearTimeout(this.#timer);
    if (!this.#browser || this.#browserHasEnded) this.#settle();
    else {
      void this.#browser.ended.then(() => { this.#settle(); });
      this.#browser.close();
    }
  }

  #consider(): void {
    if (!this.#browser || this.#windows > 0) return;
    if (this.#browserHasEnded) this.#settle();
    else this.#timer = setTimeout(() => { this.#browser?.close(); }, this.#graceMs);
  }
}
