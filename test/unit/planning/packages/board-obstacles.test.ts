import { describe, expect, test } from 'vitest';
import { boardObstacles } from '../../../../shared/planning/packages/board-obstacles.ts';
import { packageBoard } from './package-boards.ts';
import type { CaptureParts } from '../../snapshot/capture-text.ts';

type Files = Readonly<Record<string, string | null>>;

const obstacles = (files: Files = {}, parts: CaptureParts = {}, takenAt?: string) =>
  boardObstacles({ ...packageBoard('debian', files, parts, takenAt), source: 'board', signedKernel: false });

const df = (boot: number, root: number) => `Filesystem     1024-blocks     Used Available Capacity Mounted on\n/dev/vda2         39080336  7034660 ${root} 19% /\n/dev/vda1           480618   200000 ${boot} 45% /boot\n/dev/vda2         39080336  7034660 ${root} 19% /`;
const clock = (epoch: number) => ({ '/proc/uptime': '100.00 100.00', '/proc/stat': `btime ${epoch - 100}` });

describe('what may stop an installation, before anything is done', () => {
  test('a board as it should be has none', () => {
    expect(obstacles({ ...clock(1_795_180_000), '/etc/crypttab': '# <target> <source> <key> <options>\n' }, { commands: { df: df(400_000, 20_000_000) } }, '20261120T130640Z')).toEqual([]);
  });

  test.each<[string, Files, CaptureParts, string]>([
    ['image-based-root', {}, { exists: ['/run/ostree-booted'] }, 'ostree-booted'],
    ['overlay-root', { '/proc/mounts': '/dev/sda1 /media/root-ro ext4 ro 0 0\noverlayroot / overlay rw,relatime,lowerdir=/media/root-ro 0 0' }, {}, 'overlayroot'],
    ['read-only-root', { '/proc/mounts': '/dev/vda1 / ext4 ro,relatime,errors=remount-ro 0 0' }, {}, '/dev/vda1'],
    ['secure-boot', { '/sys/firmware/efi/efivars/SecureBoot-8be4df61': '\u0006\0\0\0\u0001' }, { exists: ['/sys/firmware/efi'] }, 'Secure Boot'],
    ['lockdown', { '/sys/kernel/security/lockdown': 'none [integrity] confidentiality' }, {}, 'integrity'],
    ['proxy', { '/etc/apt/apt.conf.d/proxy.conf': 'Acquire::http::Proxy "http://bench:S3cret@proxy.example:3128/";' }, {}, 'bench:***@proxy.example'],
    ['package-lock', {}, { exists: ['/sys/fs/cgroup/system.slice/apt-daily-upgrade.service'] }, 'apt-daily-upgrade'],
    ['interrupted', { '/var/lib/dpkg/status': 'Package: grub-pc\nStatus: install ok half-configured\nVersion: 2.06\n' }, {}, 'dpkg'],
    ['disk-full', {}, { commands: { df: df(90_000, 20_000_000) } }, '/boot'],
    ['disk-full', {}, { commands: { df: df(400_000, 500_000) } }, '488 MiB'],
    ['modules-not-built', {}, { exists: ['/var/lib/dkms/zfs', '/var/lib/dkms/mok.key'] }, '/var/lib/dkms/zfs'],
    ['luks-prompt', { '/etc/crypttab': 'vda3_crypt UUID=0e5f none luks,discard' }, {}, 'vda3_crypt'],
    ['luks-prompt', { '/proc/cmdline': 'root=/dev/mapper/rhel-root ro rd.luks.uuid=luks-12 quiet' }, {}, 'rd.luks.uuid'],
  ])('%s', (rule, files, parts, element) => {
    const found = obstacles(files, parts);
    expect(found.map((finding) => finding.rule)).toEqual([rule]);
    expect(found[0]?.element).toContain(element);
    expect(found[0]?.fix?.length).toBeGreaterThan(20);
    expect(JSON.stringify(found)).not.toContain('S3cret');
  });

  test('volumes that are opened without a person are none', () => {
    expect(obstacles({ '/etc/crypttab': 'data UUID=1 /etc/keys/data luks\nswap /dev/vda5 /dev/urandom swap\nroot UUID=2 none luks,tpm2-device=auto\nusb UUID=3 none luks,noauto' })).toEqual([]);
  });

  test.each([
    ['behind by years, its battery being empty', Date.UTC(2000, 0, 1) / 1000, 'behind'],
    ['ahead by a day', Date.UTC(2026, 10, 21, 14) / 1000, 'ahead of'],
  ])('a clock %s', (_, epoch, words) => {
    const [found] = obstacles(clock(epoch), {}, '20261120T132630Z');
    expect(found).toMatchObject({ rule: 'clock-wrong', severity: 'error' });
    expect(found?.message).toContain(words);
  });

  test('a clock that is minutes off is a warning', () => {
    expect(obstacles(clock(1_795_180_000), {}, '20261120T132640Z')).toMatchObject([{ rule: 'clock-wrong', severity: 'warning' }]);
  });

  test('the gravest comes first', () => {
    const found = obstacles({ '/proc/mounts': '/dev/vda1 / ext4 ro 0 0', '/etc/environment': 'http_proxy=http://proxy:3128', '/etc/crypttab': 'a UUID=1 none luks' });
    expect(found.map(({ severity }) => severity)).toEqual(['error', 'warning', 'note']);
  });
});
