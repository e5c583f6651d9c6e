import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Client, ClientChannel } from 'ssh2';
import { createPracticeBoard } from '../../../electron/practice-board/practice-board.ts';
import { logIn, runCommand, runScript, startBench, textMatching, type Bench, type RunResult } from './practice-client.ts';

let bench: Bench;
let client: Client;

beforeAll(async () => {
  bench = await startBench('rhel-atom');
  client = await logIn(bench.login);
});

afterAll(async () => {
  client.end();
  await bench.close();
});

const noFaults = { slowLinkMs: 0, dropAfterBytes: 0, diskFull: false, wrongPassword: false };
const sudo = (command: string): Promise<RunResult> => runCommand(client, `sudo -S -p '' sh -c '${command}'`, 'practice\n');
const output = async (script: string): Promise<string> => (await runScript(client, script)).stdout;

const openShell = (terminal: boolean): Promise<ClientChannel> => new Promise((resolve, reject) => {
  client.shell(terminal ? { term: 'xterm', cols: 100, rows: 30 } : false, (error, channel) => (error === undefined ? resolve(channel) : reject(error)));
});

describe('login', () => {
  test('a wrong password is refused', async () => {
    await expect(logIn(bench.login, 'wrong')).rejects.toThrow(/authentication/);
  });

  test('the fault "wrong password" refuses the right one', async () => {
    await bench.board.setFaults({ ...noFaults, wrongPassword: true });
    await expect(logIn(bench.login)).rejects.toThrow(/authentication/);
    await bench.board.setFaults(noFaults);
    (await logIn(bench.login)).end();
  });

  test('the host key is kept, so that it stays the same machine', async () => {
    const again = createPracticeBoard({ stateDir: bench.stateDir });
    const login = await again.ensure('rhel-atom');
    expect(login.hostKey).toEqual(bench.login.hostKey);
    await again.stop();
  });

  test.skipIf(!existsSync('/usr/bin/ssh'))('the OpenSSH client of this system logs in and runs a command (skipped where there is none)', async () => {
    const askPass = join(bench.stateDir, 'ask-pass.sh');
    await writeFile(askPass, '#!/bin/sh\necho practice\n', { mode: 0o700 });
    const child = spawn('/usr/bin/ssh', [
      '-p', String(bench.login.port), '-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR', '-F', 'none', 'rt@127.0.0.1', 'read -r x; echo "$USER on $(hostname) got $x"; exit 7',
    ], { stdio: ['pipe', 'pipe', 'inherit'], env: { PATH: '/usr/bin:/bin', SSH_ASKPASS: askPass, SSH_ASKPASS_REQUIRE: 'force', HOME: '/nonexistent' } });
    let text = '';
    child.stdout.on('data', (data: Buffer) => { text += data.toString(); });
    child.stdin.end('a line\n');
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    expect({ code, text }).toEqual({ code: 7, text: 'rt on edge-x6427fe got a line\n' });
  });
});

