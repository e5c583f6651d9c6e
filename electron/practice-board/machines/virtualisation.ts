import type { ArchivePackage, ServiceSpec } from '../linux/machine-spec.ts';
import { service } from './common.ts';

const defaultNetwork = `<network>
  <name>default</name>
  <uuid>9a05da11-e96b-47f3-8253-a3a482e445f5</uuid>
  <forward mode='nat'/>
  <bridge name='virbr0' stp='on' delay='0'/>
  <mac address='52:54:00:0a:cd:21'/>
  <ip address='192.168.122.1' netmask='255.255.255.0'>
    <dhcp>
      <range start='192.168.122.2' end='192.168.122.254'/>
    </dhcp>
  </ip>
</network>
`;

const folders = { '/var/lib/libvirt/images/': '', '/var/lib/libvirt/boot/': '', '/var/log/libvirt/qemu/': '', '/etc/libvirt/qemu/autostart/': '', '/etc/libvirt/qemu/networks/autostart/': '' };
const socket = (name: string, description: string): NonNullable<ArchivePackage['sockets']>[number] => ({ name, description });

/** Systems that the osinfo database of a distribution knows, as files of it. */
const osinfo = (version: string, systems: readonly string[]): Readonly<Record<string, string>> =>
  ({ '/usr/share/osinfo/VERSION': version, ...Object.fromEntries(systems.map((system) => [`/usr/share/osinfo/os/${system}.xml`, '<libosinfo version="0.0.1"/>'])) });

/** One daemon for everything, as Debian and Ubuntu have it. */
const monolithic: readonly ServiceSpec[] = [service('libvirtd', 'Virtualization daemon', true, '/usr/sbin/libvirtd --timeout 120'), service('virtlogd', 'Virtual machine log manager', false, '/usr/sbin/virtlogd')];

interface DebianVersions {
  readonly libvirt: string;
  readonly qemu: string;
  readonly virtinst: string;
  readonly osinfo: string;
  readonly systems: readonly string[];
}

/** Packages of Debian and Ubuntu that running VMs takes. */
const debianPackages = (version: DebianVersions): readonly ArchivePackage[] => [
  {
    name: 'libvirt-daemon-system', version: version.libvirt, sizeKb: 68, depends: ['libvirt-daemon', 'libvirt-clients', 'dnsmasq-base'], services: monolithic,
    sockets: [socket('libvirtd', 'Libvirt local socket'), socket('libvirtd-ro', 'Libvirt local read-only socket')], groups: ['kvm:x:106:libvirt-qemu', 'libvirt:x:113:', 'libvirt-qemu:x:64055:libvirt-qemu'],
    users: ['libvirt-qemu:x:64055:106:Libvirt Qemu,,,:/var/lib/libvirt:/usr/sbin/nologin'], privateFolders: ['/etc/libvirt/qemu'],
    files: { ...folders, '/usr/share/libvirt/networks/default.xml': defaultNetwork, '/etc/libvirt/qemu/networks/default.xml': defaultNetwork },
  },
  { name: 'libvirt-daemon', version: version.libvirt, sizeKb: 410, depends: ['qemu-system-x86'] }, { name: 'libvirt-clients', version: version.libvirt, sizeKb: 430, programs: ['virsh', 'virt-xml-validate'], depends: ['libxml2-utils'] },
  { name: 'qemu-system-x86', version: version.qemu, sizeKb: 8_300, programs: ['qemu-system-x86_64'] }, { name: 'qemu-utils', version: version.qemu, sizeKb: 1_700, programs: ['qemu-img'] },
  { name: 'virtinst', version: version.virtinst, sizeKb: 500, depends: ['osinfo-db', 'qemu-utils'], programs: ['virt-install'] }, { name: 'dnsmasq-base', version: '2.90-4', sizeKb: 480, programs: ['dnsmasq'] },
  { name: 'osinfo-db', version: version.osinfo, sizeKb: 150, files: osinfo(version.osinfo.replace(/^0\./, '').replace(/-.*/, ''), version.systems) }, { name: 'osinfo-db-tools', version: '1.10.0-1', sizeKb: 60, programs: ['osinfo-db-import'] },
  { name: 'xorriso', version: '1.5.4-4', sizeKb: 300, programs: ['xorriso', 'xorrisofs'] }, { name: 'genisoimage', version: '9:1.1.11-3.4', sizeKb: 350, programs: ['genisoimage'] }, { name: 'libxml2-utils', version: '2.9.14+dfsg-1.3', sizeKb: 98 },
];

/** Debian 12: its osinfo database is older than Debian 12 itself. */
export const debianVirtualisation = debianPackages({ libvirt: '9.0.0-4+deb12u2', qemu: '1:7.2+dfsg-7+deb12u18', virtinst: '1:4.1.0-2', osinfo: '0.20221130-2', systems: ['debian.org/debian-10', 'debian.org/debian-11', 'ubuntu.com/ubuntu-20.04', 'ubuntu.com/ubuntu-22.04', 'redhat.com/rhel-9.1'] });

