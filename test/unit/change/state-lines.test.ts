import { createHash } from 'node:crypto';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { bytesOf, contentOf, parseStateLine, stateLineSha256 } from '../../../electron/core/changes/state-lines.ts';

const scripts = new URL('../../../electron/board-scripts/', import.meta.url);
const common = ['run-common.sh', 'change-common.sh'].map((name) => readFileSync(new URL(name, scripts), 'utf8')).join('\n');
const scratch = mkdtempSync(join(tmpdir(), 'rtvm-state-'));
afterAll(() => { rmSync(scratch, { recursive: true, force: true }); });

const stateOf = (shell: string[], kind: string, target: string) => execFileSync(shell[0] ?? 'sh', [...shell.slice(1), '-c', `${common}\nstate_of "$1" "$2"`, 'sh', kind, target], { encoding: 'utf8' }).replace(/\n$/, '');

describe('states as the board tells them', () => {
  for (const shell of [['dash'], ['bash', '--posix'], ['busybox', 'sh']]) {
    it(`come back as they are, byte for byte, from ${shell.join(' ')}`, () => {
      for (const bytes of [Buffer.from(''), Buffer.from('a = 1\n'), Buffer.from([0, 255, 10, 10]), Buffer.from('ünï\r\n\n'), Buffer.alloc(200_000, 'x')]) {
        const file = join(scratch, 'file');
        writeFileSync(file, bytes, { mode: 0o644 });
        const line = stateOf(shell, 'file', file);
        const state = parseStateLine('file', line);
        expect(state?.kind === 'file' && state.content ? bytesOf(state.content).equals(bytes) : null).toBe(true);
        // What the laptop computes of a state is what the board computes of its line.
        expect(state ? stateLineSha256(state) : null).toBe(createHash('sha256').update(line).digest('hex'));
      }
      expect(parseStateLine('file', stateOf(shell, 'file', join(scratch, 'none')))).toEqual({ kind: 'file', is: 'absent', content: null, mode: null, owner: null });
      expect(parseStateLine('file', stateOf(shell, 'file', scratch))).toMatchObject({ is: 'other' });
      const value = parseStateLine('value', stateOf(shell, 'value', '/proc/sys/kernel/ostype'));
      expect(value).toEqual({ kind: 'value', value: 'Linux\n' });
      expect(value ? stateLineSha256(value) : null).toBe(createHash('sha256').update(stateOf(shell, 'value', '/proc/sys/kernel/ostype')).digest('hex'));
      expect(parseStateLine('value', stateOf(shell, 'value', '/proc/no-such'))).toEqual({ kind: 'value', value: null });
    });
  }

  const mayMount = spawnSync('unshare', ['-m', 'true']).status === 0;
  it.skipIf(!mayMount).each([['dash'], ['bash', '--posix'], ['busybox', 'sh']])(`tell shares of resctrl in one spelling, from %s %s${mayMount ? '' : ' (skipped: needs root to put a file system of its own in place)'}`, (...shell) => {
    const inOwnSys = (resource: string) => parseStateLine('schemata', execFileSync('unshare', ['-m', 'sh', '-c', `mount -t tmpfs none /sys/fs && mkdir /sys/fs/resctrl && printf '    MB:0=100;1= 60\\n    L3:1=07fff;0=  0ff\\n' >/sys/fs/resctrl/schemata && exec "$@"`,
      'sh', ...shell.filter((word) => word !== undefined), '-c', `${common}\nstate_of "$1" "$2"`, 'sh', 'schemata', resource], { encoding: 'utf8' }).replace(/\n$/, ''));
    expect(['L3', 'MB', 'L2'].map(inOwnSys)).toEqual([{ kind: 'schemata', line: 'L3:0=ff;1=7fff' }, { kind: 'schemata', line: 'MB:0=100;1=60' }, { kind: 'schemata', line: null }]);
  });

  it('tell who belongs to a group', () => {
    const member = (target: string) => parseStateLine('group-member', stateOf(['sh'], 'group-member', target));
    expect(['root:root', 'nobody:root', 'nosuchuser:root', 'root:ro'].map(member)).toEqual([true, false, false, false].map((is) => ({ kind: 'group-member', member: is })));
  });

  it('of definitions are what the board computes of its line, and none where libvirt keeps something back or is silent', () => {
    const lines = [
      ['domain', 'domain absent'], ['domain', `domain is ${Buffer.from('<domain>ü</domain>\n').toString('base64')}`], ['network', 'network absent'], ['network', 'network is - yes no'],
      ['network', `network is ${Buffer.from('<network/>\n').toString('base64')} no yes`], ['group-member', 'group-member yes'], ['group-member', 'group-member no'],
    ] as const;
    for (const [kind, line] of lines) {
      const state = parseStateLine(kind, line);
      expect([line, state && stateLineSha256(state)]).toEqual([line, createHash('sha256').update(line).digest('hex')]);
    }
    expect([parseStateLine('domain', 'domain unread'), parseStateLine('domain', 'domain secret'), parseStateLine('network', 'network unread')]).toEqual([null, null, null]);
  });

  it('are parsed whatever a board says', () => {
    const kinds = fc.constantFrom('domain' as const, 'network' as const, 'group-member' as const, 'schemata' as const, 'file' as const, 'value' as const, 'unit' as const, 'module' as const, 'kernel-arguments' as const, 'boot-once' as const, 'firmware-attribute' as const);
    fc.assert(fc.property(kinds, fc.string(), (kind, text) => {
      parseStateLine(kind, `${kind} ${text}`);
      expect(parseStateLine(kind, `other ${text}`)).toBeNull();
    }));
    fc.assert(fc.property(fc.uint8Array(), (bytes) => bytesOf(contentOf(Buffer.from(bytes))).equals(Buffer.from(bytes))));
  });

  it('read grubby’s entries', () => {
    const text = 'index=0\nkernel="/boot/vmlinuz-5.14"\nargs="ro crashkernel=1G-4G:192M quiet"\nroot="/dev/sda1"\nindex=1\nkernel="/boot/vmlinuz-rescue"\nargs="ro"\n';
    expect(parseStateLine('kernel-arguments', `kernel-arguments ${Buffer.from(text).toString('base64')}`)).toEqual({
      kind: 'kernel-arguments', entries: [{ kernel: '/boot/vmlinuz-5.14', args: 'ro crashkernel=1G-4G:192M quiet' }, { kernel: '/boot/vmlinuz-rescue', args: 'ro' }],
    });
  });
});
