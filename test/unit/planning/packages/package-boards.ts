import type { Snapshot } from '../../../../shared/model/snapshot.ts';
import type { Capture } from '../../../../shared/parsers/capture.ts';
import { snapshotOf } from '../../../../shared/parsers/snapshot/snapshot.ts';
import { captureOf, fixture, type CaptureParts } from '../../snapshot/capture-text.ts';

export interface PackageBoard { readonly snapshot: Snapshot; readonly capture: Capture }

export const release = '6.1.0-50-amd64';
/** A real menu, of a board whose kernel is not a real-time one. */
export const grubConfig = fixture('grub-tryonce/grub.cfg').replaceAll('-rt-amd64', '-amd64');

const osRelease: Readonly<Record<string, string>> = {
  debian: 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"',
  jammy: 'ID=ubuntu\nID_LIKE=debian\nVERSION_ID="22.04"\nVERSION_CODENAME=jammy\nPRETTY_NAME="Ubuntu 22.04.5 LTS"',
  plucky: 'ID=ubuntu\nID_LIKE=debian\nVERSION_ID="25.04"\nVERSION_CODENAME=plucky\nPRETTY_NAME="Ubuntu 25.04"',
  rhel: 'ID="rhel"\nID_LIKE="fedora"\nVERSION_ID="9.4"\nPRETTY_NAME="Red Hat Enterprise Linux 9.4 (Plow)"',
  alma: 'ID="almalinux"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.4"\nPRETTY_NAME="AlmaLinux 9.4"',
  fedora: 'ID=fedora\nVERSION_ID=42\nPRETTY_NAME="Fedora Linux 42"',
  alpine: 'ID=alpine\nVERSION_ID=3.20\nPRETTY_NAME="Alpine Linux v3.20"',
};

/** A board of a distribution, non-real-time, with what a test adds or (null) takes away. */
export function packageBoard(name: string, files: Readonly<Record<string, string | null>> = {}, parts: CaptureParts = {}, takenAt?: string): PackageBoard {
  const debian = !['rhel', 'alma', 'fedora', 'alpine'].includes(name);
  const all: Record<string, string | null> = {
    '/etc/os-release': osRelease[name] ?? '',
    '/proc/sys/kernel/osrelease': release, '/proc/sys/kernel/version': '#1 SMP PREEMPT_DYNAMIC Debian 6.1.170-1', '/proc/self/status': 'Uid:\t0\t0\t0\t0',
    '/proc/cmdline': `BOOT_IMAGE=/boot/vmlinuz-${release} root=/dev/vda1 ro`, '/proc/mounts': '/dev/vda1 / ext4 rw,relatime 0 0',
    ...(debian ? { '/boot/grub/grub.cfg': grubConfig, '/boot/grub/grubenv': '# GRUB Environment Block', '/var/lib/dpkg/status': 'Package: systemd\nVersion: 252\n' } : {}),
    ...files,
  };
  const capture = captureOf({
    tools: debian ? ['/usr/sbin/update-grub', '/usr/sbin/grub-reboot'] : ['/usr/sbin/grubby'], ...parts,
    exists: [...(debian || name === 'alpine' ? [] : ['/usr/bin/dnf']), ...(parts.exists ?? [])],
    files: Object.fromEntries(Object.entries(all).flatMap(([path, text]) => (text === null ? [] : [[path, text] as const]))),
  });
  return { capture, snapshot: snapshotOf(capture, takenAt) };
}
