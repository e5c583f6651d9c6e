/** One line of a known_hosts file, as sshd(8) "SSH_KNOWN_HOSTS FILE FORMAT" defines it. */
export interface KnownHostsEntry {
  readonly line: number;
  readonly marker: 'none' | 'revoked' | 'cert-authority';
  readonly names:
    | { readonly kind: 'patterns'; readonly patterns: readonly HostPattern[] }
    /** `|1|salt|hash`: HMAC-SHA1 of the name keyed with the salt, both base64. */
    | { readonly kind: 'hashed'; readonly salt: string; readonly hash: string };
  readonly keyType: string;
  readonly key: string;
}

export interface HostPattern {
  readonly negated: boolean;
  /** May hold `*` and `?`; a name with a port is `[name]:port`. Lower case. */
  readonly glob: string;
}

export interface KnownHosts {
  readonly entries: readonly KnownHostsEntry[];
  readonly malformed: ReadonlyArray<{ readonly line: number; readonly reason: string }>;
}

/** HMAC-SHA1 of `name`, keyed with the base64 `salt`, as base64. Given by the caller: this module is pure. */
export type HashName = (salt: string, name: string) => string;

export interface HostKeyMatch {
  readonly type: string;
  readonly key: string;
  readonly line: number;
}

export interface KnownHostsMatch {
  readonly keys: readonly HostKeyMatch[];
  readonly revoked: readonly HostKeyMatch[];
  readonly certificateAuthorities: readonly HostKeyMatch[];
}

/** Reads a known_hosts file. Total: a line that cannot be read is named in `malformed` and the rest is taken. */
export const parseKnownHosts = (text: string): KnownHosts => {
  const entries: KnownHostsEntry[] = [];
  const malformed: Array<{ line: number; reason: string }> = [];
  text.split('\n').forEach((raw, index) => {
    const line = index + 1;
    const trimmed = raw.replace(/^[ \t]+/, '').replace(/[ \t\r]+$/, '');
    if (trimmed === '' || trimmed.startsWith('#')) return;
    const entry = parseLine(trimmed, line);
    if (typeof entry === 'string') malformed.push({ line, reason: entry });
    else entries.push(entry);
  });
  return { entries, malformed };
};

const parseLine = (text: string, line: number): KnownHostsEntry | string => {
  const fields = text.split(/[ \t]+/);
  let marker: KnownHostsEntry['marker'] = 'none';
  const first = fields[0] ?? '';
  if (first.startsWith('@')) {
    if (first !== '@revoked' && first !== '@cert-authority') return `unknown marker ${first.slice(0, 40)}`;
    marker = first === '@revoked' ? 'revoked' : 'cert-authority';
    fields.shift();
  }
  const [hosts, keyType, key] = fields;
  if (hosts === undefined || keyType === undefined || key === undefined) return 'fewer fields than host names, key type and key';
  if (!/^[A-Za-z0-9][A-Za-z0-9@.-]{0,63}$/.test(keyType)) return 'the key type is not a name';
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(key) || key.length % 4 !== 0) return 'the key is not base64';
  const names = parseNames(hosts);
  return typeof names === 'string' ? names : { line, marker, names, keyType, key };
};

const parseNames = (hosts: string): KnownHostsEntry['names'] | string => {
  if (hosts.startsWith('|')) {
    const parts = hosts.split('|');
    const [, version, salt, hash] = parts;
    if (parts.length !== 4 || version !== '1' || !isBase64(salt) || !isBase64(hash)) return 'a hashed name that is not |1|salt|hash';
    return { kind: 'hashed', salt, hash };
  }
  const patterns: HostPattern[] = [];
  for (const part of hosts.split(',')) {
    if (part === '' || part === '!') continue;
    const negated = part.startsWith('!');
    patterns.push({ negated, glob: (negated ? part.slice(1) : part).toLowerCase() });
  }
  return patterns.length === 0 ? 'no host name' : { kind: 'patterns', patterns };
};

const isBase64 = (text: string | undefined): text is string => text !== undefined && /^[A-Za-z0-9+/]+={0,2}$/.test(text);

/** The name a host has in known_hosts: `[host]:port` unless the port is 22. */
export const knownHostsName = (host: string, port: number): string => (port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${String(port)}`);

/** Every key the file holds for a name as `knownHostsName` gives it. */
export const lookUpKnownHosts = (known: KnownHosts, name: string, hashName: HashName): KnownHostsMatch => {
  const found: Record<keyof KnownHostsMatch, HostKeyMatch[]> = { keys: [], revoked: [], certificateAuthorities: [] };
  for (const entry of known.entries) {
    if (!namesMatch(entry.names, name.toLowerCase(), hashName)) continue;
    const list = entry.marker === 'none' ? found.keys : entry.marker === 'revoked' ? found.revoked : found.certificateAuthorities;
    list.push({ type: entry.keyType, key: entry.key, line: entry.line });
  }
  return found;
};

const namesMatch = (names: KnownHostsEntry['names'], name: string, hashName: HashName): boolean => {
  if (names.kind === 'hashed') return hashName(names.salt, name) === names.hash;
  let positive = false;
  for (const pattern of names.patterns) {
    if (!matchesGlob(pattern.glob, name)) continue;
    if (pattern.negated) return false;
    positive = true;
  }
  return positive;
};

/** `*` any run of characters, `?` one. Linear in memory, at worst pattern × name in time. */
export const matchesGlob = (glob: string, text: string): boolean => {
  let g = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    if (g < glob.length && (glob[g] === '?' || (glob[g] === text[t] && glob[g] !== '*'))) {
      g += 1;
      t += 1;
    } else if (glob[g] === '*') {
      star = g;
      resume = t;
      g += 1;
    } else if (star >= 0) {
      resume += 1;
      t = resume;
      g = star + 1;
    } else {
      return false;
    }
  }
  while (glob[g] === '*') g += 1;
  return g === glob.length;
};
