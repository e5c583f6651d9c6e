import type { Socket } from 'node:net';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { Client, SFTPWrapper } from 'ssh2';
import { CodedError } from '../../../shared/contract/errors.ts';
import type { ChannelGate } from './channel-gate.ts';
import { lostError } from './connect-errors.ts';
import type { Peer } from './connect-errors.ts';

export interface UploadRequest {
  readonly localPath: string;
  /** Absolute, on the board, and writable for the login user. What is there counts as a beginning of the same file. */
  readonly remotePath: string;
  onProgress?(sentBytes: number, totalBytes: number): void;
  readonly signal?: AbortSignal;
}

/** The connection of a board that a file takes; `socket` carries it. */
export interface UploadWay {
  readonly client: Client;
  readonly socket: Socket;
  readonly gate: ChannelGate;
  readonly peer: Peer;
}

export interface Uploaded {
  readonly totalBytes: number;
  /** Where it went on: so much was there already. */
  readonly resumedFromBytes: number;
}

/**
 * One write, with its header, fills one SSH packet of the size that servers take (32 KiB, RFC 4253 §6.1): a byte more would
 * make two packets of each.
 */
const pieceBytes = 32 * 1024 - 64;
/** Writes under way at a time: 2 MiB, which is as much as OpenSSH's window lets through. */
const writesUnderWay = 64;
/** So many answers are waited for before more is sent: many packets are then given to the system in one call. */
const writesInARow = 32;
/** One read of the disk for so many writes. */
const readBytes = 16 * pieceBytes;

/** SSH_FX_*: draft-ietf-secsh-filexfer-02 §7. */
const noSuchFile = 2;
const permissionDenied = 3;

/**
 * Copies a file of this computer to the board over SFTP, on a channel of the connection that is there. What the board has of
 * it already is not sent again: whoever calls compares a checksum at the end. Errors: `file-unreadable`, `sftp-refused` where
 * the server has no SFTP or does not let the user write there, `board-disk-full`, `connection-lost`, and what `signal` was
 * aborted with.
 */
export async function upload({ client, socket, gate, peer }: UploadWay, { localPath, remotePath, onProgress }: UploadRequest, signal: AbortSignal): Promise<Uploaded> {
  const local = await openLocal(localPath);
  try {
    const totalBytes = (await local.stat()).size;
    const leave = await gate.enter(signal);
    try {
      const sftp = await openSftp(client, peer, signal);
      try {
        const file = await openRemote(sftp, remotePath, peer);
        const there = await sizeOf(sftp, file, peer);
        const resumedFromBytes = there > totalBytes ? 0 : there;
        if (there > totalBytes) await call<undefined>(peer, remotePath, (give, failed) => { sftp.fsetstat(file, { size: 0 }, (error) => { if (!failed(error)) give(undefined); }); });
        await send({ socket, local, localPath, sftp, file, remotePath, from: resumedFromBytes, totalBytes, peer, signal, tell: onProgress ?? (() => undefined) });
        await call<undefined>(peer, remotePath, (give, failed) => { sftp.close(file, (error) => { if (!failed(error)) give(undefined); }); });
        return { totalBytes, resumedFromBytes };
      } finally {
        sftp.end();
      }
    } finally {
      leave();
    }
  } finally {
    await local.close();
  }
}

async function openLocal(path: string): Promise<FileHandle> {
  try {
    const handle = await open(path, 'r');
    if ((await handle.stat()).isFile()) return handle;
    await handle.close();
  } catch (error) {
    throw new CodedError('file-unreadable', `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}.`, { state: 'Nothing was sent.', next: 'Check the path and that you may read it.' }, { cause: error });
  }
  throw new CodedError('file-unreadable', `${path} is not a file.`, { state: 'Nothing was sent.', next: 'Check the path.' });
}

const openSftp = (client: Client, peer: Peer, signal: AbortSignal): Promise<SFTPWrapper> => new Promise((resolve, reject) => {
  const onAbort = (): void => { reject(CodedError.from(signal.reason)); };
  signal.addEventListener('abort', onAbort, { once: true });
  const refused = (cause: unknown): CodedError => new CodedError('sftp-refused', `${peer.board}: its SSH server does not offer SFTP, which files are sent over.`, {
    board: peer.board, state: 'Nothing was sent.', next: 'Install it on the board (package openssh-sftp-server, and “Subsystem sftp” in sshd_config), or put the file on the board another way and name its path there.',
  }, { cause });
  try {
    client.sftp((error, sftp) => {
      signal.removeEventListener('abort', onAbort);
      if (error !== undefined && error !== null) reject(refused(error));
      else if (signal.aborted) sftp.end();
      else resolve(sftp);
    });
  } catch (error) {
    reject(lostError(peer, 'before the file was sent', error));
  }
});

/** Opened without cutting off what is there: `r+`, and made where it does not exist. */
async function openRemote(sftp: SFTPWrapper, path: string, peer: Peer): Promise<Buffer> {
  const openAs = (flags: 'r+' | 'w'): Promise<Buffer> => call(peer, path, (give, failed) => {
    sftp.open(path, flags, 0o600, (error, handle) => { if (!failed(error)) give(handle); });
  });
  try {
    return await openAs('r+');
  } catch (error) {
    if (!(error instanceof CodedError) || error.extras.details?.['status'] !== noSuchFile) throw error;
    return openAs('w');
  }
}