describe('the shell', () => {
  test.each([
    ['pipelines and loops', 'printf "b\\na\\n" | sort | while read -r x; do echo "<$x>"; done', '<a>\n<b>\n'],
    ['background and wait', 'sleep 0.05 & p=$!; kill $p; wait $p; echo $?', '143\n'],
    ['traps cut wait short', "trap 'echo got' USR1; (sleep 0.1; kill -USR1 $$) & sleep 5 & wait $!; echo $?; kill $!", 'got\n138\n'],
    ['exit trap', "trap 'echo bye $?' EXIT; exit 3", 'bye 3\n'],
    ['here-documents', 'x=1; cat <<A; cat <<"B"\n$x $((x + 1))\nA\n$x\nB', '1 2\n$x\n'],
    ['parameter expansion', 'f=a.b.c; echo ${f%.*} ${f%%.*} ${f#*.} ${f##*.} ${#f} ${u:-d} ${f:+s}', 'a.b a b.c c 5 d s\n'],
    ['field splitting', 'IFS=:; set -- $(echo a:b::c); echo $#; for x; do echo "[$x]"; done', '4\n[a]\n[b]\n[]\n[c]\n'],
    ['quoted arguments', 'f() { for x; do printf "<%s>" "$x"; done; }; f "$@" "a b" "" c\\ d', '<a b><><c d>'],
    ['case patterns', 'for x in abc "*" a-1; do case $x in "*") echo star;; [a-c]*[!0-9]) echo word;; *) echo other;; esac; done', 'word\nstar\nother\n'],
    ['errexit', 'set -e; if false; then :; fi; false || true; ! true; echo here; false; echo not', 'here\n'],
    ['functions and local', 'f() { local v=2; v=3; return 4; }; v=1; f; echo $? $v', '4 1\n'],
    ['redirections', 'exec 3>/tmp/o 4>&1; echo a >&3; echo b >&4; exec 3>&-; cat /tmp/o; cat </tmp/o 2>&1 >/dev/null', 'b\na\n'],
    ['named pipes', 'mkfifo /tmp/p; (echo one; echo two) >/tmp/p & read -r x </tmp/p; echo "$x"; rm /tmp/p; wait', 'one\n'],
    ['subshells keep to themselves', 'x=1; (x=2; cd /; exit 5); echo $? $x', '5 1\n'],
    ['command substitution', 'x=$(printf "a\\n\\n"); echo "[$x]"; y=$(exit 6); echo $?; echo `echo \\`echo n\\``', '[a]\n6\nn\n'],
    ['arithmetic in 64 bits', 'x=9223372036854775807; echo $((x + 1)) $((7 / 2)) $((-7 % 3)) $((1 << 4 | 1)) $((0x10))', '-9223372036854775808 3 -1 17 16\n'],
    ['getopts', 'set -- -ab v x; while getopts ab: o; do echo "$o$OPTARG"; done; shift $((OPTIND - 1)); echo $1', 'a\nbv\nx\n'],
    ['printf', "printf '%5.1f|%-4s|%03d|%x\\n' 3.14159 ab 7 255; printf '%b.' 'a\\0101'", '  3.1|ab  |007|ff\naA.'],
  ])('%s', async (_name, script, expected) => {
    expect(await output(`cd /tmp\n${script}\n`)).toBe(expected);
  });

  test('an unknown command, a missing file, a syntax error: the messages and statuses of a real one', async () => {
    expect(await runScript(client, 'nonsense')).toMatchObject({ code: 127, stderr: 'sh: 1: nonsense: not found\n' });
    expect(await runScript(client, 'cat /nope')).toMatchObject({ code: 1, stderr: 'cat: /nope: No such file or directory\n' });
    expect((await runScript(client, 'if true; then')).code).toBe(2);
  });

  test('bytes stay bytes', async () => {
    expect(await output("printf '\\303\\244\\377' | wc -c; echo ä | tr -d '\\n'")).toBe('3\nä');
  });
});

