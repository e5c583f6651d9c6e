import { describe, expect, test } from 'vitest';
import { actionSchema } from '../../../shared/model/plan.ts';
import { proposeTry, type TryRequest } from '../../../shared/planning/boot/try-kernel.ts';
import { fixture } from '../snapshot/capture-text.ts';
import { actionsOf, boardOf, debian, debianFiles, fileAt, filesAfter, pendingAfter, pendingLine, root } from './boot-kit.ts';

const stamp = '20261121T130000Z';
const wanted = `${root} console=ttyS0 isolcpus=2-3 quiet nohz_full=2-3 rcu_nocbs=2-3`;
const tryOn = (board: ReturnType<typeof debian>, more: Partial<TryRequest> = {}) => proposeTry({ ...board, commandLine: wanted, stamp, ...more });
const refusalOf = (board: ReturnType<typeof debian>, more: Partial<TryRequest> = {}) => {
  const proposal = tryOn(board, more);
  expect(proposal.steps).toEqual([]);
  expect(proposal.refused).toHaveLength(1);
  expect(proposal.refused[0]?.next).not.toBe('');
  return proposal.refused[0]?.why ?? '';
};

describe('a try on the real menu of a Debian board', () => {
  const proposal = tryOn(debian());
  const entry = fileAt(proposal, '/boot/grub/custom.cfg') ?? '';

  test('its steps, in order: entry, return, one-shot, restart', () => {
    expect(actionsOf(proposal).map((action) => actionSchema.parse(action))).toEqual(actionsOf(proposal));
    expect(actionsOf(proposal).map((action) => (action.kind === 'file' ? action.path : action.kind))).toEqual(['/boot/grub/custom.cfg', '/etc/systemd/system/rtvm-bench-return.service', 'generate', 'unit', 'boot-once', 'restart']);
    expect(proposal).toMatchObject({ restart: 'included', refused: [], purpose: { kind: 'try-kernel', commandLine: wanted, kernelRelease: null } });
  });

  test('the entry is a copy of the default one, with other words', () => {
    const original = fixture('grub-tryonce/grub.cfg').split('\n');
    const from = original.findIndex((line) => line.startsWith('menuentry'));
    const body = original.slice(from + 1, original.indexOf('}', from));
    expect(entry.split('\n').slice(2, -3)).toEqual(body.map((line) => (/^\s*linux/.test(line) ? `\tlinux\t/boot/vmlinuz-6.1.0-50-rt-amd64 ${wanted} panic=10 rtvm_bench.try=${stamp}` : line)));
    expect(entry.split('\n')[1]).toBe(`menuentry 'RTVM Bench: try of ${stamp}' --id rtvm-bench-try {`);
  });

  test('the next start takes it, the one after it the default', () => {
    const after = filesAfter(debianFiles, proposal);
    expect(pendingAfter(after)).toBe(`${wanted} panic=10 rtvm_bench.try=${stamp}`);
    expect(pendingAfter({ ...after, '/boot/grub/grubenv': 'next_entry=' })).toBe(pendingLine);
  });

  test('the restart expects every wanted word, the marker and the kernel', () => {
    expect(actionsOf(proposal).at(-1)).toEqual({ kind: 'restart', expects: { words: [...wanted.split(' '), 'panic=10', `rtvm_bench.try=${stamp}`], kernelRelease: '6.1.0-50-rt-amd64' } });
  });

  test('no watchdog: a hang is said to need a person', () => {
    expect(proposal.notes.join(' ')).toMatch(/no watchdog.*restart the board at its console/);
  });

  test('a watchdog is fed by systemd, where its version can be told to', () => {
    const seen = { exists: ['/sys/class/watchdog/watchdog0', '/dev/watchdog'] };
    const files = { '/sys/class/watchdog/watchdog0/identity': 'i6300ESB timer' };
    const line = fileAt(tryOn(debian(files, seen)), '/boot/grub/custom.cfg');
    expect(line).toContain(` panic=10 systemd.watchdog_sec=60 rtvm_bench.try=${stamp}`);
    const old = tryOn(debian({ ...files, '/var/lib/dpkg/status': 'Package: systemd\nVersion: 247.3-7+deb11u4\n' }, seen));
    expect(fileAt(old, '/boot/grub/custom.cfg')).not.toContain('watchdog');
    expect(old.notes.join(' ')).toContain('247.3-7+deb11u4');
    const soft = tryOn(debian({ '/sys/class/watchdog/watchdog0/identity': 'Software Watchdog' }, seen));
    expect(soft.notes.join(' ')).toContain('in software');
  });

  test('panic= of the line is kept, but not one that stays in a panic', () => {
    const lineWith = (word: string) => fileAt(tryOn(debian(), { commandLine: `${wanted} ${word}` }), '/boot/grub/custom.cfg') ?? '';
    expect(lineWith('panic=30')).toContain(' panic=30 rtvm_bench.try=');
    expect(lineWith('panic=0')).toContain(' rcu_nocbs=2-3 panic=10 rtvm_bench.try=');
  });
});

