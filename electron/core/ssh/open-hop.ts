import type { Duplex } from 'node:stream';
import { Client } from 'ssh2';
import { CodedError } from '../../../shared/contract/errors.ts';
import type { Hop, PinnedHostKey } from '../../../shared/model/board.ts';
import type { OpenAgent } from './agent.ts';
import type { BoardAsker } from './ask.ts';
import { createAuthentication } from './authenticate.ts';
import { connectError, lostError, notSsh, peerText, silentServer } from './connect-errors.ts';
import type { Peer } from './connect-errors.ts';
import { hostKeyAlgorithms } from './host-keys.ts';
import { knownTypes } from './host-trust.ts';
import type { HostTrust } from './host-trust.ts';
import type { SecretKeeper } from './secret-keeper.ts';
import type { Timings } from './timings.ts';
import { verifyHostKey } from './verify-host-key.ts';

/** All that opening a connection needs besides the hop itself. */
export interface HopContext {
  readonly boardId: string;
  readonly asker: BoardAsker;
  readonly trust: HostTrust;
  readonly secrets: SecretKeeper;
  readonly openAgent: () => Promise<OpenAgent>;
  readonly pins: readonly PinnedHostKey[];
  readonly timings: Timings;
  readonly signal: AbortSignal;
}

/**
 * Key exchange, host key decision and log-in with one SSH server, over a transport that is already open. ssh2 sends
 * nothing of the log-in before the verifier has called back with true, so a person may take their time to decide.
 */
export const openHop = async (hop: Hop, peer: Peer, socket: Duplex, context: HopContext): Promise<Client> => {
  const { timings, asker, signal } = context;
  const known = await context.trust.known(hop.address, hop.port, context.pins);
  const client = new Client();
  return new Promise<Client>((resolve, reject) => {
    let settled = false;
    let heard = '';
    let loggingIn = false;
    let acceptedKey: Buffer | null = null;
    const finish = (): boolean => {
      if (settled) return false;
      settled = true;
      clearTimeout(silence);
      signal.removeEventListener('abort', onAbort);
      return true;
    };
    const fail = (error: CodedError): void => {
      if (!finish()) return;
      client.destroy();
      socket.destroy();
      reject(error);
    };
    const onAbort = (): void => { fail(cancelled(peer)); };
    const onSilence = (): void => {
      if (asker.pending() > 0) silence = setTimeout(onSilence, timings.handshakeMs);
      else if (heard === '') fail(silentServer(peer));
      else fail(isSsh(heard) ? lostError(peer, 'during log-in: it stopped answering') : notSsh(peer, heard));
    };
    let silence = setTimeout(onSilence, timings.handshakeMs);
    const authentication = createAuthentication({ peer, login: hop.login, openAgent: context.openAgent, asker, secrets: context.secrets, fail });

    client.on('ready', () => { if (finish()) resolve(client); });
    // Stays for the life of the client: an error without a listener would end the whole program.
    client.on('error', (error) => { fail(hopError(error, { peer, heard, loggingIn, refused: authentication.refused })); });
    client.on('close', () => { fail(isSsh(heard) || heard === '' ? lostError(peer, heard === '' ? 'before it said anything' : 'during log-in') : notSsh(peer, heard)); });
    client.on('change password', () => {
      fail(new CodedError('auth-failed', `${peer.board}: the password of ${peer.user} on ${peer.address} has expired and must be changed first.`, {
        board: peer.board, next: `Log in once with "ssh ${peer.user}@${peer.address}" or at the console and set a new password, then connect again.`,
      }));
    });
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) { onAbort(); return; }
    client.connect({
      sock: socket,
      username: hop.user,
      readyTimeout: 0,
      algorithms: { serverHostKey: hostKeyAlgorithms(knownTypes(known)) },
      authHandler: authentication.handler,
      hostVerifier: (blob: Buffer, verify: (accepted: boolean) => void) => {
        if (acceptedKey !== null) { verify(acceptedKey.equals(blob)); return; }
        verifyHostKey(blob, peer, known, context).then(() => {
          if (settled) return;
          acceptedKey = blob;
          loggingIn = true;
          verify(true);
        }, (error: unknown) => { fail(CodedError.from(error)); });
      },
    });
    socket.on('data', (chunk: Buffer) => {
      if (settled) return;
      clearTimeout(silence);
      silence = setTimeout(onSilence, timings.handshakeMs);
      if (heard.length < 255) heard += chunk.toString('latin1', 0, 255);
    });
  });
};

export const cancelled = (peer: Pick<Peer, 'board'>): CodedError =>
  new CodedError('cancelled', `${peer.board}: connecting was cancelled.`, { board: peer.board, next: 'Connect again when you want to.' });

/** A server may send other lines before its identification (RFC 4253 §4.2). */
const isSsh = (heard: string): boolean => /^SSH-/m.test(heard);

interface HopState {
  readonly peer: Peer;
  readonly heard: string;
  readonly loggingIn: boolean;
  readonly refused: (detail?: string) => CodedError;
}

const hopError = (error: Error, { peer, heard, loggingIn, refused }: HopState): CodedError => {
  const code: unknown = 'code' in error ? error.code : undefined;
  // A number is the reason of the server's disconnect message.
  if (typeof code === 'number' && loggingIn) return /auth/i.test(error.message) ? refused(error.message) : lostError(peer, `during log-in (it says "${error.message}")`, error);
  if (typeof code === 'number') return lostError(peer, `before log-in (it says "${error.message}")`, error);
  if (heard !== '' && !isSsh(heard)) return notSsh(peer, heard.split(/\r?\n/)[0] ?? '');
  if (/no matching|not supported|version/i.test(error.message)) {
    return new CodedError('not-ssh', `${peer.board}: ${peerText(peer)} is an SSH server that has no method in common with this app: ${error.message}.`, {
      board: peer.board, next: 'Update the SSH server of the board, or allow a current key exchange, cipher and host key algorithm in its sshd_config.',
    }, { cause: error });
  }
  if (/before handshake/i.test(error.message)) return lostError(peer, 'before it said anything', error);
  return connectError(error, peer);
};
