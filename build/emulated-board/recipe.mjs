import { dirname } from 'node:path/posix';

/**
 * What the disks are made of: of the emulated boards, and of the cloud image for virtual machines on one of them.
 * Everything here is hashed: a change gives a new image, and the image of an older checkout stays what it was.
 */

/** In all of them. */
const basePackages = [
  'systemd', 'systemd-sysv', 'udev', 'dbus', 'openssh-server', 'sudo', 'initramfs-tools', 'grub-pc', 'e2fsprogs', 'zstd', 'rt-tests',
  'iproute2', 'util-linux', 'kmod', 'procps', 'ca-certificates',
];

/** On boards: more to measure with and to look, and what any server has: sessions make a log-in as slow as it is on real ones. */
const packages = [
  'libpam-systemd', 'stress-ng', 'numactl', 'msr-tools', 'linux-cpupower', 'ethtool', 'pciutils', 'dmidecode', 'util-linux-extra', 'less',
];

/**
 * There before the kernel is installed. Only what is needed to find the disk: the usual everything takes emulation half a
 * minute to load and unpack.
 */
const baseFiles = {
  '/etc/initramfs-tools/conf.d/board': 'MODULES=list\n',
  '/etc/initramfs-tools/modules': 'virtio_pci\nvirtio_blk\next4\n',
};

/** Configuration, put over what the packages have brought: path → content. */
const files = {
  '/etc/hostname': 'emulated-board\n',
  '/etc/hosts': '127.0.0.1 localhost\n127.0.1.1 emulated-board\n::1 localhost ip6-localhost\n',
  '/etc/fstab': 'LABEL=board-root / ext4 errors=remount-ro 0 1\n',
  '/etc/default/grub': [
    'GRUB_DEFAULT=0',
    'GRUB_TIMEOUT=1',
    'GRUB_DISTRIBUTOR=Debian',
    'GRUB_CMDLINE_LINUX_DEFAULT=""',
    'GRUB_CMDLINE_LINUX="console=tty0 console=ttyS0,115200"',
    'GRUB_TERMINAL="serial"',
    'GRUB_SERIAL_COMMAND="serial --unit=0 --speed=115200"',
    '',
  ].join('\n'),
  // QEMU's user-mode network always gives these addresses; asking its DHCP server would only cost boot time.
  '/etc/systemd/network/10-wired.network': '[Match]\nName=e*\n\n[Network]\nAddress=10.0.2.15/24\nGateway=10.0.2.2\nDNS=10.0.2.3\n',
  '/etc/resolv.conf': 'nameserver 10.0.2.3\n',
};

/** Runs as root inside the new system, nothing of it started yet. */
const customise = `
set -e
systemd-machine-id-setup
ssh-keygen -A
systemctl enable systemd-networkd ssh
systemctl mask systemd-networkd-wait-online apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer e2scrub_reap.service
adduser --disabled-password --gecos 'Bench engineer' bench
adduser bench sudo
apt-get clean
rm -rf /var/lib/apt/lists/*
`;

/** Said on the serial console when the first boot has done its work. */
export const bootLoaderDone = 'BOOT-LOADER-INSTALLED';

/** PID 1 of the very first boot: only a running board sees its disk the way GRUB's tools want it. */
const firstBoot = `#!/bin/sh
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
mountpoint -q /proc || mount -t proc proc /proc
mountpoint -q /sys || mount -t sysfs sysfs /sys
mount -o remount,rw /
if grub-install --target=i386-pc /dev/vda && update-grub; then
  rm -f /first-boot
  sync
  mount -o remount,ro /
  echo ${bootLoaderDone} >/dev/console
fi
echo o >/proc/sysrq-trigger
sleep 30
`;

/** What debootstrap unpacks, once for all. */
export const base = { suite: 'bookworm', architecture: 'amd64', packages: basePackages, files: baseFiles };

/**
 * @typedef {object} Recipe
 * @property {number} diskMiB Sparse: about 1 GB of a board's is written.
 * @property {string} label of its file system
 * @property {string | null} user who may log in, as root may; null: nobody until cloud-init has been
 * @property {readonly string[]} packages on top of the base
 * @property {Readonly<Record<string, string>>} files
 * @property {string} customise
 * @property {string} firstBoot
 */

const board = { diskMiB: 4096, label: 'board-root', user: 'bench', files, customise, firstBoot };

