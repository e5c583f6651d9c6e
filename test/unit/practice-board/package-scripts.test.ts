import type { Client } from 'ssh2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packagesScript } from '../../../electron/core/changes/packages-script.ts';
import { newCallWords, passwordSudoCommand } from '../../../electron/core/ssh/remote-commands.ts';
import { scriptInput } from '../../../electron/core/ssh/script-input.ts';
import { logIn, runCommand, startBench, type Bench } from './practice-client.ts';

const machineOf = (id: string) => {
  let bench: Bench | undefined;
  let client: Client | undefined;
  beforeAll(async () => {
    bench = await startBench(id);
    client = await logIn(bench.login);
  });
  afterAll(async () => {
    client?.end();
    await bench?.close();
  });
  const asRoot = async (command: string, input: string): Promise<string> => {
    if (client === undefined || bench === undefined) throw new Error('not started');
    return (await runCommand(client, command, `${bench.login.password}\n${input}`)).stdout;
  };
  return {
    packages: (...args: string[]) => asRoot(passwordSudoCommand(newCallWords()), scriptInput(packagesScript, args).toString()),
    output: (command: string) => asRoot("sudo -S -p '' sh -s", `${command}\n`),
  };
};

describe('packages of a fresh Debian', () => {
  const { packages, output } = machineOf('plain-pc');

  test('are listed', async () => {
    expect(await packages('list')).toContain('linux-image-amd64 6.1.140-1\n');
    expect(await packages('hosts')).toBe('http://deb.debian.org/debian/dists/bookworm/InRelease\n');
  });

  test('a real-time kernel and its tools are installed with progress, and are in the menu', async () => {
    expect(await output('command -v cyclictest')).toBe('');
    expect(await packages('start', 'one', 'board', '', '5', '+linux-image-rt-amd64', '+rt-tests')).toBe('started\n');
    const log = await packages('follow', 'one', '1');
    expect([...log.matchAll(/^@@ (.*)$/gm)].map(([, said]) => said)).toEqual(['phase update', 'phase simulate', 'phase download', 'phase install', 'exit 0']);
    expect(log).toMatch(/^dlstatus:1:0\.0000:Retrieving file 1 of 3$/m);
    expect(log).toMatch(/^pmstatus:rt-tests:[\d.]+:Installed rt-tests \(amd64\)$/m);
    expect(await packages('state', 'one')).toBe('ended 0\n');
    expect(await packages('list')).toContain('linux-image-6.1.0-37-rt-amd64 6.1.140-1\n');
    expect(await output('ls /boot/vmlinuz-*; command -v cyclictest; grep -c "^.menuentry" /boot/grub/grub.cfg')).toBe('/boot/vmlinuz-6.1.0-37-amd64\n/boot/vmlinuz-6.1.0-37-rt-amd64\n/usr/bin/cyclictest\n4\n');
    expect(await packages('drop', 'one')).toBe('dropped\n');
  });

  test('what the archive has not is named; what others need is not removed unasked; the running kernel stays', async () => {
    await packages('start', 'two', 'board', '', '5', '+no-such-package');
    expect(await packages('follow', 'two', '1')).toContain('E: Unable to locate package no-such-package\n@@ exit 100');
    await packages('start', 'three', 'board', '', '5', '-linux-image-6.1.0-37-rt-amd64');
    expect(await packages('follow', 'three', '1')).toContain('@@ removes linux-image-rt-amd64\n@@ exit 92');
    await packages('start', 'four', 'board', '', '5', '-linux-image-6.1.0-37-amd64', '-linux-image-amd64');
    expect(await packages('follow', 'four', '1')).toContain('@@ running linux-image-6.1.0-37-amd64\n@@ exit 93');
  });

  test('and removed again', async () => {
    await packages('start', 'five', 'board', '', '5', '-rt-tests', '-linux-image-rt-amd64', '-linux-image-6.1.0-37-rt-amd64');
    expect(await packages('follow', 'five', '1')).toMatch(/@@ exit 0\n$/);
    expect(await output('ls /boot/vmlinuz-*; command -v cyclictest; grep -c rt-amd64 /boot/grub/grub.cfg')).toBe('/boot/vmlinuz-6.1.0-37-amd64\n0\n');
    expect(await packages('list')).not.toContain('rt-');
  });
});

describe('packages of RHEL', () => {
  const { packages, output } = machineOf('rhel-atom');

  test('are listed, installed and removed', async () => {
    expect(await packages('list')).toContain('grubby 8.40-63.el9.x86_64\n');
    await packages('start', 'one', 'board', '', '5', '+msr-tools', '+kernel-tools');
    expect(await packages('follow', 'one', '1')).toMatch(/@@ phase download\n[^]*@@ phase install\n[^]*Complete!\n@@ exit 0\n$/);
    expect(await output('rpm -q msr-tools')).toBe('msr-tools-1.3-21.el9.x86_64\n');
    await packages('start', 'two', 'board', '', '5', '-msr-tools', '-kernel-tools');
    expect(await packages('follow', 'two', '1')).toMatch(/@@ exit 0\n$/);
    expect(await output('rpm -q msr-tools')).toBe('package msr-tools is not installed\n');
    await packages('start', 'three', 'board', '', '5', '-kernel-rt-core');
    expect(await packages('follow', 'three', '1')).toMatch(/@@ (?:running kernel-rt-core|removes)/);
  });
});
