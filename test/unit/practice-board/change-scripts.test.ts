import type { Client } from 'ssh2';
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { activityScript, readScript, releaseScript, restartScript, stayScript, stepScript } from '../../../electron/core/changes/change-scripts.ts';
import type { BoardScript } from '../../../electron/core/ssh/board-session.ts';
import { newCallWords, passwordSudoCommand } from '../../../electron/core/ssh/remote-commands.ts';
import { scriptInput } from '../../../electron/core/ssh/script-input.ts';
import { logIn, runCommand, runScript, startBench, type Bench } from './practice-client.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const change = '20261121T120000Z';

/** A machine, and the scripts of a change run on it as the product runs them: as root, arguments as data. */
class Machine {
  bench: Bench;
  client: Client;

  constructor(bench: Bench, client: Client) {
    this.bench = bench;
    this.client = client;
  }

  static async start(id: string): Promise<Machine> {
    const bench = await startBench(id);
    return new Machine(bench, await logIn(bench.login));
  }

  async stop(): Promise<void> {
    this.client.end();
    await this.bench.close();
  }

  /** What a script answers, line by line. */
  async run(script: BoardScript, ...args: string[]): Promise<string[]> {
    const { stdout } = await runCommand(this.client, passwordSudoCommand(newCallWords()), `${this.bench.login.password}\n${scriptInput(script, args).toString()}`);
    return stdout.trim().split('\n');
  }

  step(kind: string, target: string, ...args: string[]): Promise<string[]> {
    return this.run(stepScript, change, 'Anna', '1', 'any', kind, target, ...args);
  }

  async state(kind: string, target: string): Promise<string> {
    return (await this.run(readScript, kind, target)).find((line) => line.startsWith('state 1 '))?.slice('state 1 '.length) ?? '';
  }

  async output(command: string): Promise<string> {
    return (await runCommand(this.client, `sudo -S -p '' sh -s`, `${this.bench.login.password}\n${command}\n`)).stdout;
  }

  /** Restarts with the script of the product, and logs in again as soon as that works. */
  async restart(): Promise<void> {
    const boot = (await runScript(this.client, 'cat /proc/sys/kernel/random/boot_id')).stdout.trim();
    const closed = new Promise<void>((resolve) => this.client.once('close', () => { resolve(); }));
    await this.run(restartScript, boot);
    await closed;
    await this.reconnect();
  }

  async reconnect(): Promise<void> {
    for (;;) {
      try {
        this.client = await logIn(this.bench.login);
        return;
      } catch {
        await new Promise((resolve) => { setTimeout(resolve, 50); });
      }
    }
  }
}

const onMachine = (id: string): { machine: () => Machine } => {
  let machine: Machine | undefined;
  beforeAll(async () => { machine = await Machine.start(id); });
  afterAll(async () => { await machine?.stop(); });
  return {
    machine: () => {
      if (machine === undefined) throw new Error('not started');
      return machine;
    },
  };
};