/** What a KVM host needs. A PREEMPT_RT kernel refuses KVM in emulation: no constant TSC there. */
const virtualisation = ['libvirt-daemon-system', 'libvirt-clients', 'qemu-system-x86', 'qemu-utils', 'virtinst', 'genisoimage', 'dnsmasq-base', 'polkitd', 'busybox-static', 'cpio'];

/** A disk that is plugged into a KVM host, read-only, with the cloud image on it. `path`: where the host finds it. */
export const cloudImageDisk = { label: 'cloud-images', fileName: 'debian-12-lean.qcow2', path: '/srv/images/debian-12-lean.qcow2' };

/** Mounted when the disk is there; nothing waits for it where it is not. */
const imagesWhenPlugged = {
  '/etc/fstab': `${files['/etc/fstab']}LABEL=${cloudImageDisk.label} ${dirname(cloudImageDisk.path)} ext4 ro,noauto,nofail 0 0\n`,
  '/etc/udev/rules.d/90-cloud-images.rules': `SUBSYSTEM=="block", ENV{ID_FS_LABEL}=="${cloudImageDisk.label}", ENV{SYSTEMD_WANTS}+="${dirname(cloudImageDisk.path).slice(1).replaceAll('/', '-')}.mount"\n`,
};

/** Debian's kernel for clouds has no drivers for real devices, so there are fewer to look for. */
const guestPackages = ['linux-image-cloud-amd64', 'cloud-init', 'cloud-guest-utils'];

/**
 * Starting it is emulation within emulation: half a minute for any Python program, and a millisecond for each way out, as to
 * the serial console or a PCI port. So cloud-init does all it has to in one go, once.
 */
const guestFiles = {
  '/etc/fstab': 'LABEL=cloud-root / ext4 errors=remount-ro 0 1\n',
  '/etc/default/grub': files['/etc/default/grub'].replace('GRUB_TIMEOUT=1', 'GRUB_TIMEOUT=0').replace('DEFAULT=""', 'DEFAULT="quiet pcie_ports=compat"'),
  '/etc/systemd/network/10-wired.network': '[Match]\nName=e*\n\n[Network]\nDHCP=ipv4\nLinkLocalAddressing=no\n',
  '/etc/resolv.conf': 'nameserver 192.168.122.1\n',
  // Debian's own, less the modules that have nothing to do here.
  '/etc/cloud/cloud.cfg': [
    'datasource_list: [ NoCloud ]',
    'network: { config: disabled }',
    'disable_root: true',
    'preserve_hostname: false',
    // As in Debian's own images: without its own name, sudo waits for a name server each time.
    'manage_etc_hosts: true',
    'ssh_genkeytypes: [ ed25519 ]',
    'cloud_init_modules: [ write-files, growpart, resizefs, set_hostname, update_etc_hosts, users-groups, ssh, set-passwords ]',
    'system_info:',
    '  distro: debian',
    '  paths: { cloud_dir: /var/lib/cloud/, templates_dir: /etc/cloud/templates/ }',
    '  ssh_svcname: ssh',
    '',
  ].join('\n'),
  '/etc/systemd/system/cloud-init.service.d/once.conf': '[Service]\nExecStartPost=/usr/bin/touch /etc/cloud/cloud-init.disabled\n',
};

/** Lean; keys and the machine's number come with the first start of each machine made from it. */
const guestCustomise = `
set -e
systemctl enable systemd-networkd ssh
systemctl mask systemd-networkd-wait-online apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer e2scrub_reap.service \\
  cloud-init-local cloud-config cloud-final systemd-binfmt dev-hugepages.mount dev-mqueue.mount sys-fs-fuse-connections.mount
dpkg --purge --force-depends python3-jsonschema
apt-get clean
rm -rf /var/lib/apt/lists/* /usr/share/doc/* /usr/share/man/* /usr/share/locale/*
`;

/**
 * By name: `real-time` runs a PREEMPT_RT kernel; `generic` runs Debian's usual one and is a KVM host; `guest` is the
 * cloud image for virtual machines on it.
 * @type {Readonly<Record<'real-time' | 'generic' | 'guest', Recipe>>}
 */
export const recipes = {
  'real-time': { ...board, packages: [...packages, 'linux-image-rt-amd64'] },
  generic: { ...board, diskMiB: 8192, packages: [...packages, 'linux-image-amd64', ...virtualisation], files: { ...files, ...imagesWhenPlugged } },
  guest: { diskMiB: 1536, label: 'cloud-root', user: null, packages: guestPackages, files: guestFiles, customise: guestCustomise, firstBoot },
};

/** @typedef {keyof typeof recipes} RecipeName */
