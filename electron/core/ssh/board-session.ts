import type { Duplex } from 'node:stream';
import type { Connection } from '../../../shared/model/connection.ts';
import type { BoardTerminal, TerminalOptions } from './board-terminal.ts';
import type { ReverseForward } from './reverse-forward.ts';
import type { Uploaded, UploadRequest } from './upload.ts';

/** A script of ours from electron/board-scripts. Its text is constant: whatever varies travels as arguments. */
export interface BoardScript {
  readonly name: string;
  readonly text: string;
}

export interface ExecOptions {
  /** Arguments of the script, arbitrary strings: carried as data, never seen by a shell as text to interpret. */
  readonly args?: readonly string[];
  /**
   * `never`: as the login user. `if-possible`: as root when we are root, when sudo needs no password or when the
   * password has been given already; never asks. `required`: asks for the sudo password if one is needed.
   */
  readonly root?: 'never' | 'if-possible' | 'required';
  /** Shown to the person who is asked for a sudo password. */
  readonly reason?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface ExecResult {
  /** null when the server reported a signal or the channel ended without a status. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stdout: Buffer;
  readonly stderr: string;
  readonly asRoot: boolean;
}

export interface StreamHandle {
  /** Settles when the script ends, the link is lost (`connection-lost`) or `close` is called (`cancelled`). */
  readonly done: Promise<ExecResult>;
  close(): void;
}

/**
 * One board, one SSH connection, channels multiplexed on it. Connects on first use, reconnects with back-off.
 * Every method rejects with CodedError only.
 */
export interface BoardSession {
  readonly boardId: string;
  connect(signal?: AbortSignal): Promise<Connection>;
  exec(script: BoardScript, options?: ExecOptions): Promise<ExecResult>;
  /** Like exec, but hands standard output on as it comes. `exec`'s stdout is then empty. */
  stream(script: BoardScript, options: ExecOptions & { onStdout(chunk: Buffer): void }): Promise<StreamHandle>;
  /**
   * Hands connections made to a port of the board's own loopback to `onConnection`; nothing listens on this computer. Ends
   * with the link and is not renewed. Error besides: `forwarding-refused`.
   */
  reverseForward(onConnection: (stream: Duplex) => void, signal?: AbortSignal): Promise<ReverseForward>;
  /**
   * Copies a file of this computer to the board as the login user, going on where an earlier copy ended. The caller compares
   * a checksum. Errors besides: `file-unreadable`, `sftp-refused`, `board-disk-full`.
   */
  upload(request: UploadRequest): Promise<Uploaded>;
  /**
   * A connection from the board on to another machine, as a jump host makes it. Errors besides: `jump-forwarding-refused`,
   * `connection-refused`, `connection-timeout`, `host-not-found`.
   */
  reach(target: { readonly address: string; readonly port: number }, signal?: AbortSignal): Promise<Duplex>;
  /** Opens a terminal as the login user: what a person would have who logs in. It takes one of the board's channels while it is open. */
  terminal(options: TerminalOptions): Promise<BoardTerminal>;
  connection(): Connection;
  onConnection(listener: (connection: Connection) => void): () => void;
  /** Bytes received on and sent over the transport since the session was made, encryption included. */
  traffic(): { receivedBytes: number; sentBytes: number };
  disconnect(): Promise<void>;
}
