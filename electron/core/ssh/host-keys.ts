import { createHash, createHmac } from 'node:crypto';
import type { ServerHostKeyAlgorithm } from 'ssh2';
import type { HashName } from '../../../shared/parsers/known-hosts.ts';

/** A server's public key: `type` as in known_hosts, `key` the base64 of the blob, `sha256` as OpenSSH prints it. */
export interface OfferedKey {
  readonly type: string;
  readonly key: string;
  readonly sha256: string;
}

/** `SHA256:` and unpadded base64, as `ssh-keygen -l` prints it. */
export const fingerprint = (keyBase64: string): string =>
  `SHA256:${createHash('sha256').update(Buffer.from(keyBase64, 'base64')).digest('base64').replace(/=+$/, '')}`;

/** Reads the type out of a public key blob (RFC 4253 §6.6: it begins with its length and name). */
export const offeredKey = (blob: Buffer): OfferedKey => {
  const key = blob.toString('base64');
  return { type: blobType(blob) ?? 'unknown', key, sha256: fingerprint(key) };
};

/** Null when this is no key blob. */
export const blobType = (blob: Buffer): string | null => {
  if (blob.length < 4) return null;
  const length = blob.readUInt32BE(0);
  return length > 0 && length <= 64 && blob.length >= 4 + length ? blob.toString('latin1', 4, 4 + length) : null;
};

export const hmacSha1: HashName = (salt, name) => createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64');

const ALGORITHMS: ReadonlyArray<{ readonly keyType: string; readonly algorithms: readonly ServerHostKeyAlgorithm[] }> = [
  { keyType: 'ssh-ed25519', algorithms: ['ssh-ed25519'] },
  { keyType: 'ecdsa-sha2-nistp256', algorithms: ['ecdsa-sha2-nistp256'] },
  { keyType: 'ecdsa-sha2-nistp384', algorithms: ['ecdsa-sha2-nistp384'] },
  { keyType: 'ecdsa-sha2-nistp521', algorithms: ['ecdsa-sha2-nistp521'] },
  { keyType: 'ssh-rsa', algorithms: ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'] },
];

/** Host key algorithms to offer, those of the key types that are known for the host first, as OpenSSH orders them. */
export const hostKeyAlgorithms = (knownTypes: readonly string[]): ServerHostKeyAlgorithm[] => {
  const known = ALGORITHMS.filter((entry) => knownTypes.includes(entry.keyType));
  const rest = ALGORITHMS.filter((entry) => !knownTypes.includes(entry.keyType));
  return [...known, ...rest].flatMap((entry) => [...entry.algorithms]);
};