describe('steps of a change on Debian', () => {
  const { machine } = onMachine('dual-xeon');
  const dropIn = '/etc/default/grub.d/90-rtvm-bench.cfg';

  test('a file is read, written byte for byte, and taken away', async () => {
    const text = 'GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX rtvm_bench.mark=1"\n';
    expect(await machine().state('file', dropIn)).toBe('file absent');
    expect((await machine().step('file', dropIn, 'present', base64(text), '644', '0:0')).at(-1)).toBe('done');
    expect(await machine().state('file', dropIn)).toBe(`file regular 644 0:0 ${base64(text)}`);
    const odd = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)).toString('base64');
    expect((await machine().step('file', '/etc/rtvm-bench/all.bin', 'present', odd, '600', '0:0')).at(-2)).toBe(`after file regular 600 0:0 ${odd}`);
    expect((await machine().step('file', '/etc/rtvm-bench/all.bin', 'absent')).slice(-2)).toEqual(['after file absent', 'done']);
    expect(await machine().output('ls -d /etc/rtvm-bench 2>&1')).toContain('No such file');
    expect(await machine().output(`ls -a /etc/default/grub.d`)).toBe('.\n..\n90-rtvm-bench.cfg\n');
  });

  test('a step whose target has moved does nothing', async () => {
    const wrong = createHash('sha256').update('file absent').digest('hex');
    expect(await machine().run(stepScript, change, 'Anna', '1', wrong, 'file', dropIn, 'absent')).toContain('moved');
    expect(await machine().state('file', dropIn)).toMatch(/^file regular/);
    const right = createHash('sha256').update(await machine().state('file', '/etc/hosts')).digest('hex');
    expect((await machine().run(stepScript, change, 'Anna', '1', right, 'file', '/etc/hosts', 'present', base64('127.0.0.1 localhost\n'), '644', '0:0')).at(-1)).toBe('done');
  });

  test('another change is kept out until this one is released', async () => {
    expect((await machine().run(stepScript, '20261121T130000Z', 'Bert', '1', 'any', 'value', '/proc/sys/vm/swappiness', '1')).at(-1)).toMatch(/^busy 20261121T120000Z \d+ Anna$/);
    expect(await machine().run(releaseScript, change)).toEqual(['released']);
    expect((await machine().run(stepScript, '20261121T130000Z', 'Bert', '1', 'any', 'value', '/proc/sys/vm/swappiness', '1')).at(-1)).toBe('done');
    await machine().run(releaseScript, '20261121T130000Z');
  });

  test.each([
    ['/proc/sys/kernel/timer_migration', '0', '0'], ['/proc/irq/default_smp_affinity', 'f', '00000000,0000000f'], ['/sys/kernel/mm/ksm/run', '2', '2'], ['/sys/devices/virtual/workqueue/cpumask', 'f', '00000000,0000000f'],
    ['/sys/module/kvm/parameters/halt_poll_ns', '0', '0'], ['/sys/devices/system/cpu/cpufreq/policy5/scaling_governor', 'performance', 'performance'], ['/sys/module/pcie_aspm/parameters/policy', 'performance', 'default [performance] powersave powersupersave '],
  ])('the value %s takes %s', async (path, value, reads) => {
    expect((await machine().step('value', path, value)).slice(-2)).toEqual([`after value is ${base64(`${reads}\n`)}`, 'done']);
  });

  test('a value that the kernel does not take, or that is not there, fails by name', async () => {
    expect((await machine().step('value', '/sys/kernel/mm/ksm/run', '7')).at(-1)).toBe('failed value-refused /sys/kernel/mm/ksm/run');
    expect((await machine().step('value', '/proc/sys/kernel/nonsense', '1')).at(-1)).toBe('failed absent /proc/sys/kernel/nonsense');
    expect((await machine().step('value', '/sys/module/kvm_intel/parameters/ple_gap', '0')).at(-1)).toMatch(/^failed value-refused/);
  });

  test('interrupts go where they are told', async () => {
    const irq = (await machine().output("awk -F: '/eno1-TxRx-3/ { print $1 + 0 }' /proc/interrupts")).trim();
    await machine().step('value', `/proc/irq/${irq}/smp_affinity_list`, '0-3');
    expect(await machine().output(`cat /proc/irq/${irq}/effective_affinity_list`)).toBe('0\n');
  });

  test('units are enabled and stopped, and one of ours is known once written', async () => {
    expect(await machine().state('unit', 'irqbalance.service')).toBe('unit enabled active');
    expect((await machine().step('unit', 'irqbalance.service', 'no', 'no')).slice(-2)).toEqual(['after unit disabled inactive', 'done']);
    expect(await machine().state('unit', 'rtvm-bench-irq.service')).toBe('unit not-found inactive');
    const unit = '[Unit]\nDescription=Keeps interrupts in place\n\n[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/sh -c \'echo 3 >/proc/sys/vm/swappiness; echo "$$HOME" >/run/ran\'\n\n[Install]\nWantedBy=multi-user.target\n';
    await machine().step('file', '/etc/systemd/system/rtvm-bench-irq.service', 'present', base64(unit), '644', '0:0');
    expect((await machine().step('generate', 'daemon-reload')).at(-1)).toBe('done');
    expect((await machine().step('unit', 'rtvm-bench-irq.service', 'yes', 'yes')).slice(-2)).toEqual(['after unit enabled active', 'done']);
    expect(await machine().output('cat /proc/sys/vm/swappiness')).toBe('3\n');
    expect((await machine().step('unit', 'no-such.service', 'yes', '-')).at(-1)).toBe('failed unit-refused no-such.service');
  });

  test('modules come and go', async () => {
    expect(await machine().state('module', 'msr')).toBe('module no');
    expect((await machine().step('module', 'msr', 'yes')).slice(-2)).toEqual(['after module yes', 'done']);
    expect((await machine().step('module', 'msr', 'no')).slice(-2)).toEqual(['after module no', 'done']);
    expect((await machine().step('module', 'nonsense', 'yes')).at(-1)).toBe('failed module-refused nonsense');
  });

  test('generators run, and a broken file leaves the menu as it was', async () => {
    for (const generator of ['initramfs', 'udev-reload', 'daemon-reload']) expect((await machine().step('generate', generator)).at(-1)).toBe('done');
    const before = await machine().output('sha256sum /boot/grub/grub.cfg');
    await machine().step('file', '/etc/default/grub.d/99-broken.cfg', 'present', base64('GRUB_CMDLINE_LINUX="oops\n'), '644', '0:0');
    expect((await machine().step('generate', 'update-grub')).at(-1)).toBe('failed generator-failed update-grub');
    expect(await machine().output('sha256sum /boot/grub/grub.cfg')).toBe(before);
    await machine().step('file', '/etc/default/grub.d/99-broken.cfg', 'absent');
    expect((await machine().step('generate', 'update-grub')).at(-1)).toBe('done');
    expect(await machine().output("grep -c 'rtvm_bench.mark=1' /boot/grub/grub.cfg")).toBe('3\n');
  });

  test('what is written for the boot is there after it: parameters, sysctls, tmpfiles, modprobe.d, units', async () => {
    await machine().step('file', '/etc/sysctl.d/99-rtvm-bench.conf', 'present', base64('vm.stat_interval = 10\n'), '644', '0:0');
    await machine().step('file', '/etc/tmpfiles.d/rtvm-bench.conf', 'present', base64('w /sys/kernel/mm/ksm/run - - - - 2\nw /sys/devices/system/cpu/cpufreq/policy*/scaling_governor - - - - performance\n'), '644', '0:0');
    await machine().step('file', '/etc/modprobe.d/rtvm-bench.conf', 'present', base64('options kvm halt_poll_ns=0\n'), '644', '0:0');
    await machine().restart();
    expect(await machine().output('cat /proc/cmdline')).toContain(' rtvm_bench.mark=1');
    expect(await machine().output('cat /proc/sys/vm/stat_interval /sys/kernel/mm/ksm/run /sys/devices/system/cpu/cpufreq/policy7/scaling_governor /sys/module/kvm/parameters/halt_poll_ns')).toBe('10\n2\nperformance\n0\n');
    expect(await machine().state('unit', 'rtvm-bench-irq.service')).toBe('unit enabled active');
    expect(await machine().state('unit', 'irqbalance.service')).toBe('unit disabled inactive');
  });

  test('an entry is started once; custom.cfg is part of the menu; then the default comes again', async () => {
    const custom = "menuentry 'A try' --id rtvm-bench-try {\n\tload_video\n\tlinux\t/boot/vmlinuz-6.1.0-37-rt-amd64 root=UUID=6f2b3c61-0d7e-4e3f-9a54-2f1d1c6a9b10 ro rtvm_bench.try=1 isolcpus=8-63 panic=10\n}\n";
    await machine().step('file', '/boot/grub/custom.cfg', 'present', base64(custom), '600', '0:0');
    expect(await machine().state('boot-once', 'grub')).toBe('boot-once none');
    expect((await machine().step('boot-once', 'grub', 'rtvm-bench-try')).slice(-2)).toEqual([`after boot-once is ${base64('rtvm-bench-try')}`, 'done']);
    await machine().step('boot-once', 'grub', '');
    expect(await machine().state('boot-once', 'grub')).toBe('boot-once none');
    await machine().step('boot-once', 'grub', 'rtvm-bench-try');
    await machine().restart();
    expect(await machine().output('cat /proc/cmdline /sys/devices/system/cpu/isolated')).toMatch(/ rtvm_bench\.try=1 [^]*\n8-63\n$/);
    expect(await machine().run(stayScript)).toEqual(['staying']);
    await machine().restart();
    expect(await machine().output('cat /proc/cmdline')).not.toContain('rtvm_bench.try');
  });

  test('nothing of ours would be ended by a restart', async () => {
    expect(await machine().run(activityScript)).toEqual(['none']);
  });
});

