import { FileError } from '../files/file-error.ts';
import { rootCredentials, type PretendLinux } from '../linux/pretend-linux.ts';

/** Removes the images of a domain; gives what virsh says of each. */
export function removeImages(linux: PretendLinux, disks: readonly { readonly target: string; readonly path: string }[]): string {
  return disks.map(({ target, path }) => {
    try {
      linux.files.remove(path, rootCredentials, 'file');
      return `Volume '${target}'(${path}) removed.\n`;
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      return `error: Failed to remove storage volume '${target}'(${path})\n`;
    }
  }).join('');
}
