import { z } from 'zod';
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

/** qcow2's header as far as the size of the disk (byte 24, big-endian), then a line of JSON, which no real QEMU would read. */
export function imageText({ virtualBytes, backing, backingFormat }: Omit<DiskImage, 'format'>): string {
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE(BigInt(virtualBytes));
  return `${qcow2Magic}${'\0'.repeat(16)}${size.toString('latin1')}${Buffer.from(JSON.stringify({ backing, backingFormat }), 'utf8').toString('latin1')}\n`;
}

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
  const size = Number(Buffer.from(text.slice(24, 32).padEnd(8, '\0'), 'latin1').readBigUInt64BE());
  const words = headerOf(text.slice(32));
  return { format: 'qcow2', virtualBytes: size, backing: words.backing, backingFormat: words.backingFormat };
}

const headerSchema = z.object({ backing: z.string().optional(), backingFormat: z.string().optional() });

/** A real image that somebody copied here has no such line. */
function headerOf(text: string): { readonly backing: string | undefined; readonly backingFormat: string | undefined } {
  try {
    const read = headerSchema.safeParse(JSON.parse(Buffer.from(text.split('\n')[0] ?? '', 'latin1').toString('utf8')));
    if (read.success) return { backing: read.data.backing, backingFormat: read.data.backingFormat };
  } catch {
    // Not JSON.
  }
  return { backing: undefined, backingFormat: undefined };
}
