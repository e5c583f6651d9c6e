import { setTimeout as pause } from 'node:timers/promises';
import type { Client, ClientChannel, PseudoTtyOptions } from 'ssh2';
import { CodedError } from '../../../shared/contract/errors.ts';
import type { ChannelGate } from './channel-gate.ts';
import { lostError } from './connect-errors.ts';
import type { Peer } from './connect-errors.ts';
import type { Timings } from './timings.ts';

export interface OpenedChannel {
  readonly channel: ClientChannel;
  /** To be called when the channel is closed. */
  leave(): void;
}

/** What a channel runs on a terminal; a null command is the login shell. */
export interface OnTerminal {
  readonly command: string | null;
  readonly tty: PseudoTtyOptions;
}

const LONE_TRIES = 4;

/**
 * Opens a channel and starts `command` on it, waiting for room within the server's MaxSessions. sshd frees a session a
 * moment after it has closed it, so one refusal says nothing; a second in a row is the server's limit.
 * Errors: channel-refused when not even one can be opened, or no terminal is given; connection-lost.
 */
export const openChannel = async (client: Client, gate: ChannelGate, command: string | OnTerminal, peer: Peer, timings: Timings, signal: AbortSignal): Promise<OpenedChannel> => {
  let alone = 0;
  for (let refusals = 0; ;) {
    const leave = await gate.enter(signal);
    try {
      return { channel: await start(client, command, peer), leave };
    } catch (error) {
      if (!(error instanceof ChannelRefusal)) {
        leave();
        throw error;
      }
      refusals += 1;
      const others = refusals > 1 ? gate.refused() : null;
      leave();
      if (others === 0) alone += 1;
      if (alone >= LONE_TRIES) {
        throw new CodedError('channel-refused', `${peer.board}: the SSH server lets ${peer.user} in but does not start a command (it says "${error.message}").`, {
          board: peer.board, next: 'Check MaxSessions in sshd_config of the board (it must be 1 or more), and that the user has a login shell.',
        });
      }
      if (refusals === 1 || others === 0) await pause(timings.channelRetryMs, undefined, { signal }).catch(() => undefined);
    }
  }
};

const noTerminal = (peer: Peer, cause: Error): CodedError => new CodedError('channel-refused', `${peer.board}: the SSH server gives ${peer.user} no terminal (it says "${cause.message}").`, {
  board: peer.board, next: 'Set "PermitTTY yes" in sshd_config of the board, and look that the user has a log-in shell.',
}, { cause });

class ChannelRefusal extends Error {}

const start = (client: Client, what: string | OnTerminal, peer: Peer): Promise<ClientChannel> => new Promise((resolve, reject) => {
  const opened = (error: Error | undefined, channel: ClientChannel): void => {
    if (error === undefined) { resolve(channel); return; }
    const refused = 'reason' in error && typeof error.reason === 'number';
    if (/pseudo-terminal|unable to open shell/i.test(error.message)) reject(noTerminal(peer, error));
    else if (refused || /unable to exec/i.test(error.message)) reject(new ChannelRefusal(error.message.replace(/^\(SSH\) Channel open failure: /, '')));
    else reject(lostError(peer, 'before the command had started', error));
  };
  try {
    if (typeof what === 'string') client.exec(what, opened);
    else if (what.command === null) client.shell(what.tty, opened);
    else client.exec(what.command, { pty: what.tty }, opened);
  } catch (error) {
    reject(lostError(peer, 'before the command had started', error));
  }
});