describe('what else stands on the board', () => {
  test('entries of a person in custom.cfg are kept, an old one of ours is replaced', () => {
    const own = "menuentry 'memtest' {\n\tlinux16 /boot/memtest\n}";
    const first = fileAt(tryOn(debian({ '/boot/grub/custom.cfg': own })), '/boot/grub/custom.cfg') ?? '';
    expect(first.startsWith(`${own}\n# BEGIN RTVM Bench`)).toBe(true);
    const again = fileAt(tryOn(debian({ '/boot/grub/custom.cfg': first.trimEnd() }), { stamp: '20261122T000000Z' }), '/boot/grub/custom.cfg') ?? '';
    expect(again.startsWith(`${own}\n# BEGIN RTVM Bench`)).toBe(true);
    expect(again.match(/rtvm-bench-try/g)).toHaveLength(1);
  });

  test('another installed kernel: its own entry and initrd', () => {
    const other = fixture('grub-tryonce/grub.cfg').replaceAll('with Linux 6.1.0-50-rt-amd64', 'with Linux 6.12.9-rt').replaceAll(/^\t\tlinux.*vmlinuz-6.1.0-50-rt-amd64/gm, '\t\tlinux\t/boot/vmlinuz-6.12.9-rt').replaceAll(/^\t\tinitrd.*/gm, '\t\tinitrd\t/boot/initrd.img-6.12.9-rt');
    const proposal = tryOn(debian({ '/boot/grub/grub.cfg': other }), { kernel: '6.12.9-rt' });
    const entry = fileAt(proposal, '/boot/grub/custom.cfg');
    expect(entry).toContain(`\tlinux\t/boot/vmlinuz-6.12.9-rt ${wanted}`);
    expect(entry).toContain('\tinitrd\t/boot/initrd.img-6.12.9-rt');
    expect(entry).not.toContain('single');
    expect(actionsOf(proposal).at(-1)).toMatchObject({ expects: { kernelRelease: '6.12.9-rt' } });
    expect(refusalOf(debian(), { kernel: '5.10.0' })).toContain('5.10.0');
  });

  test('lines of Ubuntu that would remember the try are left out', () => {
    const ubuntu = fixture('grub-tryonce/grub.cfg').replaceAll('\tload_video\n', '\trecordfail\n\tsavedefault\n\tload_video\n');
    const entry = fileAt(tryOn(debian({ '/boot/grub/grub.cfg': ubuntu })), '/boot/grub/custom.cfg');
    expect(entry).toContain('\tload_video');
    expect(entry).not.toMatch(/recordfail|savedefault/);
  });

  test('a kept word in quotes reaches the kernel as it did; --unrestricted stays', () => {
    const odd = fixture('grub-tryonce/grub.cfg').replaceAll('quiet nohz_full=1', "quiet nohz_full=1 'dyndbg=file a.c +p'").replaceAll('--class os ', '--class os --unrestricted ');
    const board = debian({ '/boot/grub/grub.cfg': odd });
    const pending = board.snapshot.kernel.pending.commandLine ?? '';
    expect(pending).toContain('"dyndbg=file a.c +p"');
    const proposal = tryOn(board, { commandLine: `${pending} rcu_nocbs=1` });
    expect(fileAt(proposal, '/boot/grub/custom.cfg')).toContain('--unrestricted --id rtvm-bench-try');
    expect(pendingAfter(filesAfter({ ...debianFiles, '/boot/grub/grub.cfg': odd }, proposal))).toBe(`${pending} rcu_nocbs=1 panic=10 rtvm_bench.try=${stamp}`);
  });
});

