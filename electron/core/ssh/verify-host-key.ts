import { CodedError } from '../../../shared/contract/errors.ts';
import type { PinnedHostKey } from '../../../shared/model/board.ts';
import type { BoardAsker } from './ask.ts';
import { peerText } from './connect-errors.ts';
import type { Peer } from './connect-errors.ts';
import { offeredKey } from './host-keys.ts';
import type { OfferedKey } from './host-keys.ts';
import { decideHostKey } from './host-trust.ts';
import type { HostTrust, KnownKeys } from './host-trust.ts';

export interface VerifyContext {
  readonly boardId: string;
  readonly asker: BoardAsker;
  readonly trust: HostTrust;
}

/**
 * Resolves when the key is trusted, by a pin, a known_hosts file or a person just now (then it is stored as a pin).
 * Errors: host-key-unknown (not accepted), host-key-changed, host-key-revoked.
 */
export const verifyHostKey = async (blob: Buffer, peer: Peer, known: KnownKeys, { boardId, asker, trust }: VerifyContext): Promise<void> => {
  const offered = offeredKey(blob);
  const decision = decideHostKey(offered, known);
  if (decision.kind === 'trusted') return;
  const extras = { board: peer.board, state: 'No password, key or other credential was sent.' };
  const details = { hop: peer.hop, host: peer.address, port: peer.port, keyType: offered.type, offeredSha256: offered.sha256 };
  if (decision.kind === 'revoked') {
    throw new CodedError('host-key-revoked', `${peer.board}: ${peerText(peer)} shows a host key that has been revoked (${offered.type} ${offered.sha256}, ${decision.known.from}).`, {
      ...extras, details, next: 'Do not connect. Somebody may be using a stolen key: ask whoever revoked it, and have the board make new host keys.',
    });
  }
  if (decision.kind === 'changed') {
    throw new CodedError('host-key-changed', `${peer.board}: the host key of ${peerText(peer)} has changed. Known (${decision.known.from}): ${decision.known.type} ${decision.known.sha256}. Shown now: ${offered.type} ${offered.sha256}.`, {
      ...extras, details: { ...details, knownSha256: decision.known.sha256, knownFrom: decision.known.from },
      next: `Either the board was installed anew, or another machine answers at its address. Compare at its console: ssh-keygen -lf /etc/ssh/ssh_host_${shortType(offered.type)}_key.pub. Only if it shows the same fingerprint, ${forgetAdvice(decision.known.from, peer)}.`,
    });
  }
  const yes = await asker.accepts({
    kind: 'host-key', host: peer.address, port: peer.port, keyType: offered.type, sha256: offered.sha256, hop: peer.hop, hops: peer.hops,
    ...(decision.otherTypes.length === 0 ? {} : { knownTypes: [...decision.otherTypes] }),
  });
  if (!yes) {
    const authority = known.certificateAuthorities[0];
    throw new CodedError('host-key-unknown', `${peer.board}: the host key of ${peerText(peer)} is not known and was not accepted (${offered.type} ${offered.sha256}).${authority === undefined ? '' : ` ${authority.from} names a certificate authority for it: host certificates are not supported, so the key itself must be accepted.`}`, {
      ...extras, details, next: 'Compare the fingerprint with the one at the console of the board (ssh-keygen -lf on its host key), connect again and accept it.',
    });
  }
  await trust.savePin(boardId, pinOf(offered, peer));
};

const pinOf = (offered: OfferedKey, peer: Peer): PinnedHostKey => ({
  host: peer.address, port: peer.port, type: offered.type, key: offered.key, sha256: offered.sha256,
  acceptedAt: new Date().toISOString().replace(/[-:]/g, '').replace(/\.\d+Z$/, 'Z'),
});

const shortType = (type: string): string => (type === 'ssh-ed25519' ? 'ed25519' : type.startsWith('ecdsa') ? 'ecdsa' : 'rsa');

const forgetAdvice = (from: string, peer: Peer): string => (from === 'this project'
  ? 'forget the old key (Connection station, “Forget this key”; or rtvm-bench board forget-host-key BOARD) and connect again'
  : `remove the old key with: ssh-keygen -R ${peer.port === 22 ? peer.address : `"[${peer.address}]:${String(peer.port)}"`}, and connect again`);
