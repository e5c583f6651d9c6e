import { describe, expect, test } from 'vitest';
import { compareVersions } from '../../../shared/parsers/snapshot/loader-entries.ts';
import { pendingBootOf } from '../../../shared/parsers/snapshot/pending-boot.ts';
import { snapshotOf } from '../../../shared/parsers/snapshot/snapshot.ts';
import { remarksOf } from '../../../shared/planning/remarks.ts';
import { captureOf, fixture, type CaptureParts } from './capture-text.ts';

const grub = (name: string) => fixture(`grub-tryonce/${name}`);
const pending = (files: Record<string, string>, parts: CaptureParts = {}) => pendingBootOf(captureOf({ ...parts, files }));
const withoutImage = (line: string) => line.trim().replace(/^BOOT_IMAGE=\S+ /, '');

describe('boots of a real GRUB: what was pending is what came up', () => {
  test.each([
    ['the default', '2', 'env_before.2'],
    ['a one-shot entry by its id', '3', 'env_after.2'],
    ['the default again, the one-shot being used up', '4', 'env_before.4'],
    ['the default, where the one-shot names nothing', '5', 'env_after.4'],
    ['the default, where a saved entry is not asked for', '6', 'env_after.5'],
  ])('%s', (_, boot, environment) => {
    const found = pending({ '/boot/grub/grub.cfg': grub('grub.cfg'), '/boot/grub/grubenv': grub(environment) });
    expect(found.loader).toBe('grub');
    expect(found.commandLine).toBe(withoutImage(grub(`cmdline.${boot}`)));
    expect(found.evidence).toContain(found.commandLine);
    expect(grub('grub.cfg')).toContain(found.evidence?.replace('/boot/grub/grub.cfg: ', ''));
  });

  test('the saved entry, where GRUB_DEFAULT=saved', () => {
    const config = grub('grub.cfg').replace('set default="0"', 'set default="${saved_entry}"');
    const found = pending({ '/boot/grub/grub.cfg': config, '/boot/grub/grubenv': grub('env_before.7') });
    expect(found.commandLine).toBe(withoutImage(grub('cmdline.7')));
  });
});

test.each([
  ['1', 'ro console=ttyS0 isolcpus=1 quiet nohz_full=1'],
  ['1>1', 'ro single console=ttyS0 isolcpus=1'],
  ['Advanced options for Debian GNU/Linux>Debian GNU/Linux, with Linux 6.1.0-50-rt-amd64 (recovery mode)', 'ro single console=ttyS0 isolcpus=1'],
  ['gnulinux-advanced-a2f0893a-79b4-4c08-9c4f-16733f4594f1>gnulinux-6.1.0-50-rt-amd64-recovery-a2f0893a-79b4-4c08-9c4f-16733f4594f1', 'ro single console=ttyS0 isolcpus=1'],
])('submenus: the default %s', (wanted, end) => {
  const found = pending({ '/boot/grub/grub.cfg': grub('grub.cfg'), '/boot/grub/grubenv': `# GRUB Environment Block\nnext_entry=${wanted}\n######` });
  expect(found.commandLine?.endsWith(end)).toBe(true);
});

const eciConfig = `if [ "\${next_entry}" ] ; then
   set default="\${next_entry}"
else
   set default="0"
fi
menuentry 'Linux 6.6.23-intel-ese-standard-lts-rt (ECI)' --class debian $menuentry_id_option 'eci-rt' {
set isolcpus="1,3"
linux /boot/vmlinuz-6.6.23-rt root=UUID=1 ro irqaffinity=0 isolcpus=\${isolcpus} nohz_full=$isolcpus rcu_nocbs=\${isolcpus} "console=ttyS0" $unset_thing
}
menuentry 'Debian GNU/Linux' {
linux /boot/vmlinuz-6.1 root=UUID=1 ro quiet
}`;

test("ECI's own entry stands first and its variables are filled in; its script is among the sources", () => {
  const found = pending({ '/boot/grub/grub.cfg': eciConfig, '/etc/grub.d/09_eci': '#!/bin/sh\nisolcpus="1,3"\necho x', '/etc/default/grub': 'GRUB_DEFAULT=0\nGRUB_CMDLINE_LINUX="isolcpus=2"\nGRUB_TIMEOUT=1' });
  expect(found.commandLine).toBe('root=UUID=1 ro irqaffinity=0 isolcpus=1,3 nohz_full=1,3 rcu_nocbs=1,3 console=ttyS0');
  expect(found.sources).toEqual([
    { file: '/etc/default/grub', value: 'GRUB_DEFAULT=0' }, { file: '/etc/default/grub', value: 'GRUB_CMDLINE_LINUX="isolcpus=2"' },
    { file: '/etc/grub.d/09_eci', value: 'isolcpus="1,3"' },
  ]);
});

