import { expect, test } from 'vitest';
import { snapshotOf } from '../../../shared/parsers/snapshot/snapshot.ts';
import { proposeTry } from '../../../shared/planning/boot/try-kernel.ts';
import { isThere, probe, shellsHere } from '../probe/run-probe.ts';
import { fixture } from '../snapshot/capture-text.ts';
import { debianFiles, fileAt, pendingLine } from './boot-kit.ts';

const ubuntuMenu = fixture('grub-tryonce/grub.cfg').replaceAll('\tload_video\n', "\trecordfail\n\tload_video\n\tgfxmode $linux_gfx_mode\n\tset root='hd0,gpt2'\n\tif [ x$feature_platform_search_hint = xy ]; then\n\t  search --no-floppy --fs-uuid --set=root --hint-bios=hd0,gpt2 a2f0893a\n\telse\n\t  search --no-floppy --fs-uuid --set=root a2f0893a\n\tfi\n");
const board = (more: Record<string, string>) => ({
  files: { ...debianFiles, '/boot/grub/grub.cfg': ubuntuMenu, '/run/systemd/system/x': '', '/sys/class/watchdog/watchdog0/identity': 'iTCO_wdt', ...more },
  commands: { 'update-grub': '', 'grub-reboot': '', 'systemd-run': '' },
});
const description = 'Package: foo\nDescription: a tool\n long words of a package that a capture has no use for\n';

test.each(shellsHere)('what the probe itself reads (%s) is enough for a try, and no more', async (shell) => {
  const { capture, text } = await probe(board({ '/boot/grub/custom.cfg': "menuentry 'own' {\n\tlinux /own\n}\n", '/var/lib/dpkg/status': `${debianFiles['/var/lib/dpkg/status'] ?? ''}${description}`, '/sys/block/dm-0/dm/name': 'vg-root\n', '/sys/block/dm-0/dm/uuid': 'LVM-1\n' }), { shell });
  const snapshot = snapshotOf(capture);
  const proposal = proposeTry({ snapshot, capture, commandLine: `${pendingLine} rcu_nocbs=1`, stamp: '20261121T130000Z' });
  expect(proposal.refused).toEqual([]);
  const menu = ubuntuMenu.split('\n');
  const from = menu.findIndex((line) => line.startsWith('menuentry'));
  const body = menu.slice(from + 1, menu.indexOf('}', from)).filter((line) => line !== '\trecordfail').map((line) => line.trim());
  const entry = (fileAt(proposal, '/boot/grub/custom.cfg') ?? '').split('\n').map((line) => line.trim());
  expect(entry.slice(0, 3)).toEqual(["menuentry 'own' {", 'linux /own', '}']);
  expect(entry.slice(5, -3)).toEqual(body.map((line) => (line.startsWith('linux') ? `linux\t/boot/vmlinuz-6.1.0-50-rt-amd64 ${pendingLine} rcu_nocbs=1 panic=10 systemd.watchdog_sec=60 rtvm_bench.try=20261121T130000Z` : line)));
  expect(capture.value('/sys/block/dm-0/dm/uuid')).toBe('LVM-1');
  expect(text).not.toContain('long words');
});

test.skipIf(!isThere('/bin/dash'))('a password in custom.cfg or between the entries never comes into a capture', async () => {
  const secret = 'grub.pbkdf2.sha512.10000.ABCDEF';
  const { capture, text } = await probe(board({ '/boot/grub/custom.cfg': `set superusers="root"\npassword_pbkdf2 root ${secret}\n`, '/boot/grub/grub.cfg': `${ubuntuMenu}\n\tpassword_pbkdf2 root ${secret}\n\tpassword root ${secret}\n` }));
  expect(text).not.toContain(secret);
  const proposal = proposeTry({ snapshot: snapshotOf(capture), capture, commandLine: pendingLine, stamp: '20261121T130000Z' });
  expect(proposal.refused[0]?.why).toContain('holds a password');
});
