import { Folder } from '../files/inode.ts';
import { imageText } from '../libvirt/disk-image.ts';
import { defineDomain } from '../libvirt/domain-definition.ts';
import { nameOf } from '../libvirt/domain-numbers.ts';
import { formatNode } from '../libvirt/xml-node.ts';
import { freshSources, writeGrubConfig } from './grub.ts';
import { writeEnvironment } from './grub-menu.ts';
import { installKernel, machineIdOf } from './kernels.ts';
import { installService, unpackFiles, writePackageDatabase } from './packages.ts';
import type { PretendLinux } from './pretend-linux.ts';
import { programFile } from './program-file.ts';
import { TreeBuilder } from './tree-builder.ts';

/** The header of a generated grub.cfg where entries are files of their own. */
const blsConfig = [
  'set timeout=5', 'if [ -s $prefix/grubenv ]; then', '  load_env', 'fi', 'if [ "${next_entry}" ] ; then', '   set default="${next_entry}"', '   set next_entry=', '   save_env next_entry', '   set boot_once=true', 'else',
  '   set default="${saved_entry}"', 'fi', 'insmod blscfg', 'blscfg', 'if [ -f  ${config_directory}/custom.cfg ]; then', '  source ${config_directory}/custom.cfg', 'elif [ -z "${config_directory}" -a -f  $prefix/custom.cfg ]; then', '  source $prefix/custom.cfg', 'fi', '',
].join('\n');

/** What is on the disk of a fresh installation: programs, /etc, /boot, homes. Survives a reboot. */
export function installDisk(linux: PretendLinux): void {
  const { spec, files } = linux;
  const tree = new TreeBuilder(files.root);
  for (const folder of ['/etc', '/var/lib', '/var/log', '/opt', '/srv', '/mnt', '/media', '/usr/local/bin', '/usr/local/sbin', '/usr/share/doc', '/usr/lib/modules']) tree.folder(folder);
  for (const [link, target] of [['/bin', 'usr/bin'], ['/sbin', 'usr/sbin'], ['/lib', 'usr/lib'], ['/lib64', 'usr/lib64']] as const) tree.link(link, target);
  tree.put('/root', new Folder({ mode: 0o700 }));
  tree.put('/home/rt', new Folder({ mode: 0o755, uid: 1000, gid: 1000 }));
  tree.put('/var/tmp', new Folder({ mode: 0o1777 }));
  for (const path of linux.programs.keys()) {
    tree.put(path, programFile(path));
  }
  installEtc(linux, tree);
  if (spec.boot.loader === 'grub') {
    tree.text('/etc/default/grub', [
      '# If you change this file, run \'update-grub\' afterwards to update', '# /boot/grub/grub.cfg.', 'GRUB_DEFAULT=0', 'GRUB_TIMEOUT=5',
      'GRUB_DISTRIBUTOR=`lsb_release -i -s 2> /dev/null || echo Debian`', `GRUB_CMDLINE_LINUX_DEFAULT="${spec.boot.options}"`, 'GRUB_CMDLINE_LINUX=""',
    ].join('\n'));
    tree.folder('/etc/default/grub.d');
    for (const name of ['00_header', '10_linux', '41_custom']) tree.text(`/etc/grub.d/${name}`, '#!/bin/sh\nset -e\n', { mode: 0o755 });
    tree.text('/etc/grub.d/40_custom', '#!/bin/sh\nexec tail -n +3 $0\n# This file provides an easy way to add custom menu entries.\n', { mode: 0o755 });
    for (const [name, text] of Object.entries(spec.boot.submenuScripts ?? {})) tree.text(`/etc/grub.d/${name}`, text, { mode: 0o755 });
    tree.folder('/boot/grub');
    writeEnvironment(linux, new Map());
  } else {
    tree.text('/etc/default/grub', `GRUB_TIMEOUT=5\nGRUB_DEFAULT=saved\nGRUB_ENABLE_BLSCFG=true\nGRUB_CMDLINE_LINUX="${spec.boot.options}"\n`);
    tree.put('/boot/loader/entries', new Folder({ mode: 0o755 }));
    tree.folder('/boot/grub2').mode = 0o700;
    writeEnvironment(linux, new Map([['saved_entry', `${machineIdOf(spec)}-${spec.kernel.release}`]]));
    tree.text('/boot/grub2/grub.cfg', blsConfig, { mode: 0o600 });
  }
  if (spec.boot.efi) {
    tree.folder('/boot/efi/EFI').mode = 0o700;
    tree.folder('/boot/efi').mode = 0o700;
  }
  for (const [path, text] of Object.entries(spec.files)) tree.text(path, text);
  installVirtualMachines(linux);
  installKernel(linux, spec.kernel);
  if (spec.boot.loader === 'grub') writeGrubConfig(linux, freshSources(linux));
}

/** What somebody has made with libvirt before; a definition is taken in as one is later, whatever runs yet. */
function installVirtualMachines(linux: PretendLinux): void {
  const { virtualMachines } = linux.spec;
  if (virtualMachines === undefined) return;
  const tree = new TreeBuilder(linux.files.root);
  for (const [path, gib] of Object.entries(virtualMachines.images)) tree.text(path, imageText({ virtualBytes: gib * 2 ** 30, backing: undefined, backingFormat: undefined }), { mode: 0o600 });
  for (const xml of virtualMachines.domains) {
    const domain = defineDomain(xml, false, linux.hypervisor);
    linux.hypervisor.definitions.write(nameOf(domain), formatNode(domain), `virsh edit ${nameOf(domain)}`);
  }
  for (const name of virtualMachines.autostartNetworks) linux.hypervisor.networks.files.setAutostart(name, true);
}

function installEtc(linux: PretendLinux, tree: TreeBuilder): void {
  const { distribution, services, hostname } = linux.spec;
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
  tree.text('/etc/machine-id', machineIdOf(linux.spec));
  tree.text('/etc/sysctl.conf', '# See /etc/sysctl.d/ for additional system variables.\n');
  tree.folder('/etc/sysctl.d');
  for (const folder of ['/etc/modprobe.d', '/etc/modules-load.d', '/etc/tmpfiles.d', '/etc/udev/rules.d', '/usr/lib/sysctl.d', '/usr/lib/tmpfiles.d']) tree.folder(folder);
  tree.folder('/etc/security/limits.d');
  tree.text('/etc/security/limits.conf', '# <domain> <type> <item> <value>\n');
  for (const service of services) installService(tree, service);
  for (const one of linux.spec.archive ?? []) if (linux.packages.has(one.name)) unpackFiles(linux, one);
  if (distribution.packages === 'dpkg') {
    writePackageDatabase(linux);
    tree.text('/etc/apt/sources.list', distribution.debianVersion === undefined ? '' : 'deb http://deb.debian.org/debian bookworm main\n');
  } else tree.folder('/var/lib/rpm');
}