describe('a stateful machine', () => {
  test('files stay, permissions hold', async () => {
    await output('mkdir -p ~/d && echo kept >~/d/f && chmod 600 ~/d/f');
    expect(await output('cat ~/d/f; ls -l ~/d/f | cut -c1-10')).toBe('kept\n-rw-------\n');
    expect((await runCommand(client, 'echo x >/etc/hosts')).stderr).toContain('Permission denied');
    expect((await runCommand(client, 'head -n 1 /etc/shadow')).stderr).toBe("head: cannot open '/etc/shadow' for reading: Permission denied\n");
  });

  test('sudo asks for the password of the user, three times', async () => {
    expect((await sudo('id -u')).stdout).toBe('0\n');
    const refused = await runCommand(client, 'sudo -S -p PASS: id', 'a\nb\nc\n');
    expect(refused).toMatchObject({ code: 1, stderr: 'PASS:Sorry, try again.\nPASS:Sorry, try again.\nPASS:sudo: 3 incorrect password attempts\n' });
    expect(await runCommand(client, 'sudo -n id')).toMatchObject({ code: 1, stderr: 'sudo: a password is required\n' });
  });

  test('sysctls take what is written, until the next boot', async () => {
    expect((await sudo('sysctl -w vm.swappiness=10')).stdout).toBe('vm.swappiness = 10\n');
    expect(await output('cat /proc/sys/vm/swappiness')).toBe('10\n');
    expect((await runCommand(client, '/usr/sbin/sysctl -w vm.swappiness=20')).stderr).toContain("permission denied on key 'vm.swappiness'");
  });

  test('a CPU taken offline is gone everywhere', async () => {
    await sudo('echo 0 >/sys/devices/system/cpu/cpu3/online');
    expect(await output('cat /sys/devices/system/cpu/online /sys/devices/system/cpu/offline; lscpu -p=CPU | tail -n 1; grep -c ^processor /proc/cpuinfo')).toBe('0-2\n3\n2\n3\n');
    await sudo('echo 1 >/sys/devices/system/cpu/cpu3/online');
    expect(await output('cat /sys/devices/system/cpu/online')).toBe('0-3\n');
  });

  test('interrupts follow their affinity', async () => {
    const irq = (await output('grep -l . /proc/irq/*/enp0s29f1*/../smp_affinity_list 2>/dev/null; grep enp0s29f1:rx-0 /proc/interrupts | tr -d " " | cut -d: -f1')).trim().split('\n').at(-1) ?? '';
    await sudo(`echo 1 >/proc/irq/${irq}/smp_affinity_list`);
    expect(await output(`cat /proc/irq/${irq}/effective_affinity_list /proc/irq/${irq}/smp_affinity`)).toBe('1\n2\n');
  });

  test('processes show where they run and how they are scheduled', async () => {
    const script = 'taskset -c 2 chrt -f 10 sleep 5 & sleep 0.2; set -- $(cat /proc/$!/stat); echo $39 ${40} ${41} | cut -d" " -f2-; grep Cpus_allowed_list /proc/$!/status; taskset -pc $!; kill $!';
    const result = await runCommand(client, "sudo -S -p '' sh -s", `practice\n${script}\n`);
    expect(result.stdout).toMatch(/^10 1\nCpus_allowed_list:\t2\npid (\d+)'s current affinity list: 2\n$/);
  });

  test('a unit started with systemd-run outlives its starter and is forgotten when it has ended', async () => {
    expect((await sudo('systemd-run --unit=job --property=CPUAffinity=1 sleep 60; systemctl show -p LoadState,ActiveState job')).stdout).toBe('LoadState=loaded\nActiveState=active\n');
    expect((await sudo('systemctl stop job; systemctl show -p LoadState,Result job')).stdout).toBe('LoadState=not-found\nResult=success\n');
    expect((await runCommand(client, 'systemd-run true')).stderr).toBe('Failed to start transient service unit: Interactive authentication required.\n');
  });

  test('a process started with setsid and nohup goes on after its channel has closed', async () => {
    await output('setsid nohup sh -c "sleep 0.3; echo done >/tmp/later" >/dev/null 2>&1 </dev/null &');
    expect(await output('tail -n 1 -f /dev/null --pid=$(pgrep -f "echo done" | head -n 1) 2>/dev/null; while [ ! -s /tmp/later ]; do sleep 0.05; done; cat /tmp/later')).toBe('done\n');
  });

  test('a growing file is streamed and its end is known', async () => {
    expect(await output('(echo one; sleep 0.2; echo two) >/tmp/grow & sleep 0.05; tail -c +1 -f -s 1 --pid=$! /tmp/grow')).toBe('one\ntwo\n');
  });

  test('a reboot brings a new boot id and what was written for the next boot', async () => {
    const before = await output('cat /proc/sys/kernel/random/boot_id');
    await sudo('grubby --update-kernel=ALL --args="isolcpus=1-3 quiet" --remove-args=skew_tick');
    expect(await output('cat /sys/devices/system/cpu/isolated')).toBe('2-3\n');
    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
    await sudo('echo gone >/run/x; reboot');
    await closed;
    await expect.poll(() => logIn(bench.login).then((next) => { client = next; return true; }, () => false), { timeout: 15_000, interval: 250 }).toBe(true);
    expect(await output('cat /sys/devices/system/cpu/isolated; cat ~/d/f; ls /run/x 2>&1; cat /proc/sys/vm/swappiness')).toBe("1-3\nkept\nls: cannot access '/run/x': No such file or directory\n60\n");
    expect(await output('cat /proc/sys/kernel/random/boot_id')).not.toBe(before);
    expect(Number((await output('cut -d. -f1 /proc/uptime')).trim())).toBeLessThan(60);
  }, 30_000);

  test('reset puts the machine back to its first state', async () => {
    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
    await bench.board.reset();
    await closed;
    client = await logIn(bench.login);
    expect(await output('ls ~; cat /sys/devices/system/cpu/isolated')).toBe('2-3\n');
  });
});

describe('faults', () => {
  test('a full disk refuses to write, and df says so', async () => {
    await bench.board.setFaults({ ...noFaults, diskFull: true });
    const result = await runScript(client, 'echo x >/tmp/full; echo $?; df -P / | tail -n 1');
    expect(result.stderr).toContain('No space left on device');
    expect(result.stdout).toMatch(/^[12]\n.* 0 +100% \/\n$/);
    await bench.board.setFaults(noFaults);
  });

  test('a slow link delays', async () => {
    await bench.board.setFaults({ ...noFaults, slowLinkMs: 100 });
    const before = Date.now();
    expect(await output('echo x')).toBe('x\n');
    expect(Date.now() - before).toBeGreaterThan(190);
    await bench.board.setFaults(noFaults);
  });

  test('a link that breaks after so many bytes', async () => {
    const other = await logIn(bench.login);
    const lost = new Promise<void>((resolve) => other.once('close', () => resolve()));
    other.on('error', () => undefined);
    await bench.board.setFaults({ ...noFaults, dropAfterBytes: 20_000 });
    other.exec('while :; do echo 0123456789012345678901234567890123456789; done', (error, channel) => { if (error === undefined) channel.resume(); });
    await lost;
    await bench.board.setFaults(noFaults);
  });
});

describe('a terminal', () => {
  test('shows a prompt, echoes, keeps state from line to line, and leaves with exit', async () => {
    const channel = await openShell(true);
    expect(await textMatching(channel, /rt@edge-x6427fe:~\$ $/)).toMatch(/^Practice board: /);
    channel.write('cd /tmp; x=5\r');
    await textMatching(channel, /rt@edge-x6427fe:\/tmp\$ $/);
    channel.write('echo "$x"abX\x7fc $(tty)\r');
    expect(await textMatching(channel, /\$ $/)).toMatch(/5abc \/dev\/pts\/\d+\r\n/);
    const closed = new Promise<void>((resolve) => channel.once('close', () => resolve()));
    channel.write('exit\r');
    await closed;
  });

  test('waits for the rest of what is not finished, and survives what is wrong', async () => {
    const channel = await openShell(true);
    await textMatching(channel, /\$ $/);
    channel.write('if true\r');
    await textMatching(channel, /> $/);
    channel.write('then echo multi; fi\r');
    expect(await textMatching(channel, /\$ $/)).toContain('multi\r\n');
    channel.write('fi\r');
    expect(await textMatching(channel, /\$ $/)).toContain("-bash: syntax error near unexpected token `fi'");
    channel.write('${x!}; echo $((1/0)); nonsense\r');
    await textMatching(channel, /\$ $/);
    channel.write('echo still here\r');
    expect(await textMatching(channel, /\$ $/)).toContain('still here\r\n');
    channel.end('exit\r');
  });

  test('Ctrl-C ends what runs, sudo asks without echo', async () => {
    const channel = await openShell(true);
    await textMatching(channel, /\$ $/);
    channel.write('sleep 60; echo status $?\r');
    await textMatching(channel, /status \$\?\r\n/);
    channel.write('\x03');
    await textMatching(channel, /\^C[^]*\$ $/);
    channel.write('sudo id -u\r');
    await textMatching(channel, /password for rt: $/);
    channel.write('practice\r');
    expect(await textMatching(channel, /\$ $/)).not.toContain('practice');
    channel.write('\x04');
    await new Promise<void>((resolve) => channel.once('close', () => resolve()));
  });

  test('the live display of cyclictest redraws itself', async () => {
    const channel = await openShell(true);
    await textMatching(channel, /\$ $/);
    channel.write('sudo cyclictest -p 80 -t 1 -a 2 -l 100\r');
    await textMatching(channel, /: $/);
    channel.write('practice\r');
    expect(await textMatching(channel, /C: {4}100[^]*\$ $/)).toMatch(/policy: fifo: loadavg: [^]*\x1b\[3A/);
    channel.end('exit\r');
  });
});
