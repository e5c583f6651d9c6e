import { Folder, RegularFile } from '../files/inode.ts';
import { generateGrubConfig } from './grub.ts';
import type { PretendLinux } from './pretend-linux.ts';
import { TreeBuilder } from './tree-builder.ts';

const initrd = (linux: PretendLinux): string => (linux.spec.distribution.packages === 'rpm' ? `initramfs-${linux.spec.kernel.release}.img` : `initrd.img-${linux.spec.kernel.release}`);

/** What is on the disk of a fresh installation: programs, /etc, /boot, homes. Survives a reboot. */
export function installDisk(linux: PretendLinux): void {
  const { spec, files } = linux;
  const tree = new TreeBuilder(files.root);
  const { release } = spec.kernel;
  for (const folder of ['/etc', '/var/lib', '/var/log', '/opt', '/srv', '/mnt', '/media', '/usr/local/bin', '/usr/local/sbin', '/usr/share/doc', '/usr/lib/modules']) tree.folder(folder);
  for (const [link, target] of [['/bin', 'usr/bin'], ['/sbin', 'usr/sbin'], ['/lib', 'usr/lib'], ['/lib64', 'usr/lib64']] as const) tree.link(link, target);
  tree.put('/root', new Folder({ mode: 0o700 }));
  tree.put('/home/rt', new Folder({ mode: 0o755, uid: 1000, gid: 1000 }));
  tree.put('/var/tmp', new Folder({ mode: 0o1777 }));
  for (const path of linux.programs.keys()) {
    const file = new RegularFile('\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0', { mode: path === '/usr/bin/sudo' || path === '/usr/bin/su' ? 0o4755 : 0o755 });
    file.program = path;
    tree.put(path, file);
  }
  installEtc(linux, tree);
  tree.text(`/boot/config-${release}`, Object.entries(spec.kernel.config).map(([name, value]) => (value === 'n' ? `# CONFIG_${name} is not set` : `CONFIG_${name}=${value}`)).join('\n'));
  tree.text(`/boot/vmlinuz-${release}`, '', { mode: 0o644 });
  tree.text(`/boot/${initrd(linux)}`, '', { mode: 0o644 });
  tree.folder(`/usr/lib/modules/${release}/kernel`);
  if (spec.boot.loader === 'grub') {
    tree.text('/etc/default/grub', [
      '# If you change this file, run \'update-grub\' afterwards to update', '# /boot/grub/grub.cfg.', 'GRUB_DEFAULT=0', 'GRUB_TIMEOUT=5',
      'GRUB_DISTRIBUTOR=`lsb_release -i -s 2> /dev/null || echo Debian`', `GRUB_CMDLINE_LINUX_DEFAULT="${spec.boot.options}"`, 'GRUB_CMDLINE_LINUX=""',
    ].join('\n'));
    tree.folder('/etc/default/grub.d');
    tree.text('/etc/grub.d/10_linux', '#!/bin/sh\nset -e\n', { mode: 0o755 });
    for (const [name, text] of Object.entries(spec.boot.submenuScripts ?? {})) tree.text(`/etc/grub.d/${name}`, text, { mode: 0o755 });
    tree.text('/boot/grub/grubenv', `# GRUB Environment Block\n${'#'.repeat(999)}`);
  } else {
    tree.text('/etc/default/grub', `GRUB_TIMEOUT=5\nGRUB_DEFAULT=saved\nGRUB_ENABLE_BLSCFG=true\nGRUB_CMDLINE_LINUX="${spec.boot.options}"\n`);
    tree.put('/boot/loader/entries', new Folder({ mode: 0o755 }));
    tree.text(`/boot/loader/entries/0a1b2c3d4e5f60718293a4b5c6d7e8f9-${release}.conf`, [
      `title Red Hat Enterprise Linux (${release}) 9.4 (Plow)`, `version ${release}`, `linux /vmlinuz-${release}`, `initrd /${initrd(linux)}`,
      `options root=${spec.boot.root} ro ${spec.boot.options}`, 'grub_users $grub_users', 'grub_arg --unrestricted', 'grub_class rhel',
    ].join('\n'));
    tree.text('/boot/grub2/grubenv', `# GRUB Environment Block\nsaved_entry=0a1b2c3d4e5f60718293a4b5c6d7e8f9-${release}\n${'#'.repeat(900)}`, { mode: 0o600 });
    tree.text('/boot/grub2/grub.cfg', 'set timeout=5\nload_env\nset default="${saved_entry}"\ninsmod blscfg\nblscfg\n', { mode: 0o600 });
    tree.folder('/boot/grub2').mode = 0o700;
  }
  if (spec.boot.efi) {
    tree.folder('/boot/efi/EFI').mode = 0o700;
    tree.folder('/boot/efi').mode = 0o700;
  }
  for (const [path, text] of Object.entries(spec.files)) tree.text(path, text);
  if (spec.boot.loader === 'grub') generateGrubConfig(linux);
}

