import { dirname } from 'node:path/posix';

/**
 * What the disks are made of: of the emulated boards, and of the cloud image for virtual machines on one of them.
 * Everything here is hashed: a change gives a new image, and the image of an older checkout stays what it was.
 */

/** Measuring tools and what a lean Debian server has anyway (logind and D-Bus make a log-in as slow as it is on real ones). */
const packages = [
  'systemd', 'systemd-sysv', 'udev', 'dbus', 'libpam-systemd', 'openssh-server', 'sudo', 'initramfs-tools', 'grub-pc', 'e2fsprogs', 'zstd',
  'rt-tests', 'stress-ng', 'numactl', 'msr-tools', 'linux-cpupower',
  'iproute2', 'ethtool', 'pciutils', 'dmidecode', 'util-linux', 'util-linux-extra', 'kmod', 'procps', 'less', 'ca-certificates',
];

/** Put into the file system before the packages' own scripts have the last word: path → content. */
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
  // Only what this board needs to find its disk: the usual everything takes emulation half a minute to load and unpack.
  '/etc/initramfs-tools/conf.d/board': 'MODULES=list\n',
  '/etc/initramfs-tools/modules': 'virtio_pci\nvirtio_blk\next4\n',
  // QEMU's user-mode network always gives these addresses; asking its DHCP server would only cost boot time.
  '/etc/systemd/network/10-wired.network': '[Match]\nName=e*\n\n[Network]\nAddress=10.0.2.15/24\nGateway=10.0.2.2\nDNS=10.0.2.3\n',
  '/etc/resolv.conf': 'nameserver 10.0.2.3\n',
};

/** Runs as root inside the new system, nothing of it started yet. */
const customise = `
set -e
systemd-machine-id-setup
systemctl enable systemd-networkd ssh
systemctl mask systemd-networkd-wait-online apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer e2scrub_reap.service
update-initramfs -u
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

/**
 * @typedef {object} Recipe
 * @property {string} suite
 * @property {string} architecture
 * @property {number} diskMiB Sparse: about 1 GB of a board's is written.
 * @property {string} label of its file system
 * @property {string | null} user who may log in, as root may; null: nobody until cloud-init has been
 * @property {readonly string[]} packages
 * @property {readonly string[]} packagesLater what debootstrap cannot put in order by itself
 * @property {readonly string[]} leftOut paths that packages do not get to write
 * @property {Readonly<Record<string, string>>} files
 * @property {string} customise
 * @property {string} firstBoot
 */

const debian = { suite: 'bookworm', architecture: 'amd64', firstBoot };
const common = { ...debian, diskMiB: 4096, label: 'board-root', user: 'bench', leftOut: [], files, customise };

/** What a KVM host needs. A PREEMPT_RT kernel refuses KVM in emulation: no constant TSC there. */
const virtualisation = ['libvirt-daemon-system', 'libvirt-clients', 'qemu-system-x86', 'qemu-utils', 'virtinst', 'genisoimage', 'dnsmasq-base', 'polkitd', 'busybox-static', 'cpio'];

/** A disk that is plugged into a KVM host, read-only, with the cloud image on it. `path`: where the host finds it. */
export const cloudImageDisk = { label: 'cloud-images', fileName: 'debian-12-lean.qcow2', path: '/srv/cloud-images/debian-12-lean.qcow2' };

/** Starting it is emulation within emulation: only what a virtual machine needs to be one, with the tools to measure it. */
const guestPackages = [
  'systemd', 'systemd-sysv', 'udev', 'dbus', 'openssh-server', 'sudo', 'initramfs-tools', 'grub-pc', 'e2fsprogs', 'zstd', 'linux-image-cloud-amd64',
  'rt-tests', 'iproute2', 'kmod', 'procps', 'util-linux',
];

const guestFiles = {
  '/etc/fstab': 'LABEL=cloud-root / ext4 errors=remount-ro 0 1\n',
  '/etc/default/grub': files['/etc/default/grub'].replace('GRUB_TIMEOUT=1', 'GRUB_TIMEOUT=0'),
  '/etc/initramfs-tools/conf.d/board': files['/etc/initramfs-tools/conf.d/board'],
  '/etc/initramfs-tools/modules': files['/etc/initramfs-tools/modules'],
  '/etc/systemd/network/10-wired.network': '[Match]\nName=e*\n\n[Network]\nDHCP=ipv4\nLinkLocalAddressing=no\n',
  // Debian's own, less the modules for which nothing is said on a bench. Two sources, or it would not look whether one is there.
  '/etc/cloud/cloud.cfg': [
    'datasource_list: [ NoCloud, ConfigDrive ]',
    'network: { config: disabled }',
    'disable_root: true',
    'preserve_hostname: false',
    'cloud_init_modules: [ write-files, growpart, resizefs, set_hostname, update_etc_hosts, users-groups, ssh ]',
    'cloud_config_modules: [ set-passwords, runcmd ]',
    'cloud_final_modules: [ package-update-upgrade-install, write-files-deferred, scripts-user, final-message ]',
    'system_info:',
    '  distro: debian',
    '  paths: { cloud_dir: /var/lib/cloud/, templates_dir: /etc/cloud/templates/ }',
    '  ssh_svcname: ssh',
    '',
  ].join('\n'),
};

/** Every machine made from it gets its own identity. */
const guestCustomise = `
set -e
systemctl enable systemd-networkd ssh
systemctl mask systemd-networkd-wait-online apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer e2scrub_reap.service
update-initramfs -u
rm -f /etc/ssh/ssh_host_*
: >/etc/machine-id
apt-get clean
rm -rf /var/lib/apt/lists/*
`;

/**
 * By name: `real-time` runs a PREEMPT_RT kernel; `generic` runs Debian's usual one and is a KVM host; `guest` is the
 * cloud image for virtual machines on it.
 * @type {Readonly<Record<'real-time' | 'generic' | 'guest', Recipe>>}
 */
export const recipes = {
  'real-time': { ...common, packages: [...packages, 'linux-image-rt-amd64'], packagesLater: [] },
  generic: {
    ...common, diskMiB: 8192, packages: [...packages, 'linux-image-amd64'], packagesLater: virtualisation,
    files: { ...files, '/etc/fstab': `${files['/etc/fstab']}LABEL=${cloudImageDisk.label} ${dirname(cloudImageDisk.path)} ext4 ro,nofail,x-systemd.device-timeout=1s 0 0\n` },
  },
  guest: {
    ...debian, diskMiB: 1536, label: 'cloud-root', user: null, packages: guestPackages, packagesLater: ['cloud-init', 'cloud-guest-utils'],
    leftOut: ['/usr/share/doc/*', '/usr/share/man/*', '/usr/share/locale/*'], files: guestFiles, customise: guestCustomise,
  },
};

/** @typedef {keyof typeof recipes} RecipeName */
