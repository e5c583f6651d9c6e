import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { stampSchema } from '../../../shared/model/board.ts';
import { cloudImageSchema, newVmSchema, vmNameSchema, type NewVm, type VmHost } from '../../../shared/model/vm.ts';
import { checkNewVm, type NewVmHost } from '../../../shared/planning/vm/create/check-new-vm.ts';
import { checksumOf } from '../../../shared/planning/vm/create/checksum-list.ts';
import { cloudImages } from '../../../shared/planning/vm/create/cloud-images.ts';
import { imageFacts } from '../../../shared/planning/vm/create/image-facts.ts';
import { baseImageName, hostNameOf, vmFiles } from '../../../shared/planning/vm/create/new-vm-names.ts';
import { newVmSeed, previewNewVm } from '../../../shared/planning/vm/create/preview-new-vm.ts';
import { osinfoNames, osinfoPlaceholder, virtInstallCommand } from '../../../shared/planning/vm/create/virt-install-command.ts';
import { valueOf } from './vm-kit.ts';

const sshKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGZvb2JhcmZvb2JhcmZvb2JhcmZvb2JhcmZvb2JhcmZv engineer@bench';
const vm: NewVm = {
  name: 'rt1', purpose: 'real-time', image: { kind: 'catalogue', id: 'debian-12', fetchedBy: 'board' }, vcpus: 2, memoryMiB: 2048, diskGiB: 20,
  user: { name: 'engineer', password: null, sshKeys: [sshKey], adminGroup: 'sudo' }, packages: [], network: 'default', osinfo: 'debian12',
};
const host: VmHost = {
  takenAt: stampSchema.parse('20261121T100000Z'), libvirt: { version: '9.0.0', hypervisor: 'QEMU 7.2.22', uri: 'qemu:///system' }, problem: null, capabilitiesXml: null,
  networks: [{ name: 'default', active: true, autostart: true, persistent: true }, { name: 'cell', active: false, autostart: false, persistent: true }],
  cacheGroups: null, imageDirectory: { path: '/srv/images', freeBytes: 40 * 2 ** 30 }, images: [{ path: '/srv/images/own.qcow2', sizeBytes: 1 }], vms: [],
  halfMade: [{ name: 'half', owner: 'ana@laptop', startedAt: '20261121T090000Z', phase: 'disk', files: [] }], intruders: [],
};
const snapshot = (cpus: number, totalMiB: number): NewVmHost['snapshot'] => ({ cpus: { online: Array.from({ length: cpus }, (_, cpu) => cpu) }, memory: { totalBytes: totalMiB * 2 ** 20 } });

describe('the catalogue', () => {
  it('has Debian, Ubuntu and systems like RHEL, all over protected addresses', () => {
    expect(cloudImages.map(({ id }) => id)).toEqual(['debian-12', 'debian-13', 'ubuntu-22.04', 'ubuntu-24.04', 'almalinux-9', 'rocky-9']);
    for (const image of cloudImages) {
      expect(cloudImageSchema.safeParse(image).success).toBe(true);
      for (const url of [image.url, image.checksumsUrl]) expect(new URL(url).protocol).toBe('https:');
      expect(image.url.endsWith(`/${image.fileName}`)).toBe(true);
      expect(newVmSchema.shape.osinfo.safeParse(image.osinfo).success).toBe(true);
    }
  });
});