describe('steps of a change on RHEL', () => {
  const { machine } = onMachine('rhel-atom');

  test('grubby changes the entries and shows them', async () => {
    const [, encoded = ''] = (await machine().state('kernel-arguments', 'ALL')).split(' ');
    expect(Buffer.from(encoded, 'base64').toString()).toMatch(/^index=0\nkernel="\/boot\/vmlinuz-5\.14[^]*args="ro [^"]*isolcpus=2-3/);
    const answer = await machine().step('kernel-arguments', 'ALL', 'skew_tick isolcpus', 'isolcpus=1-3');
    expect(answer.at(-1)).toBe('done');
    await machine().restart();
    const line = await machine().output('cat /proc/cmdline');
    expect(line).toContain(' isolcpus=1-3');
    expect(line).not.toContain('skew_tick');
  });

  test('a boot entry of our own is started once', async () => {
    const kernel = (await machine().output('uname -r')).trim();
    const entry = `title A try\nversion 0\nlinux /vmlinuz-${kernel}\ninitrd /initramfs-${kernel}.img\noptions root=/dev/mapper/rhel-root ro rtvm_bench.try=1\n`;
    await machine().step('file', '/boot/loader/entries/rtvm-bench-try.conf', 'present', base64(entry), '644', '0:0');
    await machine().step('boot-once', 'grub', 'rtvm-bench-try');
    await machine().restart();
    expect(await machine().output('cat /proc/cmdline')).toContain('rtvm_bench.try=1');
    await machine().restart();
    expect(await machine().output('cat /proc/cmdline')).not.toContain('rtvm_bench.try=1');
  });

  test('an attribute of the firmware waits for the next start, then shows in what Linux sees', async () => {
    expect(await machine().state('firmware-attribute', 'dell-wmi-sysman/CStatesCtrl')).toBe(`firmware-attribute 0 is ${base64('Enabled')}`);
    expect((await machine().step('firmware-attribute', 'dell-wmi-sysman/CStatesCtrl', 'Disabled')).slice(-2)).toEqual([`after firmware-attribute 1 is ${base64('Disabled')}`, 'done']);
    expect((await machine().step('firmware-attribute', 'dell-wmi-sysman/TurboMode', 'Sideways')).at(-1)).toBe('failed attribute-refused dell-wmi-sysman/TurboMode');
    expect(await machine().output('ls /sys/devices/system/cpu/cpu0/cpuidle')).toBe('state0\nstate1\nstate2\nstate3\n');
    await machine().restart();
    expect(await machine().state('firmware-attribute', 'dell-wmi-sysman/CStatesCtrl')).toBe(`firmware-attribute 0 is ${base64('Disabled')}`);
    expect(await machine().output('ls /sys/devices/system/cpu/cpu0/cpuidle')).toBe('state0\nstate1\n');
  });
});

describe('a try that goes wrong', () => {
  const { machine } = onMachine('plain-pc');
  const entry = (words: string): string => `menuentry 'A try' --id rtvm-bench-try {\n\tlinux\t/boot/vmlinuz-6.1.0-37-amd64 root=UUID=c4f0be18-20d3-4d0f-9f0c-9b3fd8e62a75 ro ${words}\n}\n`;
  const faults = { slowLinkMs: 0, dropAfterBytes: 0, diskFull: false, wrongPassword: false };
  const arm = async (words: string): Promise<void> => {
    await machine().step('file', '/boot/grub/custom.cfg', 'present', base64(entry(words)), '600', '0:0');
    await machine().step('boot-once', 'grub', 'rtvm-bench-try');
  };
  /** Restarts, and waits until the connection has gone. */
  const restartAndLose = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => machine().client.once('close', () => { resolve(); }));
    await machine().run(restartScript, (await machine().output('cat /proc/sys/kernel/random/boot_id')).trim());
    await closed;
  };

  test('a panic comes back to the default by itself', async () => {
    await machine().bench.board.setFaults({ ...faults, newCommandLinePanics: true });
    await arm('rtvm_bench.try=1 panic=1');
    await machine().restart();
    expect(await machine().output('cat /proc/cmdline')).not.toContain('rtvm_bench.try');
    expect(await machine().state('boot-once', 'grub')).toBe('boot-once none');
  });

  test('a panic without panic= waits for a person', async () => {
    await arm('rtvm_bench.try=2');
    await restartAndLose();
    await expect(logIn(machine().bench.login)).rejects.toThrow();
    await machine().bench.board.setFaults(faults);
    await machine().reconnect();
    expect(await machine().output('cat /proc/cmdline')).not.toContain('rtvm_bench.try');
  });

  test('a board whose network is lost comes back through the unit that waits for a word', async () => {
    const unit = '[Unit]\nDescription=Back\nConditionKernelCommandLine=rtvm_bench.try\nDefaultDependencies=no\n\n[Service]\nType=simple\nExecStart=/bin/sh -c \'sleep 1; [ -e /run/rtvm-bench-stay ] && exit 0; systemctl reboot\'\n\n[Install]\nWantedBy=sysinit.target\n';
    await machine().step('file', '/etc/systemd/system/rtvm-bench-return.service', 'present', base64(unit), '644', '0:0');
    await machine().step('generate', 'daemon-reload');
    expect((await machine().step('unit', 'rtvm-bench-return.service', 'yes', '-')).at(-1)).toBe('done');
    await machine().bench.board.setFaults({ ...faults, newCommandLineLosesNetwork: true });
    await arm('rtvm_bench.try=3');
    await machine().restart();
    expect(await machine().output('cat /proc/cmdline')).not.toContain('rtvm_bench.try');
    expect(await machine().state('unit', 'rtvm-bench-return.service')).toBe('unit enabled inactive');
    await machine().bench.board.setFaults(faults);
  });
});
