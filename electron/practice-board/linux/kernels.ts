import { diskText } from './disk-text.ts';
import type { KernelSpec, MachineSpec } from './machine-spec.ts';
import { rootCredentials, type PretendLinux } from './pretend-linux.ts';
import { seededRandom } from './random.ts';
import { TreeBuilder } from './tree-builder.ts';

/** /etc/machine-id: made at the installation; here always the same for one machine. */
export function machineIdOf({ id }: MachineSpec): string {
  const random = seededRandom([...id].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7));
  return Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('');
}

const loaderEntries = '/boot/loader/entries';

/** Every kernel this machine could run: the one it came with and those of its archive. */
const knownKernels = ({ spec }: PretendLinux): KernelSpec[] => [spec.kernel, ...(spec.archive ?? []).flatMap(({ kernel }) => (kernel === undefined ? [] : [kernel]))];

/** The kernel of an image like `/boot/vmlinuz-6.1.0-37-rt-amd64` or `/vmlinuz-…`, if that is installed. */
export function kernelOfImage(linux: PretendLinux, image: string): KernelSpec | undefined {
  const name = /(?:^|\/)(vmlinuz-[^/]+)$/.exec(image)?.[1];
  if (name === undefined || !linux.files.exists(`/boot/${name}`, rootCredentials)) return undefined;
  return knownKernels(linux).find(({ release }) => `vmlinuz-${release}` === name);
}

export const initrdName = (linux: PretendLinux, release: string): string => (linux.spec.distribution.packages === 'rpm' ? `initramfs-${release}.img` : `initrd.img-${release}`);

/** Releases with an image in /boot, the newest first. */
export function installedReleases(linux: PretendLinux): string[] {
  return linux.files.list('/boot', rootCredentials).filter((name) => name.startsWith('vmlinuz-')).map((name) => name.slice('vmlinuz-'.length)).sort(byVersion).reverse();
}

const byVersion = (one: string, other: string): number => one.localeCompare(other, 'en', { numeric: true });

/** Puts the files of a kernel on the disk; on the RHEL family also its boot entry, with the options of those there. */
export function installKernel(linux: PretendLinux, kernel: KernelSpec): void {
  const tree = new TreeBuilder(linux.files.root);
  const { release } = kernel;
  tree.text(`/boot/config-${release}`, Object.entries(kernel.config).map(([name, value]) => (value === 'n' ? `# CONFIG_${name} is not set` : `CONFIG_${name}=${value}`)).join('\n'));
  tree.text(`/boot/vmlinuz-${release}`, '', { mode: 0o644 });
  tree.text(`/boot/${initrdName(linux, release)}`, '', { mode: 0o644 });
  tree.folder(`/usr/lib/modules/${release}/kernel`);
  if (linux.spec.boot.loader !== 'bls') return;
  const [other] = loaderEntryPaths(linux);
  const options = other === undefined ? `root=${linux.spec.boot.root} ro ${linux.spec.boot.options}` : /^options\s+(.*)$/m.exec(diskText(linux, other))?.[1] ?? '';
  tree.text(`${loaderEntries}/${machineIdOf(linux.spec)}-${release}.conf`, [
    `title Red Hat Enterprise Linux (${release}) 9.4 (Plow)`, `version ${release}`, `linux /vmlinuz-${release}`, `initrd /${initrdName(linux, release)}`,
    `options ${options}`, 'grub_users $grub_users', 'grub_arg --unrestricted', 'grub_class rhel',
  ].join('\n'));
}

export function removeKernel(linux: PretendLinux, release: string): void {
  for (const path of [`/boot/config-${release}`, `/boot/vmlinuz-${release}`, `/boot/${initrdName(linux, release)}`, `${loaderEntries}/${machineIdOf(linux.spec)}-${release}.conf`]) {
    if (linux.files.exists(path, rootCredentials)) linux.files.remove(path, rootCredentials, 'file');
  }
  const modules = linux.files.find('/usr/lib/modules', rootCredentials);
  if (modules.kind === 'folder') modules.entries.delete(release);
}

/** Files of the Boot Loader Specification, in the order GRUB shows them: by version, the newest first. */
export function loaderEntryPaths(linux: PretendLinux): string[] {
  if (!linux.files.exists(loaderEntries, rootCredentials)) return [];
  const names = linux.files.list(loaderEntries, rootCredentials).filter((name) => name.endsWith('.conf'));
  const version = (name: string): string => /^version\s+(\S+)/m.exec(diskText(linux, `${loaderEntries}/${name}`))?.[1] ?? '0';
  return names.sort((one, other) => byVersion(version(other), version(one))).map((name) => `${loaderEntries}/${name}`);
}
