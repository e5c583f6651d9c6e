import { readFileSync, readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { actionSchema, type Content, type Proposal } from '../../../../shared/model/plan.ts';
import { parseCapture } from '../../../../shared/parsers/capture.ts';
import { snapshotOf } from '../../../../shared/parsers/snapshot/snapshot.ts';
import { grubMenuOf } from '../../../../shared/planning/boot/grub-menu.ts';
import { proposeRealtimeKernel } from '../../../../shared/planning/packages/realtime-kernel.ts';
import { captureOf } from '../../snapshot/capture-text.ts';
import { grubConfig, packageBoard, release } from './package-boards.ts';

const board = { kind: 'board' } as const;
const dropIn = '/etc/default/grub.d/zz-rtvm-bench-boot-default.cfg';
const kinds = ({ steps }: Proposal): string[] => steps.map(({ action }) => (action.kind === 'file' ? action.path : action.kind === 'generate' ? action.generator : action.kind));
const installed = ({ steps }: Proposal): readonly string[] => steps.flatMap(({ action }) => (action.kind === 'packages' ? action.install : []));
const textOf = ({ steps }: Proposal, path: string): string => steps.flatMap(({ action }) => (action.kind === 'file' && action.path === path ? [action.content?.data ?? ''] : []))[0] ?? '';
const whys = ({ refused }: Proposal): string => refused.map(({ why, next }) => `${why} ${next}`).join('\n');

describe('Debian', () => {
  const proposal = proposeRealtimeKernel({ ...packageBoard('debian'), source: board });

  test('the running kernel is kept the default before the other one is installed', () => {
    expect(kinds(proposal)).toEqual([dropIn, 'update-grub', 'packages']);
    expect(installed(proposal)).toEqual(['linux-image-rt-amd64']);
    expect(proposal.refused).toEqual([]);
    expect(proposal.restart).toBe('needed');
  });

  test('the default names the running kernel’s own entry, not the first one, which would become the new kernel’s', () => {
    const path = /^GRUB_DEFAULT="(.+)"$/m.exec(textOf(proposal, dropIn))?.[1];
    expect(path).toMatch(new RegExp(`^gnulinux-advanced-[0-9a-f-]+>gnulinux-${release}-advanced-[0-9a-f-]+$`));
    // With a newer kernel on top, as its own hook would write the menu, that path still starts the one that ran.
    const submenu = grubConfig.indexOf('submenu ');
    const newer = `menuentry 'Debian GNU/Linux' --class debian $menuentry_id_option 'gnulinux-simple-x' {\n\tlinux\t/boot/vmlinuz-6.1.0-51-rt-amd64 root=/dev/vda1 ro\n}\n${grubConfig.slice(submenu).replaceAll('set default="0"', '')}`;
    const after = `set default="${path ?? ''}"\n${newer}`;
    expect(grubMenuOf(captureOf({ files: { '/boot/grub/grub.cfg': after } }))?.standard?.release).toBe(release);
  });

  test('what is promoted later wins, in the order of bytes and in that of a locale', () => {
    const promoted = '/etc/default/grub.d/zz-rtvm-bench.cfg';
    expect(dropIn < promoted).toBe(true);
    expect(dropIn.localeCompare(promoted, 'en', { ignorePunctuation: true })).toBeLessThan(0);
    const held = proposeRealtimeKernel({ ...packageBoard('debian', { [promoted]: 'GRUB_DEFAULT="a>b"' }), source: board });
    expect(kinds(held)).toEqual(['packages']);
    expect(held.notes.join(' ')).toContain('GRUB_DEFAULT="a>b"');
  });

  test('headers come with it where drivers are built for each kernel', () => {
    const dkms = proposeRealtimeKernel({ ...packageBoard('debian', {}, { exists: ['/var/lib/dkms/nvidia', '/var/lib/dkms/mok.pub'] }), source: board });
    expect(installed(dkms)).toEqual(['linux-image-rt-amd64', 'linux-headers-rt-amd64']);
    expect(dkms.notes.join(' ')).toContain('IGNORE_PREEMPT_RT_PRESENCE');
  });

  test('a menu that cannot be read is not guessed at; another boot loader is said to be one', () => {
    const hidden = packageBoard('debian', { '/boot/grub/grub.cfg': null, '/proc/self/status': 'Uid:\t1000\t1000\t1000\t1000' }, { exists: ['/boot/grub/grub.cfg'] });
    const refused = proposeRealtimeKernel({ ...hidden, source: board });
    expect(refused.steps).toEqual([]);
    expect(whys(refused)).toContain('as root');
    const other = proposeRealtimeKernel({ ...packageBoard('debian', { '/boot/grub/grub.cfg': null, '/boot/extlinux/extlinux.conf': 'LABEL l0\n  APPEND ro' }), source: board });
    expect(kinds(other)).toEqual(['packages']);
    expect(other.notes.join(' ')).toContain('at the console');
  });
});

describe('other distributions', () => {
  test('Ubuntu before 25.04 needs Ubuntu Pro, and says how without a token on a command line', () => {
    const without = proposeRealtimeKernel({ ...packageBoard('jammy'), source: board });
    expect(without.steps).toEqual([]);
    expect(whys(without)).toContain('sudo pro enable realtime-kernel --access-only');
    const withPro = proposeRealtimeKernel({ ...packageBoard('jammy', { '/etc/apt/sources.list.d/ubuntu-realtime-kernel.list': 'deb https://esm.ubuntu.com/realtime/ubuntu jammy main' }), source: board });
    expect(installed(withPro)).toEqual(['ubuntu-realtime']);
    const files = proposeRealtimeKernel({ ...packageBoard('jammy'), source: { kind: 'folder', directory: '/media/stick' } });
    expect(files.steps.at(-1)?.action).toMatchObject({ install: ['ubuntu-realtime'], source: { kind: 'folder', directory: '/media/stick' } });
  });

  test('later Ubuntu has it in universe', () => {
    expect(whys(proposeRealtimeKernel({ ...packageBoard('plucky'), source: board }))).toContain('add-apt-repository universe');
    const on = packageBoard('plucky', { '/etc/apt/sources.list.d/ubuntu.sources': 'Types: deb\nURIs: http://archive.ubuntu.com/ubuntu\nSuites: plucky\nComponents: main universe' });
    expect(installed(proposeRealtimeKernel({ ...on, source: board }))).toEqual(['ubuntu-realtime']);
  });

  test('RHEL needs its subscription; its clones have the repositories switched off', () => {
    expect(whys(proposeRealtimeKernel({ ...packageBoard('rhel'), source: board }))).toContain('rhel-9-for-x86_64-nfv-rpms');
    const repositories = { '/etc/yum.repos.d/almalinux-nfv.repo': '[nfv]\nenabled=0\n[nfv-debuginfo]\nenabled=0' };
    const sysconfig = '# UPDATEDEFAULT specifies if new kernels are default\nUPDATEDEFAULT=yes\nDEFAULTKERNEL=kernel-core';
    const alma = proposeRealtimeKernel({ ...packageBoard('alma', { ...repositories, '/etc/sysconfig/kernel': sysconfig }), source: board });
    expect(kinds(alma)).toEqual(['/etc/sysconfig/kernel', 'packages']);
    expect(textOf(alma, '/etc/sysconfig/kernel')).toMatch(/^UPDATEDEFAULT=no\nDEFAULTKERNEL=kernel-core\n$/m);
    expect(installed(alma)).toEqual(['kernel-rt', 'kernel-rt-kvm']);
    expect(alma.notes.join(' ')).toContain('nfv are off');
  });

  test('what is not known is not guessed', () => {
    for (const name of ['fedora', 'alpine', 'nothing']) {
      const proposal = proposeRealtimeKernel({ ...packageBoard(name), source: board });
      expect(proposal.steps).toEqual([]);
      expect(proposal.refused[0]?.next.length).toBeGreaterThan(20);
    }
  });
});

describe('Intel ECI', () => {
  const eciKey: Content = { encoding: 'base64', data: 'mQINBGFz' };

  test('key, source and pin as its guide has them, then customizations and kernel', () => {
    const proposal = proposeRealtimeKernel({ ...packageBoard('debian'), source: board, eci: true, eciKey });
    expect(kinds(proposal)).toEqual(['/usr/share/keyrings/eci-archive-keyring.gpg', '/etc/apt/sources.list.d/eci.list', '/etc/apt/preferences.d/isar', dropIn, 'update-grub', 'packages']);
    expect(textOf(proposal, '/etc/apt/sources.list.d/eci.list').split('\n')[0]).toBe('deb [signed-by=/usr/share/keyrings/eci-archive-keyring.gpg] https://eci.intel.com/repos/bookworm isar main');
    expect(textOf(proposal, '/etc/apt/preferences.d/isar')).toBe('Package: *\nPin: origin eci.intel.com\nPin-Priority: 1000\n');
    expect(installed(proposal)).toEqual(['eci-customizations', 'linux-intel-rt']);
  });

  test('its key is asked for, and must be one', () => {
    expect(whys(proposeRealtimeKernel({ ...packageBoard('debian'), source: board, eci: true }))).toContain('GPG-PUB-KEY-INTEL-ECI.gpg');
    expect(whys(proposeRealtimeKernel({ ...packageBoard('debian'), source: board, eci: true, eciKey: { encoding: 'utf8', data: '<html>Not found' } }))).toContain('no public key');
    const armoured = proposeRealtimeKernel({ ...packageBoard('debian'), source: board, eci: true, eciKey: { encoding: 'utf8', data: '-----BEGIN PGP PUBLIC KEY BLOCK-----\n' } });
    expect(kinds(armoured)[0]).toBe('/usr/share/keyrings/eci-archive-keyring.asc');
  });

  test('a board that has the source needs no key; Secure Boot would refuse its kernel', () => {
    const source = { '/etc/apt/sources.list.d/eci.list': 'deb [signed-by=/usr/share/keyrings/eci-archive-keyring.gpg] https://eci.intel.com/repos/bookworm isar main' };
    expect(kinds(proposeRealtimeKernel({ ...packageBoard('debian', source), source: board }))).toEqual([dropIn, 'update-grub', 'packages']);
    const locked = { ...source, '/sys/firmware/efi/efivars/SecureBoot-8be4df61': '\u0006\0\0\0\u0001', '/sys/kernel/security/lockdown': 'none [integrity] confidentiality' };
    const refused = proposeRealtimeKernel({ ...packageBoard('debian', locked, { exists: ['/sys/firmware/efi'] }), source: board });
    expect(whys(refused)).toContain('Secure Boot');
    const debian = proposeRealtimeKernel({ ...packageBoard('debian', { ...locked, '/etc/apt/sources.list.d/eci.list': null }, { exists: ['/sys/firmware/efi'] }), source: board });
    expect(debian.refused).toEqual([]);
    expect(debian.notes.join(' ')).toContain('MSRs cannot be written');
  });
});

describe('every board', () => {
  const names = readdirSync('test/fixtures/captures');

  test.each(names)('%s: a proposal whose every action is one the engine takes', (name) => {
    const capture = parseCapture(readFileSync(`test/fixtures/captures/${name}`, 'utf8'));
    if (!capture.ok) throw capture.error;
    const proposal = proposeRealtimeKernel({ snapshot: snapshotOf(capture.value), capture: capture.value, source: board });
    for (const { action } of proposal.steps) expect(actionSchema.safeParse(action).success).toBe(true);
    expect(proposal.steps.length > 0 || proposal.refused.length > 0 || proposal.notes.length > 0).toBe(true);
  });

  test('spoilt captures: no throw, and no file with a line that was not ours', () => {
    fc.assert(fc.property(fc.constantFrom('debian', 'jammy', 'alma'), fc.array(fc.tuple(fc.constantFrom('/boot/grub/grub.cfg', '/etc/sysconfig/kernel', '/etc/os-release', '/etc/crypttab', '/etc/apt/sources.list', '/etc/yum.repos.d/x.repo', '/proc/sys/kernel/osrelease', '/proc/mounts'), fc.string()), { maxLength: 6 }), (name, files) => {
      const proposal = proposeRealtimeKernel({ ...packageBoard(name, Object.fromEntries(files)), source: board, eci: false });
      for (const { action } of proposal.steps) {
        expect(actionSchema.safeParse(action).success).toBe(true);
        if (action.kind === 'file') expect(action.content?.data).toMatch(/^(?:#[^\n]*\n)*(?:[A-Z][A-Z0-9_]*=(?:"[A-Za-z0-9_.:>+-]+"|[A-Za-z0-9._+-]*)\n)+$/);
      }
    }));
  });
});
