import { CodedError } from '../../../shared/contract/errors.ts';

/** Who is being connected to, for messages: "192.168.7.2 port 22" (a jump host says so). */
export interface Peer {
  readonly board: string;
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** 0 is the nearest. */
  readonly hop: number;
  readonly hops: number;
}

export const peerText = (peer: Peer): string =>
  `${peer.address} port ${String(peer.port)}${peer.hop < peer.hops - 1 ? ` (jump host ${String(peer.hop + 1)} of ${String(peer.hops - 1)})` : ''}`;

/** Error codes a TCP connection ends with, also below an AggregateError (one per address that was tried). */
const systemCodes = (error: unknown): string[] => {
  if (error instanceof AggregateError) return error.errors.flatMap(systemCodes);
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return [error.code];
  return [];
};

/** A failed TCP connection as host-not-found, connection-refused, connection-timeout or connection-lost. */
export const connectError = (error: unknown, peer: Peer): CodedError => {
  const codes = systemCodes(error);
  const has = (...wanted: string[]): boolean => codes.some((code) => wanted.includes(code));
  const make = (code: CodedError['code'], what: string, next: string): CodedError =>
    new CodedError(code, `${peer.board}: ${what}`, { board: peer.board, next, details: { address: peer.address, port: peer.port } }, { cause: error });
  if (has('ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA', 'EAI_NONAME', 'EINVAL')) {
    return make('host-not-found', `the name ${peer.address} is not known to this laptop.`, 'Check the spelling, or use the IP address. For a link-local IPv6 address add the interface: fe80::1%eth0.');
  }
  if (has('ECONNREFUSED')) {
    return make('connection-refused', `${peerText(peer)} refused the connection: the machine is there, but no SSH server listens on that port.`, 'Check the port, and that the SSH server is installed and running on the board.');
  }
  if (has('ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'EADDRNOTAVAIL', 'ENETDOWN')) return unreachable(peer, error);
  if (has('ECONNRESET', 'EPIPE', 'ECONNABORTED')) return lostError(peer, 'during log-in', error);
  const message = error instanceof Error ? error.message : String(error);
  return make('connection-lost', `the connection to ${peerText(peer)} failed: ${message}.`, 'Try again.');
};

export const unreachable = (peer: Peer, cause?: unknown): CodedError => new CodedError(
  'connection-timeout', `${peer.board}: ${peerText(peer)} does not answer.`,
  { board: peer.board, next: 'Check that the board is on, the cable, that laptop and board are in the same network, and the address.', details: { address: peer.address, port: peer.port } }, { cause },
);

export const lostError = (peer: Peer, when: string, cause?: unknown): CodedError => new CodedError(
  'connection-lost', `${peer.board}: the connection to ${peerText(peer)} was lost ${when}.`,
  { board: peer.board, state: 'Whatever had been started detached on the board goes on.', next: 'It is tried again; if it keeps happening, check the cable and that the SSH server stays up.' }, { cause },
);

export const notSsh = (peer: Peer, heard: string): CodedError => new CodedError(
  'not-ssh', `${peer.board}: ${peerText(peer)} answers, but not as an SSH server${heard === '' ? '' : ` (it says ${JSON.stringify(heard.slice(0, 60))})`}.`,
  { board: peer.board, next: 'Check the port: another service listens there. SSH is usually on port 22.' },
);

export const silentServer = (peer: Peer): CodedError => new CodedError(
  'connection-timeout', `${peer.board}: ${peerText(peer)} took the connection but then said nothing.`,
  { board: peer.board, next: 'The link is very slow, the board is overloaded, or another service listens on that port. Try again.' },
);

/** A jump host did not open the way to the next server. `reason` is the code of RFC 4254 §5.1. */
export const forwardError = (reason: unknown, description: string, from: Peer, to: Peer): CodedError => {
  const via = `the jump host ${from.address}`;
  if (reason === 1) {
    return new CodedError('jump-forwarding-refused', `${to.board}: ${via} does not allow connections to be passed on (its SSH server says "${description}").`, {
      board: to.board, next: `Set "AllowTcpForwarding yes" (or "local") in sshd_config of ${from.address} and reload its SSH server, check PermitOpen there, or reach the board another way.`,
    });
  }
  const refused = /refused/i.test(description);
  const unknown = /not known|resolve|resolution|nodename/i.test(description);
  return new CodedError(unknown ? 'host-not-found' : refused ? 'connection-refused' : 'connection-timeout', `${to.board}: ${via} could not reach ${peerText(to)} (it says "${description}").`, {
    board: to.board, next: `Check the address and port as seen from ${from.address}.`,
  });
};
