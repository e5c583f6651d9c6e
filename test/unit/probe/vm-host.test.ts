import { describe, expect, test } from 'vitest';
import { snapshotSchema } from '../../../shared/model/snapshot.ts';
import { snapshotOf } from '../../../shared/parsers/snapshot/snapshot.ts';
import { probe, shellsHere, type PretendBoard } from './run-probe.ts';

/** A host with a running VM of libvirt 9, which keeps a password for its display. */
const host = (): PretendBoard => ({
  files: {
    '/proc/sys/kernel/ostype': 'Linux\n', '/proc/sys/kernel/modules_disabled': '0\n', '/proc/cpuinfo': 'processor\t: 0\nflags\t\t: fpu vmx x2apic\nvmx flags\t: posted_intr apicv vid\n\n',
    '/lib/systemd/system/libvirtd.service': '', '/lib/systemd/system/libvirtd.socket': '', '/lib/systemd/system/virtlogd.service': '', '/run/libvirt/libvirt-sock': '', '/usr/libexec/qemu-kvm': '',
    '/etc/libvirt/qemu/networks/default.xml': "<network>\n  <name>default</name>\n  <bridge name='virbr0' stp='on' delay='0'/>\n</network>\n", '/etc/libvirt/qemu/networks/autostart/default.xml': '', '/run/libvirt/network/default.xml': '',
    '/etc/libvirt/qemu/autostart/rt.xml': '',
    '/etc/libvirt/qemu/rt.xml': [
      "<domain type='kvm'>", '  <name>rt &amp; co</name>', "  <memory unit='KiB'>4194304</memory>", '  <memoryBacking>', '    <hugepages/>', '  </memoryBacking>', "  <vcpu placement='static'>2</vcpu>", '  <cputune>', "    <vcpupin vcpu='0' cpuset='2'/>",
      "    <vcpupin vcpu='1' cpuset='4-6,^5'/>", '  </cputune>', "  <numatune><memory mode='strict' nodeset='0'/></numatune>", "    <graphics type='vnc' passwd='never printed'/>", '</domain>', '',
    ].join('\n'),
    '/run/libvirt/qemu/load.xml': ["<domstatus state='running' pid='4711'>", "  <domain type='kvm' id='1'>", '    <name>load</name>', "    <memory unit='KiB'>1048576</memory>", '    <vcpu>1</vcpu>', '  </domain>', '</domstatus>', ''].join('\n'),
    '/etc/group': 'root:x:0:\nsecrets:x:500:never,printed\nkvm:x:104:\nlibvirt:x:121:alice\n',
    '/usr/share/osinfo/VERSION': '20221203', '/etc/osinfo/VERSION': '20240701', '/etc/osinfo/os/debian.org/debian-12.xml': '',
    '/sys/bus/pci/devices/0000:03:00.0/uevent': 'PCI_CLASS=20000\nPCI_ID=8086:1593\n', '/sys/bus/pci/devices/0000:03:00.0/sriov_totalvfs': '16\n', '/sys/bus/pci/devices/0000:03:00.0/sriov_numvfs': '1\n',
    '/sys/bus/pci/devices/0000:03:00.1/uevent': 'PCI_CLASS=20000\nPCI_ID=8086:1889\n', '/sys/bus/pci/devices/0000:03:00.1/physfn/vendor': '',
    '/sys/class/iommu/dmar0/intel-iommu/cap': '8d2078c106f0466\n', '/sys/class/ptp/ptp0/clock_name': 'KVM virtual PTP\n',
  },
  commands: { dmesg: 'Linux version 6.1\nsmpboot: CPU 3 is now offline\n' },
});

describe.each(shellsHere)('a host of VMs, under %s', (shell) => {
  test('libvirt’s units, networks and definitions, and nothing of what is secret in them', async () => {
    const { capture, text, stderr } = await probe(host(), { shell });
    const snapshot = snapshotOf(capture);
    expect(stderr).toBe('');
    expect(snapshotSchema.safeParse(snapshot).success).toBe(true);
    expect(snapshot.libvirt).toEqual({
      units: ['libvirtd.service', 'libvirtd.socket', 'virtlogd.service'], sockets: ['libvirt-sock'],
      networks: [{ name: 'default', bridge: 'virbr0', defined: true, active: true, autostart: true }],
      definitions: [
        { name: 'rt & co', running: false, autostart: true, vcpus: 2, pins: [{ vcpu: 0, cpus: [2] }, { vcpu: 1, cpus: [4, 6] }], memoryBytes: 4 * 2 ** 30, hugepages: true, evidence: '/etc/libvirt/qemu/rt.xml' },
        { name: 'load', running: true, autostart: false, vcpus: 1, pins: [], memoryBytes: 2 ** 30, hugepages: false, evidence: '/run/libvirt/qemu/load.xml' },
      ],
      osDatabase: '20240701',
    });
    for (const left of ['never printed', 'secrets:']) expect(text).not.toContain(left);
    expect(capture.lines('/etc/group')).toEqual(['kvm:x:104:', 'libvirt:x:121:alice']);
    expect(capture.exists('/usr/libexec/qemu-kvm')).toBe(true);
    expect(capture.exists('/etc/osinfo/os/debian.org/debian-12.xml')).toBe(true);
    expect(capture.value('/sys/class/ptp/ptp0/clock_name')).toBe('KVM virtual PTP');
    expect(capture.value('/proc/sys/kernel/modules_disabled')).toBe('0');
    expect(capture.value('/sys/class/iommu/dmar0/intel-iommu/cap')).toBe('8d2078c106f0466');
    expect(capture.command('dmesg')?.lines).toContain('smpboot: CPU 3 is now offline');
    expect(snapshot.pci.map(({ virtualFunctions, isVirtualFunction }) => [virtualFunctions, isVirtualFunction])).toEqual([[{ enabled: 1, most: 16 }, undefined], [undefined, true]]);
  });

  test('a board without any of it has none of it', async () => {
    const { capture } = await probe({ files: { '/proc/sys/kernel/ostype': 'Linux\n' } }, { shell });
    expect(snapshotOf(capture).libvirt).toEqual({ units: [], sockets: [], networks: [], definitions: [], osDatabase: null });
  });
});
