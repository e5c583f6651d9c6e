import type { BoardSuggestion } from '../contract/methods.ts';
import { hopSchema } from '../model/board.ts';
import type { Hop, Login } from '../model/board.ts';
import { resolveSshConfig, sshConfigNames } from './ssh-config-directives.ts';
import type { SshConfigDirective, SshConfigOptions } from './ssh-config-directives.ts';

/** What the files cannot say: who and where we are. */
export interface SshConfigSurroundings {
  readonly user: string;
  readonly home: string;
  readonly hasAgent: boolean;
  fileExists(path: string): boolean;
}

/** Directives that would change how or where a connection goes, and are not taken over. */
const NOT_TAKEN_OVER: Readonly<Record<string, string>> = {
  proxycommand: 'ProxyCommand is not supported: use ProxyJump, or reach the board directly',
  certificatefile: 'CertificateFile is not supported: the public key itself must be in authorized_keys',
  identityagent: 'IdentityAgent is not read: the agent named by SSH_AUTH_SOCK is used',
  pkcs11provider: 'PKCS11Provider is not supported',
  securitykeyprovider: 'keys on security tokens are not supported',
  hostkeyalias: 'HostKeyAlias is not read: the host key is looked up by address',
  userknownhostsfile: 'UserKnownHostsFile is not read: ~/.ssh/known_hosts and the project\'s own keys are used',
  bindaddress: 'BindAddress is not read',
  bindinterface: 'BindInterface is not read',
  canonicalizehostname: 'CanonicalizeHostname is not supported: give the full name in HostName',
  gssapiauthentication: 'GSSAPI log-in is not supported',
  hostbasedauthentication: 'host-based log-in is not supported',
  match: 'what stands under a Match line other than "Match host" is not taken over',
  proxyusefdpass: 'ProxyUseFdpass is not supported',
};

const MAX_JUMPS = 8;

/** Every host an ssh_config names, as boards that can be added. A host that cannot be expressed is left out. */
export const suggestFromSshConfig = (directives: readonly SshConfigDirective[], surroundings: SshConfigSurroundings): BoardSuggestion[] =>
  sshConfigNames(directives).flatMap((name) => {
    const notes: string[] = [];
    const target = hopOf(name, resolveSshConfig(directives, name), surroundings, notes);
    if (target === null) return [];
    const jumps = jumpsOf(name, directives, surroundings, notes, []);
    return [{ name, source: 'ssh-config' as const, target, jumps, notes: [...new Set(notes)] }];
  });

const hopOf = (name: string, options: SshConfigOptions, surroundings: SshConfigSurroundings, notes: string[], overrides: { user?: string; port?: number } = {}): Hop | null => {
  const user = overrides.user ?? options.get('user')?.[0] ?? surroundings.user;
  const port = overrides.port ?? Number(options.get('port')?.[0] ?? 22);
  const tokens: Record<string, string> = { h: name, n: name, r: user, u: surroundings.user, d: surroundings.home, p: String(port), '%': '%' };
  const address = expand(options.get('hostname')?.[0] ?? name, tokens);
  tokens['h'] = address;
  for (const [keyword, note] of Object.entries(NOT_TAKEN_OVER)) {
    const value = options.get(keyword)?.[0];
    if (value !== undefined && !/^(no|none)$/i.test(value)) notes.push(`${note}.`);
  }
  if (/^(no|off)$/i.test(options.get('stricthostkeychecking')?.[0] ?? '')) notes.push('StrictHostKeyChecking is not read: host keys are always checked.');
  const hop = hopSchema.safeParse({ address, port, user, login: loginOf(options, surroundings, tokens, notes) });
  return hop.success ? hop.data : null;
};

const loginOf = (options: SshConfigOptions, { home, hasAgent, fileExists }: SshConfigSurroundings, tokens: Readonly<Record<string, string>>, notes: string[]): Login => {
  const preferred = options.get('preferredauthentications')?.[0]?.split(',')[0]?.toLowerCase();
  if (preferred === 'password') return { method: 'password' };
  if (preferred === 'keyboard-interactive') return { method: 'keyboard-interactive' };
  const named = (options.get('identityfile') ?? []).filter((file) => file.toLowerCase() !== 'none').map((file) => atHome(expand(file, tokens), home));
  const [first, ...others] = named.filter(fileExists);
  if (first !== undefined) {
    if (others.length > 0) notes.push(`Of its keys only the first is taken: ${first}.`);
    return { method: 'key', keyFile: first };
  }
  if (named.length > 0) notes.push(`The key ${named.join(', ')} is not there.`);
  if (hasAgent) return { method: 'agent' };
  const usual = ['id_ed25519', 'id_ecdsa', 'id_rsa'].map((file) => `${home}/.ssh/${file}`).find(fileExists);
  return usual === undefined ? { method: 'password' } : { method: 'key', keyFile: usual };
};

const atHome = (file: string, home: string): string => (file.startsWith('~/') ? `${home}/${file.slice(2)}` : file);

/** A token that is not known here is left as it stands. */
const expand = (text: string, tokens: Readonly<Record<string, string>>): string =>
  text.replace(/%(.)/g, (whole, token: string) => (Object.hasOwn(tokens, token) ? (tokens[token] ?? whole) : whole));

/** ProxyJump hosts are names of the same file; the way to the first of them may lead over others. */
const jumpsOf = (name: string, directives: readonly SshConfigDirective[], surroundings: SshConfigSurroundings, notes: string[], seen: readonly string[]): Hop[] => {
  const value = resolveSshConfig(directives, name).get('proxyjump')?.[0];
  if (value === undefined || value.toLowerCase() === 'none') return [];
  if (seen.includes(name) || seen.length >= MAX_JUMPS) {
    notes.push(`The ProxyJump of ${name} leads in a circle.`);
    return [];
  }
  const jumps: Hop[] = [];
  for (const [index, text] of value.split(',').entries()) {
    const jump = /^(?:ssh:\/\/)?(?:([^@\s]+)@)?(\[[^\]]+\]|[^:@\s]+)(?::(\d{1,5}))?\/?$/.exec(text.trim());
    const host = jump?.[2]?.replace(/^\[|\]$/g, '');
    if (host === undefined) {
      notes.push(`The jump host ${text.trim()} cannot be read.`);
      continue;
    }
    if (index === 0) jumps.push(...jumpsOf(host, directives, surroundings, notes, [...seen, name]));
    const hop = hopOf(host, resolveSshConfig(directives, host), surroundings, notes, {
      ...(jump?.[1] === undefined ? {} : { user: jump[1] }), ...(jump?.[3] === undefined ? {} : { port: Number(jump[3]) }),
    });
    if (hop !== null) jumps.push(hop);
  }
  if (jumps.length > MAX_JUMPS) notes.push(`Only ${String(MAX_JUMPS)} jump hosts are possible.`);
  return jumps.slice(0, MAX_JUMPS);
};
