import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
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

  it('are parsed whatever a board says', () => {
    const kinds = fc.constantFrom('file' as const, 'value' as const, 'unit' as const, 'module' as const, 'kernel-arguments' as const, 'boot-once' as const, 'firmware-attribute' as const);
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
