/** What a terminal on a board is asked for. */
export interface TerminalOptions {
  /** One line for the login shell, made of constants and plain words only; null: the login shell itself. */
  readonly command: string | null;
  readonly columns: number;
  readonly rows: number;
  /** Bytes as they come; a promise holds further output back until it settles. */
  onOutput(chunk: Buffer): void | Promise<void>;
  /** Ends the terminal, also while it is being opened. */
  readonly signal?: AbortSignal;
}

/** A terminal on a board, open until its program ends, the link is lost or it is closed. */
export interface BoardTerminal {
  /** Rejects with `connection-lost`, or with `cancelled` after `close` or a disconnect. */
  readonly done: Promise<{ readonly exitCode: number | null; readonly signal: string | null }>;
  /** Error: `too-large` when the board has not taken what was written before. */
  write(text: string): void;
  resize(columns: number, rows: number): void;
  close(): void;
}
