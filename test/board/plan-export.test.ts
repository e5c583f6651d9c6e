import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportAnsible } from '../../shared/planning/export/export-ansible.ts';
import { exportShell } from '../../shared/planning/export/export-shell.ts';
import type { Plan } from '../../shared/model/plan.ts';
import { everyKind, file, planOf, sha256, wasAbsent, wasText, type GivenStep } from '../unit/planning/export/plan-kit.ts';

const has = (program: string): boolean => spawnSync('sh', ['-c', 'command -v "$1"', 'sh', program]).status === 0;
const mayUnshare = process.getuid?.() === 0 && spawnSync('unshare', ['-m', 'mount', '--bind', '/tmp', '/mnt']).status === 0;
const noRoot = mayUnshare ? '' : ' (skipped: needs root and mount namespaces)';
const noAnsible = has('ansible-playbook') ? '' : ' (skipped: there is no ansible-playbook)';

/** A folder whose /etc, /boot, /opt, /var/backups and /usr/local/sbin take the place of the machine's own, for one command. */
class Tree {
  readonly root = mkdtempSync(join(tmpdir(), 'rtvm-export-'));
  readonly #folders = ['etc', 'boot', 'opt', 'var/backups', 'usr/local/sbin'];

  constructor() {
    for (const folder of this.#folders) mkdirSync(join(this.root, folder), { recursive: true });
    this.write('etc/machine-id', '0a1b2c3d4e5f60718293a4b5c6d7e8f9\n');
    for (const name of ['passwd', 'group', 'nsswitch.conf']) this.write(`etc/${name}`, readFileSync(`/etc/${name}`, 'utf8'));
  }

  path(path: string): string {
    return join(this.root, path);
  }

  read(path: string): string {
    return readFileSync(this.path(path), 'utf8');
  }

  write(path: string, text: string): void {
    mkdirSync(join(this.path(path), '..'), { recursive: true });
    writeFileSync(this.path(path), text);
  }

  /** A program that notes how it was called; `body` is its shell text. */
  program(name: string, body = ''): void {
    writeFileSync(this.path(`usr/local/sbin/${name}`), `#!/bin/sh\nprintf '%s\\n' "${name} $*" >>/opt/called\n${body}\n`, { mode: 0o755 });
  }

  called(): string[] {
    return existsSync(this.path('opt/called')) ? this.read('opt/called').trim().split('\n') : [];
  }

  run(...argv: string[]): { status: number | null; said: string } {
    const mounts = this.#folders.map((folder) => `mount --bind "$0/${folder}" /${folder}`).join(' && ');
    const { status, stdout, stderr } = spawnSync('unshare', ['-m', 'sh', '-c', `${mounts} && exec "$@"`, this.root, ...argv], { encoding: 'utf8', env: { ...process.env, ANSIBLE_LOCAL_TEMP: this.path('a'), ANSIBLE_NOCOLOR: '1', HOME: this.root } });
    return { status, said: stdout + stderr };
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

const sysctlText = "# it's $HOME `date` {{ 7 * 7 }} {# no #}\nkernel.timer_migration = 0\n";
const steps: readonly GivenStep[] = [
  { action: file('/etc/sysctl.d/90-rtvm-bench.conf', sysctlText), before: wasAbsent },
  { action: file('/etc/default/grub.d/90-rtvm-bench.cfg', 'GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX isolcpus=2-3"\n', '0640'), before: wasAbsent },
  { action: file('/etc/default/irqbalance', 'IRQBALANCE_ONESHOT=1\n'), before: wasText('IRQBALANCE_ONESHOT=0\n') },
  { action: file('/etc/modprobe.d/old.conf', null), before: wasText('options kvm x=1\n') },
  { kind: 'file', path: '/opt/deep/er/odd name.bin', content: { encoding: 'base64', data: 'AP8QgA==' }, mode: '0600' },
  { kind: 'generate', generator: 'update-grub' },
  { kind: 'value', path: '/opt/value', value: '0', readsAs: ['zero'] },
  { kind: 'group-member', user: 'nobody', group: 'games', member: true },
  { kind: 'unit', unit: 'irqbalance.service', enabled: false, active: false },
];
const plan = planOf(steps);

function preparedTree(): Tree {
  const tree = new Tree();
  tree.write('etc/default/irqbalance', 'IRQBALANCE_ONESHOT=0\n');
  tree.write('etc/modprobe.d/old.conf', 'options kvm x=1\n');
  tree.write('opt/value', '1\n');
  for (const folder of ['etc/sysctl.d', 'etc/default/grub.d']) mkdirSync(tree.path(folder), { recursive: true });
  tree.program('update-grub');
  // The real one wants a file of shadowed groups.
  tree.program('gpasswd', 'sed "s/^$3:.*/&$2/" /etc/group >/etc/group.new && cat /etc/group.new >/etc/group');
  tree.program('systemctl', 'state=/opt/irqbalance; case $1 in is-enabled) [ -e $state ] && echo disabled || echo enabled ;; is-active) [ -e $state ] && echo inactive || echo active ;; stop) : >$state ;; esac');
  return tree;
}

/** Each a way to run a script, with the system's tools or busybox's. */
const shells = [
  { name: 'dash', argv: ['dash'], busybox: false },
  { name: 'bash', argv: ['bash', '--posix'], busybox: false },
  { name: 'busybox with its own tools', argv: ['busybox', 'sh'], busybox: true },
].filter(({ argv }) => has(argv[0] ?? ''));

const withTree = (prepare: () => Tree): { readonly tree: Tree; script(plan: Plan): string } => {
  const tree = prepare();
  return {
    tree,
    script: (of) => {
      const path = tree.path('plan.sh');
      writeFileSync(path, exportShell(of, sha256).text);
      return path;
    },
  };
};

describe('the shell script as a text', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rtvm-export-'));
  const path = join(folder, 'plan.sh');
  beforeAll(() => { writeFileSync(path, exportShell(everyKind, sha256).text); });
  afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

  it.each([['sh', '-n'], ['dash', '-n'], ['bash', '--posix', '-n'], ['busybox', 'sh', '-n']].filter(([program = '']) => has(program)))('%s finds no fault in its form', (...argv) => {
    expect(spawnSync(argv[0] ?? '', [...argv.slice(1), path], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });

  it.skipIf(!has('shellcheck'))(`shellcheck has nothing to say${has('shellcheck') ? '' : ' (skipped: there is no shellcheck)'}`, () => {
    const { stdout, status } = spawnSync('shellcheck', ['-s', 'sh', path], { encoding: 'utf8' });
    expect(stdout).toBe('');
    expect(status).toBe(0);
  });
});

describe.skipIf(!mayUnshare)(`the shell script at work${noRoot}`, () => {
  let tree: Tree;
  afterAll(() => { tree.remove(); });

  describe.each(shells)('in $name', ({ argv, busybox }) => {
    let script: string;
    beforeAll(() => {
      const made = withTree(preparedTree);
      tree = made.tree;
      if (busybox) spawnSync('busybox', ['--install', '-s', tree.path('usr/local/sbin')]);
      script = made.script(plan);
    });

    it('rehearses without changing anything', () => {
      const { status, said } = tree.run(...argv, script, '--dry-run');
      expect(status, said).toBe(0);
      expect(said).toContain('would write /etc/sysctl.d/90-rtvm-bench.conf');
      expect(said).toContain('Rehearsal: 10 changes would be made; none was.');
      expect(existsSync(tree.path('etc/sysctl.d/90-rtvm-bench.conf'))).toBe(false);
      expect(tree.read('opt/value')).toBe('1\n');
      expect(existsSync(tree.path('var/backups/rtvm-bench'))).toBe(false);
    });

    it('does every step, and keeps what it replaced', () => {
      const { status, said } = tree.run(...argv, script);
      expect(status, said).toBe(0);
      expect(tree.read('etc/sysctl.d/90-rtvm-bench.conf')).toBe(sysctlText);
      expect(statSync(tree.path('etc/default/grub.d/90-rtvm-bench.cfg')).mode & 0o777).toBe(0o640);
      expect(tree.read('etc/default/irqbalance')).toBe('IRQBALANCE_ONESHOT=1\n');
      expect(existsSync(tree.path('etc/modprobe.d/old.conf'))).toBe(false);
      expect([...readFileSync(tree.path('opt/deep/er/odd name.bin'))]).toEqual([0, 255, 16, 128]);
      expect(tree.read('opt/value')).toBe('0\n');
      const kept = 'var/backups/rtvm-bench/20261120T141000Z';
      expect(tree.read(`${kept}/files/etc/default/irqbalance`)).toBe('IRQBALANCE_ONESHOT=0\n');
      expect(tree.read(`${kept}/files/etc/modprobe.d/old.conf`)).toBe('options kvm x=1\n');
      expect(tree.read(`${kept}/absent`)).toContain('/etc/sysctl.d/90-rtvm-bench.conf\n');
      expect(tree.read(`${kept}/values`)).toContain('/opt/value was 1\n');
      expect(tree.called().filter((line) => !line.startsWith('systemctl is-'))).toEqual(['update-grub ', 'gpasswd -a nobody games', 'systemctl disable irqbalance.service', 'systemctl stop irqbalance.service']);
    });

    it('changes nothing when it runs again', () => {
      const before = tree.called().length;
      const { status, said } = tree.run(...argv, script);
      expect(status, said).toBe(0);
      expect(said).toContain('Everything is as it should be; nothing was changed.');
      expect(tree.called().slice(before).filter((line) => !line.startsWith('systemctl is-'))).toEqual([]);
    });
  });

  it('refuses another machine, a file that somebody changed since, and an option it does not know', () => {
    const made = withTree(preparedTree);
    const { tree: other } = made;
    const script = made.script(plan);
    other.write('etc/machine-id', 'ffffffffffffffffffffffffffffffff\n');
    expect(other.run('sh', script)).toMatchObject({ status: 1, said: expect.stringContaining('planned for another machine: Bench 1') });
    other.write('etc/default/irqbalance', 'IRQBALANCE_BANNED_CPULIST=4\n');
    const refused = other.run('sh', script, '--any-machine');
    expect(refused.status).toBe(1);
    expect(refused.said).toContain('/etc/default/irqbalance is not what it was when the plan was made');
    expect(other.read('etc/default/irqbalance')).toBe('IRQBALANCE_BANNED_CPULIST=4\n');
    expect(other.run('sh', script, '--any-machine', '--even-if-changed').status).toBe(0);
    expect(other.read('var/backups/rtvm-bench/20261120T141000Z/files/etc/default/irqbalance')).toBe('IRQBALANCE_BANNED_CPULIST=4\n');
    expect(other.run('sh', script, '--reboot').status).toBe(2);
    other.remove();
  });

  it('runs a generator that an interruption kept from running', () => {
    const made = withTree(preparedTree);
    const { tree: cut } = made;
    const script = made.script(plan);
    cut.program('update-grub', 'exit 2');
    expect(cut.run('sh', script).status).not.toBe(0);
    cut.program('update-grub');
    expect(cut.run('sh', script).status).toBe(0);
    expect(cut.called().filter((line) => line.startsWith('update-grub'))).toHaveLength(2);
    cut.remove();
  });

  it('starts the machine again only when told to, and not while virtual machines run', () => {
    const made = withTree(preparedTree);
    const { tree: restarting } = made;
    const script = made.script(planOf([
      { kind: 'boot-once', entry: 'rtvm-bench-try' },
      { kind: 'restart', expects: { words: ['rtvm_bench.try=1'], kernelRelease: null } },
      file('/etc/after', 'x\n'),
    ]));
    restarting.program('grub-editenv', '[ "$2" != list ] && [ "$1" != list ] || cat /opt/env 2>/dev/null || :');
    restarting.program('grub-reboot', 'echo "next_entry=$1" >/opt/env');
    restarting.program('virsh', 'echo rt-guest; echo');
    const waits = restarting.run('sh', script);
    expect(waits.status, waits.said).toBe(3);
    expect(restarting.called()).toContain('grub-reboot rtvm-bench-try');
    expect(existsSync(restarting.path('etc/after'))).toBe(false);
    const refused = restarting.run('sh', script, '--restart');
    expect(refused.status).toBe(1);
    expect(refused.said).toContain('these virtual machines run here and would end: rt-guest');
    restarting.program('virsh', 'echo');
    expect(restarting.run('sh', script, '--restart').status).toBe(0);
    expect(restarting.called()).toContain('systemctl reboot');
    restarting.remove();
  });

  it('changes the arguments of boot entries once', () => {
    const made = withTree(preparedTree);
    const { tree: rhel } = made;
    const script = made.script(planOf([{ kind: 'kernel-arguments', add: ['isolcpus=2-3', 'nohz_full=2-3'], remove: ['isolcpus', 'quiet'] }]));
    rhel.write('opt/args', 'ro isolcpus=1 quiet');
    rhel.program('grubby', 'args=$(cat /opt/args)\ncase $* in --info=ALL) printf \'index=0\\nargs="%s"\\nindex=1\\nargs="%s"\\n\' "$args" "$args" ;; *--args=*) echo "ro isolcpus=2-3 nohz_full=2-3" >/opt/args ;; esac');
    expect(rhel.run('sh', script).status).toBe(0);
    expect(rhel.called()).toEqual(['grubby --info=ALL', 'grubby --update-kernel=ALL --remove-args=isolcpus quiet', 'grubby --update-kernel=ALL --args=isolcpus=2-3 nohz_full=2-3']);
    expect(rhel.run('sh', script).said).toContain('nothing was changed');
    rhel.remove();
  });
});

describe.skipIf(noAnsible !== '')(`the playbook${noAnsible}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'rtvm-export-'));
  afterAll(() => { rmSync(folder, { recursive: true, force: true }); });
  const env = { ...process.env, ANSIBLE_LOCAL_TEMP: join(folder, 'a'), ANSIBLE_NOCOLOR: '1' };

  it('is accepted by ansible-playbook --syntax-check, with a step of every kind', () => {
    const path = join(folder, 'every.yml');
    writeFileSync(path, exportAnsible(everyKind, sha256).text);
    const { status, stdout, stderr } = spawnSync('ansible-playbook', ['--syntax-check', '-i', 'localhost,', path], { encoding: 'utf8', env });
    expect(status, stdout + stderr).toBe(0);
  });

  describe.skipIf(!mayUnshare)(`at work${noRoot}`, () => {
    let tree: Tree;
    let playbook: string;
    // Ansible's systemd module speaks to the real one; units are left to --syntax-check.
    const fleet = planOf(steps.filter((one) => !('kind' in one) || one.kind !== 'unit'));
    const play = (...options: string[]) => tree.run('ansible-playbook', '-i', 'localhost,', '-c', 'local', ...options, playbook);
    beforeAll(() => {
      tree = preparedTree();
      playbook = tree.path('plan.yml');
      writeFileSync(playbook, exportAnsible(fleet, sha256).text);
    });
    afterAll(() => { tree.remove(); });

    it('--check changes nothing and fails nowhere', () => {
      const { status, said } = play('--check', '--diff');
      expect(status, said).toBe(0);
      expect(said).toMatch(/failed=0/);
      expect(existsSync(tree.path('etc/sysctl.d/90-rtvm-bench.conf'))).toBe(false);
      expect(tree.read('opt/value')).toBe('1\n');
      expect(tree.called()).toEqual([]);
    });

    it('does every step; texts arrive as they are', () => {
      const { status, said } = play();
      expect(status, said).toBe(0);
      expect(tree.read('etc/sysctl.d/90-rtvm-bench.conf')).toBe(sysctlText);
      expect(statSync(tree.path('etc/default/grub.d/90-rtvm-bench.cfg')).mode & 0o777).toBe(0o640);
      expect(tree.read('etc/default/irqbalance')).toBe('IRQBALANCE_ONESHOT=1\n');
      expect(existsSync(tree.path('etc/modprobe.d/old.conf'))).toBe(false);
      expect(tree.read('etc/modprobe.d/old.conf.20261120T141000Z~')).toBe('options kvm x=1\n');
      expect([...readFileSync(tree.path('opt/deep/er/odd name.bin'))]).toEqual([0, 255, 16, 128]);
      expect(tree.read('opt/value')).toBe('0\n');
      expect(tree.called()).toEqual(['update-grub ', 'gpasswd -a nobody games']);
    });

    it('changes nothing when it runs again, nor in a rehearsal after it', () => {
      for (const options of [[], ['--check']]) {
        const { status, said } = play(...options);
        expect(status, said).toBe(0);
        expect(said).toMatch(/changed=0/);
      }
    });

    it('refuses a file that somebody changed since', () => {
      tree.write('etc/default/irqbalance', 'IRQBALANCE_BANNED_CPULIST=4\n');
      const { status, said } = play();
      expect(status).not.toBe(0);
      expect(said).toContain('The file is not what it was when the plan was made');
      expect(tree.read('etc/default/irqbalance')).toBe('IRQBALANCE_BANNED_CPULIST=4\n');
    });
  });
});