describe('entries of the Boot Loader Specification', () => {
  const files = {
    '/boot/grub2/grub.cfg': 'if [ "${next_entry}" ] ; then\n set default="${next_entry}"\nelse\n set default="${saved_entry}"\nfi\nload_env\nset tuned_params="skew_tick=1"\nblscfg',
    '/boot/grub2/grubenv': '# GRUB Environment Block\nsaved_entry=abc-5.14.0-362.8.1.el9_3.x86_64+rt\nkernelopts=root=/dev/mapper/rl-root ro isolcpus=2-3\n####',
    '/boot/loader/entries/abc-5.14.0-362.8.1.el9_3.x86_64+rt.conf': 'title Rocky RT\nversion 5.14.0-362.8.1\nlinux /vmlinuz-rt\noptions $kernelopts $tuned_params quiet',
    '/boot/loader/entries/abc-5.14.0-427.el9.x86_64.conf': 'title Rocky 9.4\nlinux /vmlinuz-427\noptions root=/dev/mapper/rl-root ro   crashkernel=1G',
    '/boot/loader/entries/abc-0-rescue.conf': 'title Rescue\noptions ro rescue',
  };

  test('the saved entry, with $kernelopts of grubenv and variables of grub.cfg', () => {
    expect(pending(files)).toMatchObject({
      loader: 'bls', commandLine: 'root=/dev/mapper/rl-root ro isolcpus=2-3 skew_tick=1 quiet',
      evidence: '/boot/loader/entries/abc-5.14.0-362.8.1.el9_3.x86_64+rt.conf: options $kernelopts $tuned_params quiet',
    });
  });

  test('without a saved entry, the newest by version, not by spelling', () => {
    const found = pending({ ...files, '/boot/grub2/grubenv': '# GRUB Environment Block\n' });
    expect(found.commandLine).toBe('root=/dev/mapper/rl-root ro crashkernel=1G');
  });

  test('entries that cannot be read leave it unknown', () => {
    expect(pending({ '/boot/grub2/grub.cfg': 'blscfg' })).toMatchObject({ loader: 'bls', commandLine: null, evidence: null });
  });

  test('versions are ordered by number', () => {
    expect(['b-5.9', 'b-5.14', 'b-0-rescue', 'b-5.14.1'].sort(compareVersions)).toEqual(['b-0-rescue', 'b-5.9', 'b-5.14', 'b-5.14.1']);
  });
});

describe('systemd-boot', () => {
  const entries = { '/boot/efi/loader/entries/a-6.1.conf': 'title A\noptions root=1 quiet', '/boot/efi/loader/entries/a-6.6-rt.conf': 'title B\noptions root=1 isolcpus=3' };

  test('the default of loader.conf, which may be a pattern', () => {
    expect(pending({ ...entries, '/boot/efi/loader/loader.conf': 'timeout 3\ndefault *-rt.conf' })).toMatchObject({ loader: 'systemd-boot', commandLine: 'root=1 isolcpus=3' });
  });

  test('a one-shot entry goes first', () => {
    const oneShot = `\u0007\0\0\0${[...'a-6.1.conf'].map((char) => `${char}\0`).join('')}`;
    expect(pending({ ...entries, '/boot/efi/loader/loader.conf': 'default *-rt.conf', '/sys/firmware/efi/efivars/LoaderEntryOneShot-4a67b082-0a4c-41c6-b3c7-440b29bb8c4f': oneShot }).commandLine).toBe('root=1 quiet');
  });

  test('several entries and no default: not guessed', () => {
    expect(pending(entries)).toMatchObject({ loader: 'systemd-boot', commandLine: null });
  });
});

test('extlinux: the default label', () => {
  const text = 'DEFAULT l1\nLABEL l0\n  APPEND root=0\nLABEL l1\n\tlinux /vmlinuz\n\tAPPEND   root=1  quiet';
  expect(pending({ '/boot/extlinux/extlinux.conf': text })).toMatchObject({ loader: 'extlinux', commandLine: 'root=1 quiet' });
});

test('a grub.cfg that only root may read leaves the pending line unknown, and says so', () => {
  const snapshot = snapshotOf(captureOf({ files: { '/proc/cmdline': 'quiet', '/proc/self/status': 'Uid:\t1000\t1000\t1000\t1000' }, exists: ['/boot/grub/grub.cfg'], refused: ['grep: boot/grub/grub.cfg: Permission denied'] }));
  expect(snapshot.kernel.pending).toMatchObject({ loader: 'grub', commandLine: null });
  expect(snapshot.unread).toContainEqual({ what: '/boot/grub/grub.cfg', reason: 'needs root' });
});

test('a change that waits for update-grub, and one that waits for a reboot, are called out', () => {
  const waits = snapshotOf(captureOf({
    files: { '/proc/cmdline': 'BOOT_IMAGE=/boot/vmlinuz root=UUID=1 ro quiet', '/boot/grub/grub.cfg': eciConfig },
    newer: ['etc/default/grub.d/90-rt.cfg boot/grub/grub.cfg'],
  }));
  const remarks = remarksOf(waits);
  expect(waits.kernel.pending.newerThanGenerated).toEqual(['/etc/default/grub.d/90-rt.cfg']);
  expect(remarks.find(({ code }) => code === 'boot-file-outdated')?.message).toContain('90-rt.cfg');
  expect(remarks.find(({ code }) => code === 'next-boot-differs')?.message).toContain('drops quiet');
});
