import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packagesScript } from '../../../electron/core/changes/packages-script.ts';
import { createPackageLog, type PackagesOutcome } from '../../../shared/planning/packages/package-log.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const busybox = '/bin/busybox';
const shells: ReadonlyArray<readonly [string, readonly string[]]> = [['dash', ['/bin/sh']], ...(existsSync(busybox) ? [['busybox', [busybox, 'sh']] as const] : [])];

/** A machine of the RHEL family as far as the scripts see it: the shell's usual tools, and a dnf and an rpm that a test writes. */
interface Machine {
  readonly directory: string;
  /** Runs change-packages.sh as on a board. */
  script(...args: string[]): string;
  /** Runs the worker to its end. */
  work(source: string, words: readonly string[], wait?: number): PackagesOutcome;
  asked(): string[];
}

const usual = ['awk', 'base64', 'cat', 'cut', 'date', 'grep', 'head', 'id', 'mkdir', 'mv', 'rm', 'rmdir', 'sed', 'sha256sum', 'sh', 'sleep', 'sort', 'tail', 'tr', 'uname', 'wc'];

const machine = async (shell: readonly string[], programs: Readonly<Record<string, string>>): Promise<Machine> => {
  const root = await temporaryFolder();
  const bin = join(root, 'bin');
  const directory = join(root, 'rtvm-bench', 'packages', 'key');
  mkdirSync(bin, { recursive: true });
  mkdirSync(directory, { recursive: true });
  for (const name of usual) symlinkSync(execFileSync('/bin/sh', ['-c', `command -v ${name}`]).toString().trim(), join(bin, name));
  const asked = join(root, 'asked');
  for (const [name, text] of Object.entries(programs)) writeFileSync(join(bin, name), `#!/bin/sh\nprintf '%s\\n' "${name} $*" >>${asked}\n${text}\n`, { mode: 0o755 });
  const env = { PATH: bin, RTVM_BENCH_DIR: join(root, 'rtvm-bench') };
  const [program = '/bin/sh', ...first] = shell;
  // The scripts add the system's own folders to the PATH, where this machine's package manager may be: a folder of the test stands for them.
  const here = (text: string): string => text.replaceAll('$PATH:/usr/local/sbin:/usr/sbin:/sbin', '$PATH');
  return {
    directory,
    script: (...args) => execFileSync(program, [...first, '-s', '--', ...args], { input: here(packagesScript.text), env }).toString(),
    work: (source, words, wait = 0) => {
      const worker = /cat <<'RTVM-BENCH-END-OF-WORKER'\n([\s\S]*?)\nRTVM-BENCH-END-OF-WORKER\n/.exec(packagesScript.text)?.[1] ?? '';
      const file = join(directory, 'worker.sh');
      writeFileSync(file, here(worker));
      writeFileSync(join(directory, 'log'), '');
      spawnSync(program, [...first, file, directory, source, String(wait), ...words], { env });
      const log = createPackageLog();
      log.take(readFileSync(join(directory, 'log'), 'utf8'));
      return log.outcome();
    },
    asked: () => (existsSync(asked) ? readFileSync(asked, 'utf8').trimEnd().split('\n') : []),
  };
};

