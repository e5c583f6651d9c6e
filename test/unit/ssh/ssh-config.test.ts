import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sshConfigSuggestions } from '../../../electron/core/ssh/ssh-config-suggestions.ts';
import { resolveSshConfig, sshConfigNames } from '../../../shared/parsers/ssh-config-directives.ts';
import { suggestFromSshConfig } from '../../../shared/parsers/ssh-config-suggestion.ts';
import { boardSuggestionSchema } from '../../../shared/contract/methods.ts';

let directory = '';
beforeEach(() => { directory = mkdtempSync(join(tmpdir(), 'rtvm-config-')); });
afterEach(() => { rmSync(directory, { recursive: true }); });
const read = async (text: string): ReturnType<typeof sshConfigSuggestions> => {
  writeFileSync(join(directory, 'config'), text);
  return sshConfigSuggestions(join(directory, 'config'));
};

describe('suggestions from ssh_config', () => {
  it('takes over name, address, user, port and key; the first value wins, wildcards fill in', async () => {
    const key = join(directory, 'my key');
    writeFileSync(key, '');
    const [bench, other, ...rest] = await read(`# boards\nHost bench b2 *.lab\n  HostName = 192.168.7.2\n  User root\n\tPort 2222\n  IdentityFile "${key}"\nHost *\n  User nobody\n  Port 22\n`);
    expect(bench).toEqual({ name: 'bench', source: 'ssh-config', target: { address: '192.168.7.2', port: 2222, user: 'root', login: { method: 'key', keyFile: key } }, jumps: [], notes: [] });
    expect(other?.name).toBe('b2');
    expect(rest).toEqual([]);
  });

  it('resolves ProxyJump through the same file, also over several hosts and with user and port', async () => {
    const found = await read('Host board\n ProxyJump gate,bob@[fe80::1%eth0]:2200\nHost gate\n HostName gate.example.com\n User ann\n ProxyJump outer\nHost outer\n User carl\n');
    const board = found.find((suggestion) => suggestion.name === 'board');
    expect(board?.jumps.map((jump) => `${jump.user}@${jump.address}:${String(jump.port)}`)).toEqual(['carl@outer:22', 'ann@gate.example.com:22', 'bob@fe80::1%eth0:2200']);
    expect(board?.target.user).toBe(userInfo().username);
  });

  it('does not follow a ProxyJump in a circle', async () => {
    const [a] = await read('Host a\n ProxyJump b\nHost b\n ProxyJump a\n');
    expect(a?.notes).toContain('The ProxyJump of a leads in a circle.');
    expect(a?.jumps.length).toBeLessThanOrEqual(8);
  });

  it('names what cannot be taken over, and runs nothing of it', async () => {
    const canary = join(directory, 'canary');
    const [board] = await read(`Match exec "touch ${canary}"\n User evil\nHost board\n ProxyCommand touch ${canary}\n CanonicalizeHostname yes\n CanonicalDomains example.com\n CertificateFile x-cert.pub\n StrictHostKeyChecking no\n KnownHostsCommand touch ${canary}\n IdentityFile /nowhere/key\n`);
    expect(board?.target.user).toBe(userInfo().username);
    const notes = board?.notes.join('\n') ?? '';
    for (const part of ['ProxyCommand', 'Match', 'CanonicalizeHostname', 'CertificateFile', 'StrictHostKeyChecking', '/nowhere/key is not there']) expect(notes).toContain(part);
    expect(existsSync(canary)).toBe(false);
  });

  it('follows Include one level, in the place and under the host where it stands', async () => {
    mkdirSync(join(directory, 'conf.d'));
    writeFileSync(join(directory, 'conf.d', 'a.conf'), 'Host inner\n User from-a\n Include deeper\n');
    writeFileSync(join(directory, 'deeper'), 'Host deepest\n');
    writeFileSync(join(directory, 'under-host'), 'Port 99\n');
    const found = await read('Include conf.d/*.conf missing\nHost outer\n Include under-host\nHost *\n User all\n');
    expect(found.map(({ name, target }) => [name, target.user, target.port])).toEqual([['inner', 'from-a', 22], ['outer', 'all', 99]]);
  });

  it('expands %h, %r and ~, and takes no name from a pattern', async () => {
    const [board, ...rest] = await read('Host board !not-me lab-?\n HostName %h.example.com\n User ann\n IdentityFile ~/no-such-%r-%h\n');
    expect(board?.target.address).toBe('board.example.com');
    expect(board?.notes[0]).toContain(`${homedir()}/no-such-ann-board.example.com`);
    expect(rest).toEqual([]);
  });

  it('gives none for a file that is not there, and keeps the good lines of a broken one', async () => {
    expect(await sshConfigSuggestions(join(directory, 'none'))).toEqual([]);
    const found = await read('Host\nUser "unbalanced\nPort\nHost ok\n Port 99999999\nHost fine\n Port 2200\n\u0000\u0001 x\n');
    expect(found.map(({ name, target }) => [name, target.port])).toEqual([['fine', 2200]]);
  });

  it('never fails on hostile text, and only gives valid suggestions', async () => {
    const word = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('Host', 'Match', 'Include', 'HostName', 'ProxyJump', 'IdentityFile', 'Port', 'User', '*', '!', '"', '\\', '=', '%h', '%', 'a,b', 'a@b:22', '#', '__proto__', 'constructor'));
    const text = fc.array(fc.array(word, { maxLength: 5 }).map((words) => words.join(' ')), { maxLength: 25 }).map((lines) => lines.join('\n'));
    await fc.assert(fc.asyncProperty(text, async (hostile) => {
      for (const suggestion of await read(`${hostile}\nHost good\n`)) boardSuggestionSchema.parse(suggestion);
    }), { numRuns: 300 });
  });
});

describe('resolving', () => {
  it('is total for any directives', () => {
    const some = fc.string({ unit: 'binary' });
    const directive = fc.record({ keyword: fc.oneof(some, fc.constantFrom('hostname', 'port', 'proxyjump', 'identityfile', 'user')), values: fc.array(some, { maxLength: 3 }), when: fc.array(fc.array(some, { maxLength: 3 }), { maxLength: 2 }) });
    fc.assert(fc.property(fc.array(directive, { maxLength: 10 }), some, (directives, name) => {
      resolveSshConfig(directives, name);
      expect(sshConfigNames(directives).every((found) => !/[*?!]/.test(found))).toBe(true);
      suggestFromSshConfig(directives, { user: 'me', home: '/home/me', hasAgent: false, fileExists: () => false });
    }), { numRuns: 500 });
  });
});