function installEtc(linux: PretendLinux, tree: TreeBuilder): void {
  const { distribution, services, hostname, packages } = linux.spec;
  tree.text('/usr/lib/os-release', distribution.osRelease);
  tree.link('/etc/os-release', '../usr/lib/os-release');
  if (distribution.debianVersion !== undefined) tree.text('/etc/debian_version', distribution.debianVersion);
  if (distribution.redhatRelease !== undefined) tree.text('/etc/redhat-release', distribution.redhatRelease);
  tree.text('/etc/hostname', hostname);
  tree.text('/etc/hosts', `127.0.0.1\tlocalhost\n127.0.1.1\t${hostname}\n`);
  tree.text('/etc/passwd', 'root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\nsshd:x:101:65534::/run/sshd:/usr/sbin/nologin\nrt:x:1000:1000:Real Time,,,:/home/rt:/bin/bash\n');
  tree.text('/etc/group', 'root:x:0:\nsudo:x:27:rt\nrt:x:1000:\n');
  tree.text('/etc/shadow', 'root:*:19700:0:99999:7:::\nrt:*:19700:0:99999:7:::\n', { mode: 0o640, gid: 42 });
  tree.text('/etc/sudoers', 'Defaults\tenv_reset\n%sudo\tALL=(ALL:ALL) ALL\n', { mode: 0o440 });
  tree.text('/etc/motd', linux.spec.messageOfTheDay);
  tree.text('/etc/fstab', '/dev/nvme0n1p2 / ext4 errors=remount-ro 0 1\n');
  tree.text('/etc/machine-id', '0a1b2c3d4e5f60718293a4b5c6d7e8f9');
  tree.text('/etc/sysctl.conf', '# See /etc/sysctl.d/ for additional system variables.\n');
  tree.folder('/etc/sysctl.d');
  tree.folder('/etc/modprobe.d');
  tree.folder('/etc/security/limits.d');
  tree.text('/etc/security/limits.conf', '# <domain> <type> <item> <value>\n');
  for (const service of services) {
    tree.text(`/usr/lib/systemd/system/${service.name}.service`, `[Unit]\nDescription=${service.description}\n\n[Service]\nExecStart=${service.command ?? `/usr/sbin/${service.name}`}\n\n[Install]\nWantedBy=multi-user.target\n`);
    if (service.enabled) tree.link(`/etc/systemd/system/multi-user.target.wants/${service.name}.service`, `/usr/lib/systemd/system/${service.name}.service`);
  }
  if (distribution.packages === 'dpkg') {
    tree.text('/var/lib/dpkg/status', packages.map(([name, version]) => `Package: ${name}\nStatus: install ok installed\nPriority: optional\nArchitecture: amd64\nVersion: ${version}\n`).join('\n'));
    tree.text('/etc/apt/sources.list', distribution.debianVersion === undefined ? '' : 'deb http://deb.debian.org/debian bookworm main\n');
  } else tree.folder('/var/lib/rpm');
}
