/**
 * What the emulated board's disk is made of. Everything here is hashed: a change gives a new image, and the image of
 * an older checkout stays what it was.
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

const common = {
  suite: 'bookworm',
  architecture: 'amd64',
  /** Sparse: about 1 GB of it is written. */
  diskMiB: 4096,
  label: 'board-root',
  user: 'bench',
  files,
  customise,
  firstBoot,
};

/** What a KVM host needs. A PREEMPT_RT kernel refuses KVM in emulation: no constant TSC there. */
const virtualisation = ['libvirt-daemon-system', 'libvirt-clients', 'qemu-system-x86', 'qemu-utils', 'virtinst', 'genisoimage', 'dnsmasq-base', 'polkitd', 'busybox-static', 'cpio'];

/** By name: `real-time` runs a PREEMPT_RT kernel; `generic` runs Debian's usual one and is a KVM host. */
export const recipes = {
  'real-time': { ...common, packages: [...packages, 'linux-image-rt-amd64'], packagesLater: [] },
  generic: { ...common, diskMiB: 8192, packages: [...packages, 'linux-image-amd64'], packagesLater: virtualisation },
};

/** @typedef {keyof typeof recipes} ImageName */
/** `packagesLater`: what debootstrap cannot put in order by itself. @typedef {typeof common & { packages: string[], packagesLater: string[] }} Recipe */
