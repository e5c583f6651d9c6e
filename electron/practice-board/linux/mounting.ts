import { diskText } from './disk-text.ts';
import { rootCredentials, type PretendLinux } from './pretend-linux.ts';
import { FileError } from '../files/file-error.ts';

/** Mounts what is played: resctrl and hugetlbfs; everything else is there already. Errors: FileError. */
export function mountAt(linux: PretendLinux, target: string, type: string, options: readonly string[]): void {
  if (target === '/sys/fs/resctrl') linux.resctrl.mount(options);
  const size = options.find((option) => option.startsWith('pagesize='))?.slice(9);
  if (type === 'hugetlbfs') linux.mounts.add(`hugetlbfs ${size === undefined ? linux.defaultHugePageKib : /^1(?:G|024M)$/.test(size) ? 1_048_576 : 2048} ${target}`);
}

/** Whether something that is played is mounted there. */
export const isMounted = (linux: PretendLinux, target: string): boolean => (target === '/sys/fs/resctrl' ? linux.mounts.has('resctrl') : [...linux.mounts].some((one) => one.endsWith(` ${target}`)));

/** Gives whether there was anything to unmount. */
export function unmountAt(linux: PretendLinux, target: string): boolean {
  if (target === '/sys/fs/resctrl') return linux.resctrl.unmount();
  const found = [...linux.mounts].find((one) => one.endsWith(` ${target}`));
  return found !== undefined && linux.mounts.delete(found);
}

/** Mounts of /etc/fstab, as a boot does them; what cannot be mounted is noted in the journal. */
export function mountFstab(linux: PretendLinux): void {
  for (const line of diskText(linux, '/etc/fstab').split('\n')) {
    const [, target = '', type = '', options = ''] = line.trim().split(/\s+/);
    if (line.startsWith('#') || !['resctrl', 'hugetlbfs'].includes(type)) continue;
    try {
      linux.files.find(target, rootCredentials);
      mountAt(linux, target, type, options.split(','));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      linux.log(`systemd[1]: Failed to mount ${target}: ${error.text}`);
    }
  }
}