const sizeOf = (sftp: SFTPWrapper, file: Buffer, peer: Peer): Promise<number> =>
  call(peer, '', (give, failed) => { sftp.fstat(file, (error, stats) => { if (!failed(error)) give(stats.size); }); });

interface Sending {
  readonly socket: Socket;
  readonly local: FileHandle;
  readonly localPath: string;
  readonly sftp: SFTPWrapper;
  readonly file: Buffer;
  readonly remotePath: string;
  readonly from: number;
  readonly totalBytes: number;
  readonly peer: Peer;
  readonly signal: AbortSignal;
  tell(sentBytes: number, totalBytes: number): void;
}

/**
 * Writes go out in order and are answered as they like. Only what is answered counts as sent; a break in between may leave a
 * hole of zeros before the end of the file on the board, so it is cut back to what is surely there.
 */
async function send({ socket, local, localPath, sftp, file, remotePath, from, totalBytes, peer, signal, tell }: Sending): Promise<void> {
  const underWay = new Set<number>();
  let position = from;
  // A write copies what it is given, so two pieces of memory do: one is read into while the other is sent.
  const memory = [Buffer.allocUnsafe(readBytes), Buffer.allocUnsafe(readBytes)] as const;
  const read = (turn: number, at: number) => local.read(memory[turn % 2 === 0 ? 0 : 1], 0, readBytes, at);
  let failure: CodedError | null = null;
  let wake: () => void = () => undefined;
  const onAbort = (): void => { failure ??= CodedError.from(signal.reason); wake(); };
  const onClose = (): void => { failure ??= lostError(peer, 'while a file was sent'); wake(); };
  const answered = (): number => Math.min(position, ...underWay);
  const settle = async (until: () => boolean): Promise<void> => {
    while (failure === null && !until()) await new Promise<void>((resolve) => { wake = resolve; });
    if (failure !== null) throw failure;
  };
  signal.addEventListener('abort', onAbort, { once: true });
  sftp.on('close', onClose);
  if (signal.aborted) onAbort();
  tell(from, totalBytes);
  try {
    let next = read(0, position);
    for (let turn = 1; position < totalBytes; turn += 1) {
      const { bytesRead, buffer } = await next;
      next = read(turn, position + bytesRead);
      next.catch(() => undefined);
      if (bytesRead === 0) throw new CodedError('file-unreadable', `${localPath} became shorter while it was sent.`, { next: 'Leave the file as it is, then try again.' });
      for (let offset = 0; offset < bytesRead;) {
        if (underWay.size >= writesUnderWay) await settle(() => underWay.size <= writesUnderWay - writesInARow);
        socket.cork();
        for (; offset < bytesRead && underWay.size < writesUnderWay; offset += pieceBytes) {
          const at = position;
          const length = Math.min(pieceBytes, bytesRead - offset);
          underWay.add(at);
          position += length;
          sftp.write(file, buffer, offset, length, at, (error) => {
            if (error !== undefined && error !== null) failure ??= sftpError(error, remotePath, peer);
            else underWay.delete(at);
            wake();
          });
        }
        socket.uncork();
        // Nothing is waited for, but what went wrong ends it.
        await settle(() => true);
      }
      tell(answered(), totalBytes);
    }
    await settle(() => underWay.size === 0);
    tell(totalBytes, totalBytes);
    await next;
  } catch (error) {
    if (CodedError.from(error).code !== 'connection-lost') await cutBack(sftp, file, answered());
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
    sftp.off('close', onClose);
  }
}

/** Best effort: where it cannot be done, the checksum tells in the end. */
const cutBack = (sftp: SFTPWrapper, file: Buffer, size: number): Promise<void> => new Promise((resolve) => {
  sftp.once('close', () => { resolve(); });
  try {
    sftp.fsetstat(file, { size }, () => { resolve(); });
  } catch {
    resolve();
  }
});

/** One request and its answer. `failed` says whether there was an error, and has then settled it. */
const call = <T>(peer: Peer, path: string, start: (give: (value: T) => void, failed: (error: Error | null | undefined) => boolean) => void): Promise<T> => new Promise((resolve, reject) => {
  try {
    start(resolve, (error) => {
      if (error === undefined || error === null) return false;
      reject(sftpError(error, path, peer));
      return true;
    });
  } catch (error) {
    reject(lostError(peer, 'while a file was sent', error));
  }
});

function sftpError(error: Error, path: string, peer: Peer): CodedError {
  const status = 'code' in error && typeof error.code === 'number' ? error.code : null;
  if (status === null || /no response from server|not connected/i.test(error.message)) return lostError(peer, 'while a file was sent', error);
  const details = { status };
  if (status === permissionDenied || status === noSuchFile) {
    return new CodedError('sftp-refused', `${peer.board}: ${peer.user} may not write ${path} (its SFTP server says “${error.message}”).`, { board: peer.board, details, next: 'Check the folder’s owner and permissions on the board.' }, { cause: error });
  }
  // SFTP version 3 has no code of its own for a full disk: OpenSSH answers SSH_FX_FAILURE.
  return new CodedError('board-disk-full', `${peer.board}: ${path} could not be written (its SFTP server says “${error.message}”).`, { board: peer.board, details, state: 'What was sent so far is there.', next: 'A full disk is the usual reason: look at it with df, free space, then try again.' }, { cause: error });
}