describe('lists of checksums', () => {
  const [sha256, sha512] = ['a1'.repeat(32), 'B2'.repeat(64)];
  it.each([
    [`${sha256}  a.img\n${sha256.replaceAll('a', 'c')}  b.img\n`, 'a.img', 'sha256', sha256],
    [`${sha256} *a.img\r\n`, 'a.img', 'sha256', sha256],
    [`${sha512}  ./a.img`, 'a.img', 'sha512', sha512.toLowerCase()],
    [`# a.img: 5 bytes\nSHA256 (a.img) = ${sha256}\n`, 'a.img', 'sha256', sha256],
  ])('%j', (list, name, algorithm, sum) => {
    expect(valueOf(checksumOf(list, name))).toEqual({ algorithm, sum });
  });

  it('what is not listed is not taken from a name that is like it', () => {
    expect(checksumOf(`${sha256}  a.img.old\n${sha256}  xa.img\nSHA256 (b) = ${sha256}`, 'a.img')).toMatchObject({ ok: false, error: { code: 'vm-image-unusable' } });
    expect(checksumOf(`${sha256.slice(2)}  a.img\n`, 'a.img').ok).toBe(false);
  });

  it('any text gives a checksum or a coded error', () => {
    fc.assert(fc.property(fc.string(), fc.string(), (list, name) => { expect(typeof checksumOf(list, name).ok).toBe('boolean'); }));
  });
});

describe('what an image is', () => {
  const info = (changes: object): string => JSON.stringify({ 'format': 'qcow2', 'virtual-size': 2 ** 31, 'filename': 'x', ...changes });
  it('qcow2 and raw are taken, with what newer QEMU says besides', () => {
    expect(valueOf(imageFacts(info({ 'children': [{ name: 'file', info: { format: 'file' } }], 'format-specific': { type: 'qcow2', data: { compat: '1.1' } } }), '/x'))).toEqual({ format: 'qcow2', virtualBytes: 2 ** 31 });
    expect(valueOf(imageFacts(info({ format: 'raw' }), '/x')).format).toBe('raw');
  });
  it.each([
    [info({ 'backing-filename': '/etc/shadow' }), 'another file'], [info({ 'format-specific': { data: { 'data-file': '/etc/shadow' } } }), 'another file'], [info({ format: 'vmdk' }), 'vmdk'],
    [info({ encrypted: true }), 'encrypted'], [info({ 'virtual-size': 512 }), 'empty'], ['qemu-img: Could not open', 'Could not open'], ['{}', 'not understood'],
  ])('%s is refused', (json, why) => {
    expect(imageFacts(json, '/x')).toMatchObject({ ok: false, error: { code: 'vm-image-unusable', message: expect.stringContaining(why) } });
  });
});

describe('names', () => {
  it('whatever a VM and a file are called, their files are plain names beside each other', () => {
    fc.assert(fc.property(fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/), fc.string(), fc.stringMatching(/^[0-9a-f]{64}$/), (name, file, sum) => {
      expect(vmNameSchema.safeParse(name).success).toBe(true);
      const files = vmFiles('/d', name);
      const base = baseImageName(file, sum);
      for (const one of [files.disk.slice(3), files.seed.slice(3), base]) expect(one).toMatch(/^rtvm-bench-(?:vm|base)-[A-Za-z0-9._-]+$/);
      expect(new Set([files.disk.slice(3), files.seed.slice(3), base]).size).toBe(3);
      expect(newVmSeed({ ...vm, name }, 'id', null).ok).toBe(true);
      expect(hostNameOf(name)).toMatch(/^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/);
    }));
  });
});

describe('virt-install', () => {
  const command = virtInstallCommand({ vm, uuid: 'u-1', files: { disk: '/srv/a,b/d.qcow2', seed: '/srv/s.iso' } });
  /** What follows an option, at its nth place. */
  const after = (option: string, nth = 0): string | undefined => {
    const places = command.flatMap((word, at) => (word === option ? [at + 1] : []));
    return command[places[nth] ?? -1];
  };

  it('is told everything as words of their own', () => {
    expect(after('--disk')).toBe('path=/srv/a,,b/d.qcow2,format=qcow2,bus=virtio');
    expect(after('--disk', 1)).toBe('path=/srv/s.iso,format=raw,bus=virtio,readonly=on');
    expect(after('--metadata')).toBe('uuid=u-1');
    expect(after('--os-variant')).toBe(osinfoPlaceholder);
    expect([after('--vcpus'), after('--memory'), after('--network'), after('--graphics'), after('--cpu')]).toEqual(['2', '2048', 'network=default,model=virtio', 'none', 'host-passthrough']);
    expect(after('--memballoon')).toBe('none');
    expect(virtInstallCommand({ vm: { ...vm, purpose: 'stressor' }, uuid: 'u', files: vmFiles('/d', 'x') })).not.toContain('--memballoon');
  });
  it('is given the nearest name of the system that it knows', () => {
    expect(osinfoNames('debian13')).toEqual(['debian13', 'linux2022', 'linux2020', 'generic']);
    expect(osinfoNames('linux2022')).toEqual(['linux2022', 'linux2020', 'generic']);
  });
});

