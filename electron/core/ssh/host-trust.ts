import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { PinnedHostKey } from '../../../shared/model/board.ts';
import { knownHostsName, lookUpKnownHosts, parseKnownHosts } from '../../../shared/parsers/known-hosts.ts';
import type { KnownHosts } from '../../../shared/parsers/known-hosts.ts';
import { fingerprint, hmacSha1 } from './host-keys.ts';
import type { OfferedKey } from './host-keys.ts';

/** A key that is known for a host, and where that is written. */
export interface KnownKey {
  readonly type: string;
  readonly key: string;
  readonly sha256: string;
  /** "this project" or "/home/me/.ssh/known_hosts, line 3". */
  readonly from: string;
}

export interface KnownKeys {
  /** Accepted for this project: they decide before the user's files do. */
  readonly pinned: readonly KnownKey[];
  readonly listed: readonly KnownKey[];
  /** Listed for the bare name while the port is not 22: a match is accepted, as OpenSSH does; a difference says nothing. */
  readonly listedWithoutPort: readonly KnownKey[];
  readonly revoked: readonly KnownKey[];
  readonly certificateAuthorities: readonly KnownKey[];
}

export type TrustDecision =
  | { readonly kind: 'trusted' }
  | { readonly kind: 'unknown'; readonly otherTypes: readonly string[] }
  | { readonly kind: 'changed'; readonly known: KnownKey }
  | { readonly kind: 'revoked'; readonly known: KnownKey };

/** What is trusted: the pins of the project, and the user's and the system's known_hosts, which are only read. */
export interface HostTrust {
  known(host: string, port: number, pins: readonly PinnedHostKey[]): Promise<KnownKeys>;
  savePin(boardId: string, pin: PinnedHostKey): Promise<void> | void;
}

export const userKnownHostsFiles = (): string[] => {
  const mine = [join(homedir(), '.ssh', 'known_hosts'), join(homedir(), '.ssh', 'known_hosts2')];
  const system = process.platform === 'win32'
    ? [join(process.env['ProgramData'] ?? 'C:\\ProgramData', 'ssh', 'ssh_known_hosts')]
    : ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2'];
  return [...mine, ...system];
};

export const createHostTrust = (options: {
  savePin: HostTrust['savePin'];
  /** Default: those OpenSSH reads. A file that is not there or cannot be read is taken as empty. */
  knownHostsFiles?: readonly string[];
}): HostTrust => ({
  savePin: options.savePin,
  known: async (host, port, pins) => {
    const files = await Promise.all((options.knownHostsFiles ?? userKnownHostsFiles()).map(readKnownHosts));
    const find = (name: string): Omit<KnownKeys, 'pinned' | 'listedWithoutPort'> => {
      const all = files.map(({ file, known }) => {
        const named = (keys: ReturnType<typeof lookUpKnownHosts>['keys']): KnownKey[] =>
          keys.map((key) => ({ type: key.type, key: key.key, sha256: fingerprint(key.key), from: `${file}, line ${String(key.line)}` }));
        const match = lookUpKnownHosts(known, name, hmacSha1);
        return { listed: named(match.keys), revoked: named(match.revoked), certificateAuthorities: named(match.certificateAuthorities) };
      });
      return {
        listed: all.flatMap((found) => found.listed),
        revoked: all.flatMap((found) => found.revoked),
        certificateAuthorities: all.flatMap((found) => found.certificateAuthorities),
      };
    };
    const exact = find(knownHostsName(host, port));
    const bare = port === 22 ? null : find(knownHostsName(host, 22));
    return {
      ...exact,
      revoked: [...exact.revoked, ...(bare?.revoked ?? [])],
      listedWithoutPort: bare?.listed ?? [],
      pinned: pins
        .filter((pin) => pin.host.toLowerCase() === host.toLowerCase() && pin.port === port)
        .map((pin) => ({ type: pin.type, key: pin.key, sha256: fingerprint(pin.key), from: 'this project' })),
    };
  },
});

const readKnownHosts = async (file: string): Promise<{ file: string; known: KnownHosts }> => {
  const text = await readFile(file, 'utf8').catch(() => '');
  return { file, known: parseKnownHosts(text) };
};

/** Judges the key a server offers. The pins of the project decide for the key types they have; then the user's files do. */
export const decideHostKey = (offered: OfferedKey, known: KnownKeys): TrustDecision => {
  const same = (candidate: KnownKey): boolean => candidate.key === offered.key;
  const revoked = known.revoked.find(same);
  if (revoked !== undefined) return { kind: 'revoked', known: revoked };
  for (const source of [known.pinned, known.listed]) {
    const ofType = source.filter((candidate) => candidate.type === offered.type);
    if (ofType.some(same)) return { kind: 'trusted' };
    const [other] = ofType;
    if (other !== undefined) return { kind: 'changed', known: other };
  }
  if (known.listedWithoutPort.some(same)) return { kind: 'trusted' };
  return { kind: 'unknown', otherTypes: knownTypes(known) };
};

/** Key types to ask the server for first, the project's before the user's. */
export const knownTypes = (known: KnownKeys): string[] =>
  [...new Set([...known.pinned, ...known.listed, ...known.listedWithoutPort].map((key) => key.type))];
