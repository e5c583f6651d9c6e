import { FitAddon } from '@xterm/addon-fit';
import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';

/** A terminal on the screen. */
export interface ScreenTerminal {
  readonly size: { readonly columns: number; readonly rows: number };
  show(text: string): void;
  focus(): void;
  /** Begins with an empty screen. */
  clear(): void;
  dispose(): void;
}

export interface ScreenTerminalListener {
  onTyped(text: string): void;
  onResized(columns: number, rows: number): void;
  /** The key that leaves the terminal was pressed: Tab and Esc belong to what runs in it. */
  onLeave(): void;
}

/** Dark whatever the window is: what programs colour is meant for that. */
const theme = { background: '#15181c', foreground: '#e7eaee', cursor: '#6cb2f7', cursorAccent: '#15181c', selectionBackground: '#2f4d6b' };

/** Makes a terminal that fills `place` and follows its size. */
export function openScreenTerminal(place: HTMLElement, { onTyped, onResized, onLeave }: ScreenTerminalListener): ScreenTerminal {
  const terminal = new Terminal({
    theme, fontFamily: '"JetBrains Mono", ui-monospace, "DejaVu Sans Mono", monospace', fontSize: 13, scrollback: 5_000, cursorBlink: false,
    // What a board prints opens nothing.
    linkHandler: { activate: () => undefined },
  });
  const fit = new FitAddon();
  terminal.loadAddon(fit);
  terminal.open(place);
  const fill = () => {
    const wanted = fit.proposeDimensions();
    if (wanted && wanted.cols >= 2 && wanted.rows >= 2) terminal.resize(Math.min(wanted.cols, 1000), Math.min(wanted.rows, 1000));
  };
  fill();
  terminal.onData(onTyped);
  terminal.onResize(({ cols, rows }) => { onResized(cols, rows); });
  terminal.attachCustomKeyEventHandler((event) => {
    if (event.key !== 'Escape' || !event.shiftKey) return true;
    if (event.type === 'keydown') onLeave();
    return false;
  });
  const watcher = new ResizeObserver(fill);
  watcher.observe(place);
  return {
    get size() { return { columns: terminal.cols, rows: terminal.rows }; },
    show: (text) => { terminal.write(text); },
    focus: () => { terminal.focus(); },
    clear: () => { terminal.reset(); },
    dispose: () => {
      watcher.disconnect();
      terminal.dispose();
    },
  };
}