describe('refused, with the reason and another way', () => {
  const mounts = (text: string) => debian({ '/proc/mounts': text, '/sys/block/dm-0/dm/name': 'vg-root', '/sys/block/dm-0/dm/uuid': 'LVM-abcdef', '/sys/block/dm-1/dm/name': 'boot_crypt', '/sys/block/dm-1/dm/uuid': 'CRYPT-LUKS2-1', '/sys/block/dm-2/dm/name': 'mpatha-part1', '/sys/block/dm-2/dm/uuid': 'part1-mpath-3600' });

  test.each([
    ['/dev/mapper/vg-root / ext4 rw 0 0', 'logical volume'],
    ['/dev/dm-0 / ext4 rw 0 0', 'logical volume'],
    ['/dev/md0 / ext4 rw 0 0', 'RAID'],
    ['/dev/mapper/vg-root / ext4 rw 0 0\n/dev/md127p1 /boot ext4 rw 0 0', 'RAID'],
    ['/dev/nvme0n1p2 / btrfs rw 0 0', 'btrfs'],
    ['rpool/ROOT/debian / zfs rw 0 0', 'zfs'],
    ['/dev/mapper/boot_crypt /boot ext4 rw 0 0', 'encrypted'],
    ['/dev/mapper/unheard / ext4 rw 0 0', 'cannot be told'],
    ['proc /proc proc rw 0 0', 'cannot be told'],
  ])('%s', (text, why) => { expect(refusalOf(mounts(text))).toContain(why); });

  test.each([['/dev/mapper/vg-root / ext4 rw 0 0\n/dev/sda1 /boot ext4 rw 0 0'], ['/dev/mapper/mpatha-part1 / xfs rw 0 0']])('but not: %s', (text) => {
    expect(tryOn(mounts(text)).refused).toEqual([]);
  });

  test.each<[string, Record<string, string>, string]>([
    ['GRUB reads /boot through LVM', { '/boot/grub/grub.cfg': fixture('grub-tryonce/grub.cfg').replaceAll('\tinsmod ext2', '\tinsmod lvm\n\tinsmod ext2') }, 'module lvm'],
    ['custom.cfg is not taken in', { '/boot/grub/grub.cfg': fixture('grub-tryonce/grub.cfg').replaceAll(/^.*source.*$/gm, '') }, 'does not take in custom.cfg'],
    ['next_entry is not looked at', { '/boot/grub/grub.cfg': fixture('grub-tryonce/grub.cfg').replace('set default="${next_entry}"', '') }, 'next_entry'],
    ['a one-shot is armed already', { '/boot/grub/grubenv': 'next_entry=other' }, 'other'],
    ['custom.cfg sets a default', { '/boot/grub/custom.cfg': 'set default="x"' }, 'default'],
    ['a capture of an older probe', { '/boot/grub/grub.cfg': fixture('grub-tryonce/grub.cfg').replaceAll(/^\t+(?!linux).*\n/gm, '') }, 'only a part'],
    ['a read-only root', { '/proc/mounts': '/dev/sda1 / ext4 ro,relatime 0 0' }, 'read-only'],
  ])('%s', (_, files, why) => { expect(refusalOf(debian(files))).toContain(why); });

  test('custom.cfg behind a password', () => {
    expect(refusalOf(debian({}, { exists: ['/boot/grub/custom.cfg'], refused: ['boot/grub/custom.cfg: holds a password'] }))).toContain('password');
  });

  test('an image-based system, a container, other loaders', () => {
    expect(refusalOf(debian({}, { exists: ['/run/ostree-booted'] }))).toContain('ostree');
    expect(refusalOf(boardOf({ '/boot/efi/loader/loader.conf': 'default a', '/boot/efi/loader/entries/a.conf': 'options quiet' }))).toContain('systemd-boot');
    expect(refusalOf(boardOf({ '/boot/extlinux/extlinux.conf': 'LABEL l\nAPPEND quiet' }))).toContain('extlinux');
    expect(refusalOf(boardOf({ '/proc/cmdline': 'quiet' }, { exists: ['/boot/efi/EFI/Linux/linux.efi'] }))).toContain('unified kernel image');
    expect(refusalOf(boardOf({ '/proc/cmdline': 'quiet' }))).toContain('No boot loader');
    expect(refusalOf(debian({}, { tools: ['/usr/sbin/grub2-mkconfig'] }))).toContain('update-grub');
  });

  test('another root file system, a line that is too long, a word that is odd', () => {
    expect(refusalOf(debian(), { commandLine: 'root=/dev/sda1 ro quiet' })).toContain('must begin with');
    expect(refusalOf(debian(), { commandLine: `${wanted} isolcpus=${Array.from({ length: 900 }, (_, cpu) => cpu).join(',')}` })).toMatch(/would have \d{4} characters; an x86 kernel reads 2047/);
    expect(refusalOf(debian(), { commandLine: `${wanted} a=$(reboot)` })).toContain('a=$(reboot)');
    expect(tryOn(debian(), { commandLine: `${wanted} isolcpus=${'1,'.repeat(850)}1` }).notes.join(' ')).toMatch(/of at most 2047 characters/);
  });
});
