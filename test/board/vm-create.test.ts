import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cleanBoard } from '../../electron/core/runs/clean-board.ts';
import { createVm } from '../../electron/core/vms/create-vm.ts';
import type { CodedError } from '../../shared/contract/errors.ts';
import { eventually } from '../support/run-kit.ts';
import { codedError } from '../support/session-kit.ts';
import { isRoot } from '../support/throwaway-user.ts';
import { newVm, startVmKit, type VmKit } from '../support/vm-kit.ts';

const hasQemu = existsSync('/usr/bin/qemu-img') && existsSync('/usr/bin/qemu-io');

// Skipped without root and qemu-img: disks are really made, below a scratch folder; libvirt is one that only remembers.
describe.skipIf(!isRoot() || !hasQemu)('a VM made on a board', () => {
  let kit: VmKit;
  beforeEach(async () => { kit = await startVmKit(); });
  afterEach(async () => {
    kit.libvirt.release();
    await kit.stop();
  });
  const baseImages = (): string[] => kit.imageDirectory().filter((name) => name.startsWith('rtvm-bench-base-'));
  const nothingIsLeft = (): void => {
    expect(kit.imageDirectory()).toEqual([]);
    expect(kit.libvirt.domains()).toEqual([]);
    expect(existsSync(join(kit.base, 'vms'))).toBe(false);
    expect(existsSync(join(kit.base, 'changing'))).toBe(false);
  };

  it('from an image the board fetches: made, heard over SSH through its host, and removed to the last file', async () => {
    const made = await kit.create();
    expect(made).toMatchObject({ name: 'rt1', address: '127.0.0.1', answers: true });
    expect(kit.phase()).toBe('ready');
    expect(kit.record().slice(0, 3)).toEqual(['name rt1', 'owner ana@laptop', expect.stringMatching(/^started \d{8}T\d{6}Z$/)]);
    expect(kit.imageDirectory()).toEqual([expect.stringMatching(/^rtvm-bench-base-test-[0-9a-f]{8}\.img$/), 'rtvm-bench-vm-rt1-seed.iso', 'rtvm-bench-vm-rt1.qcow2']);
    const disk = join(kit.libvirt.images, 'rtvm-bench-vm-rt1.qcow2');
    expect(JSON.parse(execFileSync('/usr/bin/qemu-img', ['info', '--output=json', disk], { encoding: 'utf8' }))).toMatchObject({
      'format': 'qcow2', 'virtual-size': 4 * 2 ** 30, 'backing-filename': join(kit.libvirt.images, baseImages()[0] ?? ''), 'backing-filename-format': 'qcow2',
    });
    const seed = readFileSync(join(kit.libvirt.images, 'rtvm-bench-vm-rt1-seed.iso'), 'utf8');
    expect(seed).toContain('#cloud-config');
    expect(seed).toContain('engineer@bench');
    expect(statSync(join(kit.libvirt.images, 'rtvm-bench-vm-rt1-seed.iso')).mode & 0o777).toBe(0o600);
    expect(kit.libvirt.installArguments()).toEqual(expect.arrayContaining(['--name', 'rt1', '--memballoon', 'none', '--graphics', '--import', '--os-variant', 'linux2022']));
    expect(kit.told.map(({ fraction }) => fraction)).toEqual(kit.told.map(({ fraction }) => fraction).toSorted((a, b) => Number(a) - Number(b)));
    expect(kit.told.map(({ message }) => message)).toEqual(expect.arrayContaining([expect.stringMatching(/^Bench 1 fetches Test Linux: \d+ of \d+ MiB$/), 'Starting rt1']));

    // Cleaning the board would lose what is known of it.
    expect(await codedError(cleanBoard(kit.session()))).toMatchObject({ code: 'vm-refused', extras: { details: { vms: ['rt1'] } } });
    const removed = await kit.remove();
    expect(removed.removed).toContain('domain rt1');
    expect(removed.removed).toContain(disk);
    nothingIsLeft();
  });

  it('from files: of this computer, of the board, and fetched by this computer', async () => {
    await kit.create({ vm: newVm({ image: { kind: 'laptop-file', path: kit.imageFile, sha256: kit.imageSha256 } }) });
    const [base = ''] = baseImages();
    expect(base).toContain(kit.imageSha256.slice(0, 8));
    expect(readFileSync(join(kit.libvirt.images, base)).equals(readFileSync(kit.imageFile))).toBe(true);
    expect(statSync(join(kit.libvirt.images, base))).toMatchObject({ uid: 0, mode: 0o100644 });

    const raw = join(kit.libvirt.images, 'own.raw');
    execFileSync('/usr/bin/qemu-img', ['convert', '-O', 'raw', kit.imageFile, raw]);
    await kit.create({ vm: newVm({ name: 'raw', image: { kind: 'board-file', path: raw, sha256: null } }) });
    expect(JSON.parse(execFileSync('/usr/bin/qemu-img', ['info', '--output=json', join(kit.libvirt.images, 'rtvm-bench-vm-raw.qcow2')], { encoding: 'utf8' }))).toMatchObject({ 'backing-filename-format': 'raw' });

    const vm = newVm({ name: 'sent', image: { kind: 'catalogue', id: 'test', fetchedBy: 'laptop' } });
    await kit.create({ vm });
    await kit.remove('sent');
    // Without a network now: the image that this computer has is taken.
    kit.publisher.remove('/SHA512SUMS');
    await kit.create({ vm });
    for (const name of ['rt1', 'raw', 'sent']) await kit.remove(name);
    expect(kit.imageDirectory()).toEqual(['own.raw']);
  });

  it('an image is shared, and goes with the last VM that is built on it', async () => {
    await kit.create();
    await kit.create({ vm: newVm({ name: 'rt2', purpose: 'stressor' }) });
    expect(baseImages()).toHaveLength(1);
    expect(kit.publisher.ranges('/test.qcow2')).toHaveLength(1);
    expect(kit.libvirt.installArguments()).not.toContain('--memballoon');
    expect((await kit.remove('rt1')).kept).toEqual([join(kit.libvirt.images, baseImages()[0] ?? '')]);
    // Somebody built a disk of their own on it.
    const own = join(kit.libvirt.images, 'own.qcow2');
    execFileSync('/usr/bin/qemu-img', ['create', '-q', '-f', 'qcow2', '-F', 'qcow2', '-b', join(kit.libvirt.images, baseImages()[0] ?? ''), own]);
    expect((await kit.remove('rt2')).kept).toHaveLength(1);
    expect(kit.imageDirectory()).toEqual([baseImages()[0], 'own.qcow2'].toSorted());
  });

  it('names of VMs of others are respected, and so are their files', async () => {
    kit.libvirt.defineForeign('theirs', '/srv/theirs.raw');
    expect(await codedError(kit.create({ vm: newVm({ name: 'theirs' }) }))).toMatchObject({ code: 'vm-exists', extras: { state: 'Nothing was made.' } });
    expect((await codedError(kit.remove('theirs'))).code).toBe('vm-refused');
    expect((await codedError(kit.remove('nobody'))).code).toBe('vm-unknown');
    const used = join(kit.libvirt.images, 'used.qcow2');
    execFileSync('cp', [kit.imageFile, used]);
    kit.libvirt.defineForeign('other', used);
    const inUse = await codedError(kit.create({ vm: newVm({ image: { kind: 'board-file', path: used, sha256: null } }) }));
    expect(inUse).toMatchObject({ code: 'vm-image-unusable', message: expect.stringContaining('“other”') });
    writeFileSync(join(kit.libvirt.images, 'rtvm-bench-vm-rt1.qcow2'), 'precious');
    const there = await codedError(kit.create());
    expect(there.code).toBe('vm-exists');
    await kit.remove();
    expect(readFileSync(join(kit.libvirt.images, 'rtvm-bench-vm-rt1.qcow2'), 'utf8')).toBe('precious');
    expect(kit.libvirt.domains().toSorted()).toEqual(['other', 'theirs']);

    // Ours was undefined by hand, and another took its name: it is not ours to remove.
    await kit.create({ vm: newVm({ name: 'rt2' }) });
    execFileSync('sh', ['-c', `rm -r ${join(kit.libvirt.images, '..', 'state', 'domains', 'rt2')}`]);
    kit.libvirt.defineForeign('rt2', '/srv/x');
    expect((await codedError(kit.remove('rt2'))).code).toBe('vm-refused');
    expect(kit.libvirt.domains()).toContain('rt2');
  });

  it.each<[string, (kit: VmKit) => Partial<Parameters<VmKit['create']>[0]>, Partial<CodedError>]>([
    ['an inactive network', ({ libvirt }) => { libvirt.network('no'); return {}; }, { code: 'vm-refused', extras: { next: expect.stringContaining('virsh net-start default') } }],
    ['no network', ({ libvirt }) => { libvirt.network(null); return {}; }, { code: 'vm-refused' }],
    ['no virt-install', ({ libvirt }) => { libvirt.without('virt-install'); return {}; }, { code: 'board-tool-missing', extras: { next: expect.stringContaining('virtinst') } }],
    ['no libvirt', ({ libvirt }) => { libvirt.fail('virsh list', 'error: Failed to connect socket'); return {}; }, { code: 'libvirt-unreachable', message: expect.stringContaining('Failed to connect socket') }],
    ['a list that does not name the image', ({ publisher }) => { publisher.put('/SHA512SUMS', 'nothing\n'); return {}; }, { code: 'vm-image-unusable' }],
    ['no list', ({ publisher }) => { publisher.remove('/SHA512SUMS'); return {}; }, { code: 'vm-image-unusable', message: expect.stringContaining('SHA512SUMS') }],
    ['another image than the list says', ({ publisher }) => { publisher.put('/test.qcow2', 'malice'); return {}; }, { code: 'vm-image-unusable', message: expect.stringContaining('checksum') }],
    ['another SHA-256 than was given', ({ imageFile }) => ({ vm: newVm({ image: { kind: 'laptop-file', path: imageFile, sha256: '0'.repeat(64) } }) }), { code: 'vm-image-unusable' }],
    ['no such file here', () => ({ vm: newVm({ image: { kind: 'laptop-file', path: '/nowhere/x.qcow2', sha256: null } }) }), { code: 'file-unreadable' }],
    ['no such file on the board', () => ({ vm: newVm({ image: { kind: 'board-file', path: '/nowhere/x.qcow2', sha256: null } }) }), { code: 'vm-image-unusable' }],
    ['nobody who could log in', () => ({ vm: newVm({ user: { name: 'engineer', password: null, sshKeys: [], adminGroup: 'sudo' } }) }), { code: 'bad-usage' }],
  ])('%s: said, and nothing is left', async (_what, spoil, expected) => {
    const changes = spoil(kit);
    const error = await codedError(kit.create(changes));
    expect(error).toMatchObject(expected);
    expect(error.extras.next ?? error.message).not.toBe('');
    nothingIsLeft();
  });

  it('an image that points at files of the host is refused', async () => {
    const trap = join(kit.libvirt.images, 'trap.qcow2');
    execFileSync('/usr/bin/qemu-img', ['create', '-q', '-f', 'qcow2', '-F', 'raw', '-b', '/etc/passwd', trap, '1G']);
    const error = await codedError(kit.create({ vm: newVm({ image: { kind: 'board-file', path: trap, sha256: null } }) }));
    expect(error).toMatchObject({ code: 'vm-image-unusable', message: expect.stringContaining('refers to another file') });
    const small = await codedError(kit.create({ vm: newVm({ name: 'small', diskGiB: 1 }) }));
    expect(small).toMatchObject({ code: 'vm-refused', extras: { next: 'Make the disk 2 GiB or more.' } });
  });

  it('no room: refused before anything is fetched', async () => {
    // A file system of its own, which has none.
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', kit.libvirt.images]);
    try {
      const error = await codedError(kit.create());
      expect(error).toMatchObject({ code: 'board-disk-full', message: expect.stringMatching(/0\.0 GiB are free in .*; 2\.0 GiB are needed/) });
      expect(kit.publisher.ranges('/test.qcow2')).toEqual([]);
      nothingIsLeft();
    } finally {
      execFileSync('umount', [kit.libvirt.images]);
    }
  });

  it('what libvirt refuses leaves the image, to go on with, and nothing else', async () => {
    kit.libvirt.fail('virsh define', 'error: unsupported configuration');
    const error = await codedError(kit.create());
    expect(error).toMatchObject({ code: 'libvirt-refused', message: expect.stringContaining('unsupported configuration'), extras: { state: expect.stringContaining('half made') } });
    expect(kit.imageDirectory()).toEqual(baseImages());
    expect(kit.phase()).toBe('image');
    kit.libvirt.heal();
    kit.libvirt.fail('virsh start', 'error: Cannot access storage');
    expect(await codedError(kit.create())).toMatchObject({ code: 'libvirt-refused', message: expect.stringContaining('Cannot access storage') });
    expect(kit.phase()).toBe('defined');
    kit.libvirt.heal();
    const fetched = kit.publisher.ranges('/test.qcow2').length;
    await kit.create();
    expect(kit.phase()).toBe('ready');
    expect(kit.publisher.ranges('/test.qcow2')).toHaveLength(fetched);
    await kit.remove();
    nothingIsLeft();
  });

  it('a pool that virt-install makes for the folder goes with the last VM', async () => {
    kit.libvirt.pool(false);
    // Where there is no default pool, the usual folder is taken: a plain one here would be the machine's own.
    expect((await codedError(kit.create({ vm: newVm({ image: { kind: 'board-file', path: '/nowhere', sha256: null } }) }))).code).toBe('vm-image-unusable');
    mkdirSync(join(kit.base, 'vms', 'rt1'), { recursive: true });
    writeFileSync(join(kit.base, 'vms', 'rt1', 'made'), `name rt1\nowner ana@laptop\nstarted 20260101T000000Z\nuuid 7e57ab1e-0000-4000-8000-000000000001\ndirectory ${kit.libvirt.images}\nphase begun\n`);
    await kit.create();
    expect(kit.record()).toContain(`pool ${kit.libvirt.images}`);
    expect((await kit.remove()).removed).toContain('pool images');
    nothingIsLeft();
  });

  it('where the host passes no connections on, that is said, and the VM is made all the same', async () => {
    const closed = await startVmKit({ allowTcpForwarding: false });
    try {
      const made = await closed.create();
      expect(made).toMatchObject({ address: '127.0.0.1', answers: false, words: expect.stringContaining('AllowTcpForwarding') });
      expect(closed.phase()).toBe('ready');
    } finally {
      await closed.stop();
    }
  });

  it('a VM that does not answer is there, and is waited for again', async () => {
    const silent = await codedError(kit.create({ patience: { answerMs: 0, pollMs: 10, sshPort: 1 } }));
    expect(silent).toMatchObject({ code: 'vm-not-answering', extras: { state: 'The VM is made and defined.' } });
    expect(kit.phase()).toBe('defined');
    expect(await kit.create()).toMatchObject({ answers: true });
    expect(kit.phase()).toBe('ready');
    expect((await codedError(kit.create())).code).toBe('vm-exists');
  });

  it('is cancelled: what is half made is named, and the image goes on where it was', async () => {
    kit.publisher.stallAfter(2_000_000);
    const stop = new AbortController();
    const creating = codedError(kit.create({ signal: stop.signal, tell: (_fraction, message) => { if (message.includes(': 2 of ')) stop.abort(); } }));
    const error = await creating;
    expect(error).toMatchObject({ code: 'cancelled', extras: { state: expect.stringContaining('half made') } });
    expect(kit.imageDirectory()).toEqual([expect.stringMatching(/\.part$/)]);
    expect(existsSync(join(kit.base, 'changing'))).toBe(false);
    // Another person is told whose it is.
    expect(await codedError(kit.create({ owner: 'ben@desk' }))).toMatchObject({ code: 'vm-exists', message: expect.stringContaining('ana@laptop'), extras: { details: { halfMade: true } } });
    kit.publisher.goOn();
    await kit.create();
    expect(kit.publisher.ranges('/test.qcow2').at(-1)).toMatch(/^bytes=\d{6,}-/);
    await kit.remove();
    nothingIsLeft();
  });

  it('a run on the board is not disturbed', async () => {
    mkdirSync(kit.base, { recursive: true });
    const [boot, stat] = [readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(), readFileSync('/proc/self/stat', 'utf8')];
    const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
    writeFileSync(join(kit.base, 'lock'), `run-1 ${String(process.pid)} ${started} ${boot} 1700000000\nben@desk\n`);
    expect(await codedError(kit.create())).toMatchObject({ code: 'board-busy', message: expect.stringContaining('ben@desk') });
    expect(existsSync(join(kit.base, 'vms'))).toBe(false);
  });

  /** A session of an application that is killed, or hangs with its link up: from then on it neither asks nor hears anything. */
  const mortal = (): { work: ReturnType<VmKit['work']>; hang(): void; kill(): Promise<void> } => {
    const session = kit.session();
    let dead = false;
    const never = new Promise<never>(() => undefined);
    const work = kit.work({
      session: new Proxy(session, {
        get: (target, key) => {
          const value: unknown = Reflect.get(target, key, target);
          if (typeof value !== 'function') return value;
          return (...args: unknown[]): unknown => {
            if (dead) return never;
            const result: unknown = Reflect.apply(value, target, args);
            return result instanceof Promise ? result.then((one: unknown) => (dead ? never : one), (error: unknown) => (dead ? never : Promise.reject(error instanceof Error ? error : new Error(String(error))))) : result;
          };
        },
      }),
    });
    return { work, hang: () => { dead = true; }, kill: async () => { dead = true; kit.server.killConnections(); await session.disconnect(); } };
  };

  it('an application that hangs still fetches: it is ended before the image goes on', async () => {
    kit.publisher.stallAfter(2_000_000);
    const { work, hang, kill } = mortal();
    createVm(work).catch(() => undefined);
    await eventually(() => kit.told.some(({ message }) => message.includes(': 2 of ')), 'half of the image is there');
    hang();
    // What fetched for the first one loses its connection in the moment in which the second one begins.
    const creating = kit.create();
    await eventually(() => !existsSync(join(kit.base, 'vms', 'rt1', 'worker')), 'the first fetch is ended');
    kit.publisher.goOn();
    expect(await creating).toMatchObject({ answers: true });
    expect(kit.publisher.ranges('/test.qcow2').filter((range) => range === '')).toHaveLength(1);
    await kill();
    await kit.remove();
    nothingIsLeft();
  });

  it.each([
    ['qemu-img create', 'image'], ['xorriso make', 'disk'], ['virt-install make', 'seed'], ['virsh define', 'seed'], ['virsh start', 'defined'], ['virsh domifaddr', 'defined'],
  ])('the application is killed at “%s”: what there is stands in the record, and is gone on with or removed', async (command, phase) => {
    for (const ending of ['finish', 'remove'] as const) {
      kit.libvirt.hold(command);
      const { work, kill } = mortal();
      createVm(work).catch(() => undefined);
      await eventually(() => kit.libvirt.isHeld(), `${command} is reached`);
      expect(kit.phase()).toBe(phase);
      const recorded = kit.record();
      for (const name of kit.imageDirectory()) expect(recorded).toContain(`file ${join(kit.libvirt.images, name)}`);
      await kill();
      if (ending === 'finish') {
        // The program that was under way when the application died ends only now.
        kit.libvirt.release();
        expect(await kit.create()).toMatchObject({ answers: true });
        expect(kit.phase()).toBe('ready');
        expect(kit.imageDirectory()).toHaveLength(3);
        expect(kit.libvirt.domains()).toEqual(['rt1']);
        await kit.remove();
      } else {
        kit.libvirt.release();
        await kit.remove();
      }
      nothingIsLeft();
    }
  });

  it('the application is killed while the board fetches: the rest is fetched, by one process', async () => {
    kit.publisher.stallAfter(2_000_000);
    const { work, kill } = mortal();
    createVm(work).catch(() => undefined);
    await eventually(() => kit.told.some(({ message }) => message.includes(': 2 of ')), 'some of it is there');
    await kill();
    expect(kit.phase()).toBe('begun');
    kit.publisher.stallAfter(1_000_000_000);
    expect(await kit.create()).toMatchObject({ answers: true });
    expect(kit.publisher.ranges('/test.qcow2').at(-1)).toMatch(/^bytes=\d{6,}-/);
    await kit.remove();
    nothingIsLeft();
  });
});
