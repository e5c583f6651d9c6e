import type { Board } from '../../shared/model/board.ts';
import type { Connection } from '../../shared/model/connection.ts';
import { formatRoundTrip } from './format.ts';

/** What the state of a connection is called, with the time an answer takes where it is known. */
export function connectionWords(connection: Connection): string {
  const trip = connection.roundTripMs === null ? '' : ` · ${formatRoundTrip(connection.roundTripMs)}`;
  switch (connection.state) {
    case 'idle': return 'Not connected';
    case 'connecting': return 'Connecting…';
    case 'connected': return `Connected${trip}`;
    case 'slow': return `Connected, slow link${trip}`;
    case 'reconnecting': return 'Link lost, reconnecting…';
    case 'failed': return 'Could not connect';
  }
}

export function sudoWords(sudo: Connection['sudo']): string {
  switch (sudo) {
    case 'not-needed': return 'logged in as root';
    case 'not-asked': return 'sudo: not asked for yet';
    case 'granted': return 'sudo: granted for this connection';
    case 'refused': return 'sudo: refused';
    case 'unknown': return 'sudo: not known yet';
  }
}

/** Shape and word of a board's dot in the list: a ring, a disc, a half disc, a triangle. */
export function connectionDot(connection: Connection, running: boolean): { sign: string; tone: 'off' | 'good' | 'run' | 'warn' | 'bad'; word: string } {
  const word = connectionWords(connection);
  if (connection.state === 'failed') return { sign: '✕', tone: 'bad', word };
  if (connection.state === 'slow' || connection.state === 'reconnecting') return { sign: '◐', tone: 'warn', word };
  if (running) return { sign: '▶', tone: 'run', word: `${word}, a run is going on` };
  if (connection.state === 'idle') return { sign: '○', tone: 'off', word };
  if (connection.state === 'connecting') return { sign: '◌', tone: 'run', word };
  return { sign: '●', tone: 'good', word };
}

/** `engineer@192.0.2.17`, with the port where it is not 22, and the jump hosts before it. */
export function reachWords(board: Pick<Board, 'reach'>): string {
  if (board.reach.kind === 'practice') return 'embedded, on this laptop';
  const { target, jumps } = board.reach;
  const place = `${target.user}@${target.address}${target.port === 22 ? '' : ` port ${String(target.port)}`}`;
  return jumps.length === 0 ? place : `${place} through ${jumps.map((jump) => jump.address).join(', ')}`;
}
