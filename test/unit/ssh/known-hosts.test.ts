import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hmacSha1 } from '../../../electron/core/ssh/host-keys.ts';
import { knownHostsName, lookUpKnownHosts, matchesGlob, parseKnownHosts } from '../../../shared/parsers/known-hosts.ts';

const ED = 'AAAAC3NzaC1lZDI1NTE5AAAAIAbzTDVdHM3cAwkPXzvAcVlXvBvVZpUuGkUgG4v0bRlX';
const RSA = 'AAAAB3NzaC1yc2EAAAADAQABAAAAgQDZ';
const keysFor = (text: string, host: string, port = 22): string[] => lookUpKnownHosts(parseKnownHosts(text), knownHostsName(host, port), hmacSha1).keys.map((key) => `${String(key.line)} ${key.type}`);

describe('known_hosts', () => {
  it('finds names, addresses with a port, several types, and keeps line numbers', () => {
    const text = `# comment\n\nbench,192.168.7.2 ssh-ed25519 ${ED} me@laptop and more\n[bench]:2222 ssh-rsa ${RSA}\r\n \tBENCH\tssh-rsa  ${RSA}\n`;
    expect(keysFor(text, 'Bench')).toEqual(['3 ssh-ed25519', '5 ssh-rsa']);
    expect(keysFor(text, '192.168.7.2')).toEqual(['3 ssh-ed25519']);
    expect(keysFor(text, 'bench', 2222)).toEqual(['4 ssh-rsa']);
    expect(keysFor(text, 'bench', 23)).toEqual([]);
  });

  it('knows wildcards and lets a negation win wherever it stands', () => {
    const text = `!lab-9,lab-?,*.example.com,!bad.example.com ssh-ed25519 ${ED}\n`;
    for (const host of ['lab-1', 'a.b.example.com', '.example.com']) expect(keysFor(text, host), host).toHaveLength(1);
    for (const host of ['lab-9', 'lab-10', 'bad.example.com', 'example.com']) expect(keysFor(text, host), host).toHaveLength(0);
    expect(keysFor(`!lab-9 ssh-ed25519 ${ED}`, 'lab-1')).toEqual([]);
  });

  it('finds names hashed by ssh-keygen', () => {
    const directory = mkdtempSync(join(tmpdir(), 'rtvm-known-'));
    const file = join(directory, 'known_hosts');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(directory, 'key')]);
    const key = readFileSync(join(directory, 'key.pub'), 'utf8').split(' ').slice(0, 2).join(' ');
    writeFileSync(file, `bench ${key}\n[bench]:2222 ${key}\n`);
    execFileSync('ssh-keygen', ['-H', '-f', file], { stdio: 'pipe' });
    const text = readFileSync(file, 'utf8');
    rmSync(directory, { recursive: true });
    expect(text).not.toContain('bench');
    expect(keysFor(text, 'bench')).toEqual(['1 ssh-ed25519']);
    expect(keysFor(text, 'BENCH', 2222)).toEqual(['2 ssh-ed25519']);
    expect(keysFor(text, 'other')).toEqual([]);
  });

  it('tells revoked keys and certificate authorities apart', () => {
    const known = parseKnownHosts(`@revoked * ssh-ed25519 ${ED}\n@cert-authority *.lab ssh-rsa ${RSA}\n@other x ssh-rsa ${RSA}\n`);
    const match = lookUpKnownHosts(known, 'a.lab', hmacSha1);
    expect(match).toMatchObject({ keys: [], revoked: [{ line: 1, key: ED }], certificateAuthorities: [{ line: 2 }] });
    expect(known.malformed).toEqual([{ line: 3, reason: 'unknown marker @other' }]);
  });

  it('names malformed lines and takes the rest', () => {
    const bad = ['bench', 'bench ssh-rsa', `bench ssh-rsa not*base64`, `bench ssh\u0000rsa ${RSA}`, `|1|salt ssh-rsa ${RSA}`, `|2|AAAA|AAAA ssh-rsa ${RSA}`, `,, ssh-rsa ${RSA}`, `bench 1024 35 1234`];
    const known = parseKnownHosts(`${bad.join('\n')}\nbench ssh-rsa ${RSA}\n`);
    expect(known.malformed.map((entry) => entry.line)).toEqual(bad.map((_, index) => index + 1));
    expect(known.entries).toHaveLength(1);
  });

  it('survives 10,000 hostile lines, and never loses the good line among them', () => {
    const word = fc.oneof(
      fc.string({ unit: 'binary' }), fc.constantFrom('@revoked', '@cert-authority', '|1|', '|1|AAAA|AAAA', '!', '*', '!*', '[x]:22', ',', '#', 'ssh-rsa', 'ssh-ed25519', RSA, ED, '\r', '\t', '\u2028', '==='),
    );
    const line = fc.array(word, { maxLength: 8 }).map((words) => words.join(' ').replaceAll('\n', ' '));
    let lines = 0;
    fc.assert(fc.property(fc.array(line, { minLength: 40, maxLength: 40 }), fc.string({ unit: 'binary' }), (before, host) => {
      lines += before.length;
      const known = parseKnownHosts(`${before.join('\n')}\nmy-bench ssh-ed25519 ${ED}\n`);
      expect(known.entries.length + known.malformed.length).toBeLessThanOrEqual(before.length + 1);
      const last = before.length + 1;
      expect(lookUpKnownHosts(known, 'my-bench', hmacSha1).keys.some((key) => key.line === last && key.key === ED)).toBe(true);
      lookUpKnownHosts(known, host, hmacSha1);
    }), { numRuns: 250 });
    expect(lines).toBeGreaterThanOrEqual(10_000);
  });

  it('matches a pattern as a regular expression would', () => {
    const part = fc.constantFrom('a', 'b', '*', '?', '.', '[');
    fc.assert(fc.property(fc.array(part, { maxLength: 8 }), fc.array(fc.constantFrom('a', 'b', '.', '['), { maxLength: 10 }), (glob, text) => {
      const expression = new RegExp(`^${glob.map((char) => (char === '*' ? '.*' : char === '?' ? '.' : `\\${char}`).replace(/^\\([ab])$/, '$1')).join('')}$`);
      expect(matchesGlob(glob.join(''), text.join(''))).toBe(expression.test(text.join('')));
    }), { numRuns: 2000 });
  });

  it('does not hang on a pattern of stars', () => {
    expect(matchesGlob(`${'*a'.repeat(2000)}b`, 'a'.repeat(4000))).toBe(false);
  });

  it('hashes as OpenSSH does: HMAC-SHA1 keyed with the salt', () => {
    const salt = Buffer.from('0123456789abcdef0123').toString('base64');
    expect(hmacSha1(salt, 'bench')).toBe(createHmac('sha1', Buffer.from('0123456789abcdef0123')).update('bench').digest('base64'));
  });
});
