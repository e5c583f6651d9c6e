import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeArgument, scriptInput } from '../../../electron/core/ssh/script-input.ts';
import { plainCommand, probingCommand, freeSudoCommand, newCallWords, passwordSudoCommand } from '../../../electron/core/ssh/remote-commands.ts';
import { CodedError } from '../../../shared/contract/errors.ts';

const hexOf = { name: 'hex-of', text: 'for a in "$@"; do printf "%s" "$a" | od -An -v -tx1 | tr -d " \\n"; echo .; done\n' };
const nullSeparated = { name: 'null-separated', text: 'for a in "$@"; do printf "%s\\0" "$a"; done' };

const shells: ReadonlyArray<readonly [string, readonly string[]]> = [
  ['dash', ['/bin/dash', '-s', '--']], ['busybox sh', ['/bin/busybox', 'sh', '-s', '--']], ['bash as sh', ['/bin/bash', '--posix', '-s', '--']],
];

describe.each(shells)('script input in %s', (_name, [program = '', ...flags]) => {
  const available = existsSync(program);
  let directory = '';
  beforeAll(() => { directory = mkdtempSync(join(tmpdir(), 'rtvm-script-')); });
  afterAll(() => { rmSync(directory, { recursive: true }); });
  const run = (script: { name: string; text: string }, args: readonly string[]): { stdout: Buffer; stderr: string; status: number | null } => {
    const { stdout, stderr, status } = spawnSync(program, flags, { input: scriptInput(script, args), cwd: directory, maxBuffer: 1e9 });
    return { stdout, stderr: stderr.toString(), status };
  };

  it.skipIf(!available)('gives back every byte but zero, one by one and in a row', () => {
    const bytes = Array.from({ length: 255 }, (_, index) => index + 1);
    const words = [...bytes.map((byte) => Buffer.from([byte])), Buffer.from(bytes), Buffer.from('\n\n'), Buffer.from('')];
    const script = `set -- ${words.map((word) => `'${encodeArgument(word)}'`).join(' ')}`;
    // The same wrapping, with words that are bytes and no text: what scriptInput makes of them, put in its place.
    const input = scriptInput(hexOf, ['%']).toString('latin1').replace(/^set -- .*$/m, () => script);
    const { stdout } = spawnSync(program, flags, { input: Buffer.from(input, 'latin1') });
    expect(stdout.toString()).toBe(words.map((word) => `${word.toString('hex')}.\n`).join(''));
  });

  it.skipIf(!available)('gives back any text', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string()).map((value) => value.replaceAll('\0', ''));
    fc.assert(fc.property(fc.array(text, { maxLength: 8 }), (args) => {
      expect(run(nullSeparated, args).stdout.toString()).toBe(args.map((arg) => `${arg}\0`).join(''));
    }), { numRuns: 60 });
  });

  it.skipIf(!available)('never runs one of 1,000 hostile arguments', () => {
    const canary = join(directory, 'canary');
    const touch = `touch ${canary}`;
    const wraps = [`$(${touch})`, `\`${touch}\``, `'; ${touch}; '`, `"; ${touch}; "`, `; ${touch}`, `\n${touch}\n`, `| ${touch}`, `&& ${touch} &&`, `}\n${touch}\n{`, `</dev/null\n${touch}`, `%0047; ${touch}`, `\\'; ${touch}; #`, `\${x:-$(${touch})}`, `'$(${touch})'`, `-c '${touch}'`, `\r\n${touch}`, `EOF\n${touch}`, `exit $?\n} </dev/null\n${touch}\n`];
    const hostile = Array.from({ length: 1000 }, (_, index) => {
      const wrap = wraps[index % wraps.length] ?? '';
      return `${'\'"\\%$`!{}()'.slice(0, index % 11)}${wrap}${String(index)}`;
    });
    for (let from = 0; from < hostile.length; from += 50) {
      const args = hostile.slice(from, from + 50);
      const { stdout, stderr, status } = run(nullSeparated, args);
      expect(stdout.toString()).toBe(args.map((arg) => `${arg}\0`).join(''));
      expect([stderr, status]).toEqual(['', 0]);
    }
    expect(readdirSync(directory)).toEqual([]);
  });

  it.skipIf(!available)('gives a script its exit code, no standard input, a C locale and the system directories', () => {
    expect(run({ name: 'code', text: 'exit 42' }, []).status).toBe(42);
    expect(run({ name: 'last', text: 'false' }, []).status).toBe(1);
    const { stdout } = run({ name: 'surroundings', text: 'cat; echo "$# $LC_ALL"; case :$PATH: in *:/usr/sbin:*) echo yes;; esac; set | grep -c "^rtvm_"; printf %s "$IFS" | od -An -tx1' }, ['a b', '']);
    expect(stdout.toString()).toBe('2 C\nyes\n0\n');
  });

  it.skipIf(!available)('decodes half a megabyte of escapes within seconds', () => {
    const args = ['é'.repeat(60_000), '\\'.repeat(60_000)];
    expect(run(nullSeparated, args).stdout.toString()).toBe(args.map((arg) => `${arg}\0`).join(''));
  });
});

describe('what a login shell reads', () => {
  it('is constant but for random words of letters, digits, dashes and a colon', () => {
    const words = { mark: 'MARK', prompt: 'PROMPT' };
    const made = newCallWords();
    for (const command of [freeSudoCommand, passwordSudoCommand, (given: typeof words) => probingCommand(given, 'stop')]) {
      expect(command(made).replace(made.mark, 'MARK').replace(made.prompt, 'PROMPT')).toBe(command(words));
    }
    expect(`${made.mark}${made.prompt}`).toMatch(/^[a-z0-9-]+:$/);
    expect(newCallWords()).not.toEqual(made);
    expect(plainCommand).toBe('exec sh -s --');
  });

  it('is right for sh, fish and csh by their own parsers', ({ skip }) => {
    const words = newCallWords();
    const commands = [plainCommand, freeSudoCommand(words), passwordSudoCommand(words), probingCommand(words, 'stop')];
    for (const command of commands) {
      execFileSync('/bin/dash', ['-n', '-c', command]);
      expect(command).not.toMatch(/[\n!]/);
      expect(command.split('\'').length % 2).toBe(1);
    }
    if (!existsSync('/usr/bin/fish')) { skip('fish is not installed here'); return; }
    for (const command of commands) execFileSync('/usr/bin/fish', ['--no-execute', '-c', command]);
  });

  it('has nothing of an argument but plain characters', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => {
      expect(encodeArgument(Buffer.from(bytes))).toMatch(/^[A-Za-z0-9_./:=,+@%-]*$/);
    }));
  });

  it('refuses what no program can be given', () => {
    for (const bad of ['a\0b', '\ud800', 'x\udc00y']) expect(() => scriptInput(hexOf, [bad])).toThrow(CodedError);
    expect(() => scriptInput(hexOf, ['😀'])).not.toThrow();
  });
});