describe('what speaks against a VM', () => {
  const problems = (changes: Partial<NewVm>, known: Partial<NewVmHost> = {}) =>
    checkNewVm({ ...vm, ...changes }, { host, snapshot: snapshot(4, 16_384), ...known }).map(({ field, severity }) => `${severity} ${field}`);

  it('nothing speaks against a small one on a host that was read', () => {
    expect(problems({})).toEqual([]);
  });
  it.each<[Partial<NewVm>, string[]]>([
    [{ vcpus: 5 }, ['error vcpus']], [{ vcpus: 5, purpose: 'stressor' }, ['warning vcpus']], [{ vcpus: 4 }, ['warning vcpus']],
    [{ memoryMiB: 16_384 }, ['error memoryMiB']], [{ memoryMiB: 16_000 }, ['warning memoryMiB']], [{ diskGiB: 41 }, ['warning diskGiB']],
    [{ network: 'cell' }, ['error network']], [{ network: 'nowhere' }, ['error network']], [{ name: 'half' }, ['warning name']],
    [{ image: { kind: 'catalogue', id: 'plan9', fetchedBy: 'board' } }, ['error image.id']],
    [{ image: { kind: 'board-file', path: '/srv/images/gone.qcow2', sha256: null } }, ['note image.sha256', 'warning image.path']],
    [{ image: { kind: 'board-file', path: '/srv/images/own.qcow2', sha256: 'a'.repeat(64) } }, []],
    [{ user: { ...vm.user, password: 'x', sshKeys: [] } }, ['note user.sshKeys']],
  ])('%j', (changes, expected) => {
    expect(problems(changes)).toEqual(expected);
  });
  it('what was not read is said, and a host without libvirt or room is no host', () => {
    expect(problems({}, { host: null, snapshot: null })).toEqual(['note vcpus', 'note name']);
    expect(problems({}, { host: { ...host, libvirt: null, networks: [] } })).toEqual(['error name']);
    expect(problems({}, { host: { ...host, imageDirectory: { path: '/srv/images', freeBytes: 2 ** 30 } } })).toEqual(['error diskGiB']);
  });
});

describe('the preview', () => {
  const hash = `$6$saltsalt$${'a'.repeat(86)}`;
  it('shows what cloud-init is told and every command, with the hash and never the password', () => {
    const preview = previewNewVm({ ...vm, user: { ...vm.user, password: 'correct horse' } }, hash, { host, snapshot: null });
    expect(parse(preview.userData)).toMatchObject({ hostname: 'rt1', users: [{ name: 'engineer', passwd: hash, ssh_authorized_keys: [sshKey] }] });
    expect(preview.commands.map((line) => line.split(' ')[0])).toEqual(['curl', 'curl', 'qemu-img', 'xorriso', 'virt-install', 'virsh', 'virsh']);
    expect(preview.commands.join('\n')).toContain('/srv/images/rtvm-bench-vm-rt1.qcow2');
    expect(JSON.stringify(preview)).not.toContain('correct horse');
  });
  it('says where nobody could log in, and quotes what a shell would read', () => {
    const preview = previewNewVm({ ...vm, user: { ...vm.user, sshKeys: [] }, image: { kind: 'board-file', path: '/srv/my $(image).raw', sha256: null } }, null, { host, snapshot: null });
    expect(preview.problems).toContainEqual(expect.objectContaining({ field: 'user', severity: 'error' }));
    expect(preview.commands[0]).toContain("'/srv/my $(image).raw'");
  });
});
