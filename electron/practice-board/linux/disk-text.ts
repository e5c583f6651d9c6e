import { rootCredentials, type PretendLinux } from './pretend-linux.ts';

/** The text of a file on the disk as root reads it; '' when it is not there. */
export function diskText(linux: PretendLinux, path: string): string {
  try {
    const inode = linux.files.find(path, rootCredentials);
    return inode.kind === 'file' ? inode.read(0) : '';
  } catch {
    return '';
  }
}

/** Names in a folder of the disk that end like this, in the order of their bytes; none when there is no such folder. */
export function diskNames(linux: PretendLinux, folder: string, ending: string): string[] {
  try {
    return linux.files.list(folder, rootCredentials).filter((name) => name.endsWith(ending)).sort();
  } catch {
    return [];
  }
}
