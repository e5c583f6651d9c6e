import type { RegularFile } from '../files/inode.ts';
import { rootCredentials, type PretendLinux } from '../linux/pretend-linux.ts';

/** A disk image as far as a practice board keeps one: a short header instead of what a disk would hold. */
export interface DiskImage {
  readonly format: 'qcow2' | 'raw';
  readonly virtualBytes: number;
  readonly backing: string | undefined;
  readonly backingFormat: string | undefined;
}

const qcow2Magic = 'QFI\xfb\0\0\0\x03';

/** The header of a practice image, after qcow2's magic number: JSON, which no real QEMU would read. */
export const imageText = ({ virtualBytes, backing, backingFormat }: Omit<DiskImage, 'format'>): string =>
  `${qcow2Magic}${Buffer.from(JSON.stringify({ virtualBytes, backing, backingFormat }), 'utf8').toString('latin1')}\n`;

/** The image at a path; undefined when there is no file. A file without qcow2's magic number is a raw one. */
export function imageAt(linux: PretendLinux, path: string): DiskImage | undefined {
  let file: RegularFile;
  try {
    const inode = linux.files.find(path, rootCredentials);
    if (inode.kind !== 'file') return undefined;
    file = inode;
  } catch {
    return undefined;
  }
  const text = file.read(0, 65_536);
  if (!text.startsWith('QFI\xfb')) return { format: 'raw', virtualBytes: Math.ceil(file.size / 512) * 512, backing: undefined, backingFormat: undefined };
  // A real image that somebody copied here: its size stands at byte 24, big-endian.
  const size = Number(Buffer.from(text.slice(24, 32), 'latin1').readBigUInt64BE());
  const own = text.startsWith(qcow2Magic) ? readHeader(text.slice(qcow2Magic.length)) : undefined;
  return own ?? { format: 'qcow2', virtualBytes: size, backing: undefined, backingFormat: undefined };
}

function readHeader(text: string): DiskImage | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'latin1').toString('utf8'));
    if (typeof value !== 'object' || value === null || !('virtualBytes' in value) || typeof value.virtualBytes !== 'number') return undefined;
    const word = (name: 'backing' | 'backingFormat'): string | undefined => {
      const found: unknown = name in value ? Object.entries(value).find(([key]) => key === name)?.[1] : undefined;
      return typeof found === 'string' ? found : undefined;
    };
    return { format: 'qcow2', virtualBytes: value.virtualBytes, backing: word('backing'), backingFormat: word('backingFormat') };
  } catch {
    return undefined;
  }
}