describe.each(shells)('the scripts on a board of the RHEL family, under %s', (_, shell) => {
  test('a real-time kernel comes from repositories that are off, for this once', async () => {
    const board = await machine(shell, { dnf: 'case "$*" in *repolist*) printf "repo id      repo name\\ncrb          CRB\\nnfv          NFV\\nrhel-9-for-x86_64-rt-rpms RT\\nnfv-debuginfo x\\n" ;; *) echo Complete! ;; esac', rpm: 'exit 1' });
    expect(board.work('board', ['+kernel-rt', '+kernel-rt-kvm'])).toMatchObject({ exitStatus: 0, phase: 'install' });
    const installs = board.asked().filter((line) => line.includes(' install '));
    expect(installs).toHaveLength(2);
    expect(installs[0]).toMatch(/^dnf -y .*--enablerepo=nfv --enablerepo=rhel-9-for-x86_64-rt-rpms --downloadonly install kernel-rt kernel-rt-kvm$/);
    expect(installs[1]).toMatch(/--enablerepo=rhel-9-for-x86_64-rt-rpms install kernel-rt kernel-rt-kvm$/);
  });

  test('what was removed comes back in its version; what is not installed is not removed', async () => {
    const board = await machine(shell, { dnf: 'exit 0', rpm: 'case "$*" in *missing*|*-qf*) exit 1 ;; esac' });
    board.work('board', ['+tuned=2.24.0-1.el9.noarch', '+qemu=17:9.0.0-10.el9.x86_64', '+kernel-core=installed', '-missing', '-stalld']);
    expect(board.asked().filter((line) => line.startsWith('dnf') && / install | remove /.test(line)).map((line) => line.replace(/^dnf .*?(?=--downloadonly|--assumeno|--noautoremove|install)/, ''))).toEqual([
      '--assumeno remove stalld', '--downloadonly install tuned-2.24.0-1.el9.noarch qemu-9.0.0-10.el9.x86_64 kernel-core',
      'install tuned-2.24.0-1.el9.noarch qemu-9.0.0-10.el9.x86_64 kernel-core', '--noautoremove remove stalld',
    ]);
  });

  test('nothing goes that was not asked for', async () => {
    const table = 'Dependencies resolved.\\nRemoving:\\n tuned noarch 2.24 @base 1 M\\nRemoving dependent packages:\\n tuned-profiles-realtime noarch 2.24 @rt 10 k\\n cockpit noarch 3 @base 1 k\\n\\nTransaction Summary\\n';
    const board = await machine(shell, { dnf: `case "$*" in *--assumeno*) printf '${table}'; exit 1 ;; esac`, rpm: 'case "$*" in *-qf*) exit 1 ;; esac' });
    expect(board.work('board', ['-tuned', '-cockpit'])).toMatchObject({ exitStatus: 92, wouldRemove: ['tuned-profiles-realtime'] });
    expect(board.asked().some((line) => line.includes('--noautoremove'))).toBe(false);
  });

  test('the kernel that runs is not taken away', async () => {
    const board = await machine(shell, { dnf: 'exit 0', rpm: 'case "$*" in *-qf*) printf kernel-rt-core ;; esac' });
    const release = execFileSync('uname', ['-r']).toString().trim();
    expect(board.work('board', [`-kernel-rt-core-${release}`])).toMatchObject({ exitStatus: 93, runningKernel: 'kernel-rt-core' });
  });

  test('a lock is waited for, and its holder named', async () => {
    const board = await machine(shell, { dnf: `case "$*" in *--downloadonly*) if [ ! -e "$0.once" ]; then : >"$0.once"; echo "already locked by ${process.pid}"; exit 200; fi ;; esac`, rpm: 'exit 1' });
    const outcome = board.work('board', ['+tuned'], 30);
    expect(outcome).toMatchObject({ exitStatus: 0, lockHolder: expect.stringMatching(new RegExp(`^${process.pid} .`)) });
    expect([...outcome.said.values()].join('')).not.toContain('already locked');
  });

  test('over this computer’s connection: the proxy’s password stands in a file of root, in no argument', async () => {
    const board = await machine(shell, { dnf: 'for word; do case $word in */dnf.conf) cat "$word" ;; esac; done', rpm: 'exit 1' });
    writeFileSync(join(board.directory, 'proxy'), 'http://board:tok_en-1@127.0.0.1:40123\n');
    const outcome = board.work('proxy', ['+tuned']);
    expect(board.asked().join('\n')).not.toContain('tok_en-1');
    expect(outcome.said.get('install')).toMatch(/^proxy=http:\/\/127\.0\.0\.1:40123\nproxy_username=board\nproxy_password=\*\*\*$/m);
    expect(readFileSync(join(board.directory, 'dnf.conf'), 'utf8')).toContain('proxy_password=tok_en-1\n');
  });

  test('the list has a line of its own for every installed kernel', async () => {
    const board = await machine(shell, { rpm: 'printf "tuned 0:2.24.0-1.el9.noarch\\nqemu-kvm 17:9.0.0-10.el9.x86_64\\nkernel-core 0:5.14.0-503.el9.x86_64\\nkernel-core 0:5.14.0-570.el9.x86_64\\ngpg-pubkey 0:8483c65d-5ccc5b19.(none)\\n"' });
    expect(board.script('list').trimEnd().split('\n')).toEqual([
      'kernel-core installed', 'kernel-core-5.14.0-503.el9.x86_64 5.14.0-503.el9.x86_64', 'kernel-core-5.14.0-570.el9.x86_64 5.14.0-570.el9.x86_64',
      'qemu-kvm 17:9.0.0-10.el9.x86_64', 'tuned 2.24.0-1.el9.noarch',
    ]);
  });

  test('a file arrives in pieces, one that comes twice is written once', async () => {
    const board = await machine(shell, {});
    const piece = (text: string): string => Buffer.from(text).toString('base64');
    expect(board.script('put', 'key', '0001.rpm', '0', piece('first ')).trim()).toBe('at 6');
    expect(board.script('put', 'key', '0001.rpm', '6', piece('second')).trim()).toBe('at 12');
    expect(board.script('put', 'key', '0001.rpm', '6', piece('second')).trim()).toBe('at 12');
    expect(board.script('sum', 'key', '0001.rpm').trim()).toBe(`sum 12 ${execFileSync('sha256sum', { input: 'first second' }).toString().split(' ')[0] ?? ''}`);
    for (const name of ['../../etc/passwd', '.hidden', 'a b', 'x;id']) expect(board.script('put', 'key', name, '0', piece('x')).trim()).toBe('refused bad-name');
    expect(board.script('drop', 'key').trim()).toBe('dropped');
    expect(existsSync(board.directory)).toBe(false);
  });

  test('a board with neither package manager says so', async () => {
    const board = await machine(shell, {});
    expect(board.script('start', 'key', 'board', '', '0', '+tuned').trim()).toBe('refused no-manager');
    expect(board.script('state', 'key').trim()).toBe('none');
  });
});