export const ubuntuVirtualisation = debianPackages({
  libvirt: '10.0.0-2ubuntu8.7', qemu: '1:8.2.2+ds-0ubuntu1.7', virtinst: '1:4.1.0-3ubuntu0.1', osinfo: '0.20240104-1', systems: ['debian.org/debian-11', 'debian.org/debian-12', 'ubuntu.com/ubuntu-22.04', 'ubuntu.com/ubuntu-24.04', 'redhat.com/rhel-9.3'],
});

const parts = ['qemu', 'network', 'storage', 'nodedev', 'nwfilter', 'secret', 'interface'];

/** RHEL 9: a daemon for each part, which its socket starts. */
export const rhelVirtualisation: readonly ArchivePackage[] = [
  {
    name: 'libvirt', version: '10.0.0-6.7.el9_4', sizeKb: 22, depends: ['libvirt-client', 'qemu-kvm'], services: parts.map((part) => service(`virt${part}d`, `Virtualization ${part} daemon`, part === 'qemu', `/usr/sbin/virt${part}d --timeout 120`)),
    sockets: parts.map((part) => socket(`virt${part}d`, `libvirt ${part} daemon socket`)), groups: ['kvm:x:36:qemu', 'libvirt:x:986:', 'qemu:x:107:'], users: ['qemu:x:107:107:qemu user:/:/sbin/nologin'], privateFolders: ['/etc/libvirt/qemu'], programs: ['dnsmasq'],
    files: { ...folders, '/usr/share/libvirt/networks/default.xml': defaultNetwork, '/etc/libvirt/qemu/networks/default.xml': defaultNetwork },
  },
  { name: 'libvirt-client', version: '10.0.0-6.7.el9_4', sizeKb: 440, programs: ['virsh', 'virt-xml-validate'] }, { name: 'qemu-kvm', version: '8.2.0-11.el9_4', sizeKb: 12_000, programs: ['qemu-kvm'] }, { name: 'qemu-img', version: '8.2.0-11.el9_4', sizeKb: 2_500, programs: ['qemu-img'] },
  { name: 'virt-install', version: '4.1.0-5.el9', sizeKb: 50, depends: ['osinfo-db', 'qemu-img'], programs: ['virt-install'] }, { name: 'xorriso', version: '1.5.4-4.el9', sizeKb: 320, programs: ['xorriso', 'xorrisofs'] },
  { name: 'osinfo-db', version: '20231215-1.el9', sizeKb: 330, files: osinfo('20231215', ['debian.org/debian-11', 'debian.org/debian-12', 'ubuntu.com/ubuntu-22.04', 'redhat.com/rhel-9.3', 'redhat.com/rhel-9-unknown']) }, { name: 'osinfo-db-tools', version: '1.10.0-1.el9', sizeKb: 70, programs: ['osinfo-db-import'] },
];

/** A VM as virt-manager makes one: nothing about it is real-time. */
export const ordinaryDomain = `<domain type='kvm'>
  <name>debian12-std</name>
  <uuid>425811b3-af98-49c4-9cc6-b79469151a24</uuid>
  <metadata>
    <libosinfo:libosinfo xmlns:libosinfo="http://libosinfo.org/xmlns/libvirt/domain/1.0">
      <libosinfo:os id="http://debian.org/debian/11"/>
    </libosinfo:libosinfo>
  </metadata>
  <memory unit='GiB'>4</memory>
  <vcpu>2</vcpu>
  <os><type arch='x86_64' machine='q35'>hvm</type><boot dev='hd'/></os>
  <features><acpi/><apic/><vmport state='off'/></features>
  <cpu mode='host-model' check='partial'/>
  <clock offset='utc'><timer name='rtc' tickpolicy='catchup'/><timer name='pit' tickpolicy='delay'/><timer name='hpet' present='no'/></clock>
  <pm><suspend-to-mem enabled='no'/><suspend-to-disk enabled='no'/></pm>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <disk type='file' device='disk'><driver name='qemu' type='qcow2' discard='unmap'/><source file='/var/lib/libvirt/images/debian12-std.qcow2'/><target dev='vda' bus='virtio'/></disk>
    <controller type='usb' index='0' model='qemu-xhci' ports='15'/>
    <controller type='virtio-serial' index='0'/>
    <interface type='network'><mac address='52:54:00:60:58:c3'/><source network='default'/><model type='virtio'/></interface>
    <console type='pty'/>
    <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
    <channel type='spicevmc'><target type='virtio' name='com.redhat.spice.0'/></channel>
    <input type='tablet' bus='usb'/>
    <graphics type='spice' autoport='yes'><listen type='address'/></graphics>
    <sound model='ich9'/>
    <audio id='1' type='spice'/>
    <video><model type='qxl' ram='65536' vram='65536' vgamem='16384' heads='1' primary='yes'/></video>
    <redirdev bus='usb' type='spicevmc'/>
    <memballoon model='virtio'/>
    <rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>
  </devices>
</domain>
`;
