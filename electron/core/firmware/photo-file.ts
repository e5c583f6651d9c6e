import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CodedError } from '../../../shared/contract/errors.ts';
import { maximumPhotoBytes, type Photo } from '../../../shared/model/checklist.ts';
import { errnoOf, writeAtomically } from '../project/atomic-write.ts';

type PhotoType = Photo['mediaType'];
const endings: Readonly<Record<PhotoType, string>> = { 'image/jpeg': 'jpg', 'image/png': 'png', 'image/webp': 'webp' };

/** What a file is by its first bytes; null when it is none of the pictures that are taken. */
export function photoType(bytes: Uint8Array): PhotoType | null {
  const begins = (at: number, ...expected: number[]) => expected.every((byte, index) => bytes[at + index] === byte);
  if (begins(0, 0xff, 0xd8, 0xff)) return 'image/jpeg';
  if (begins(0, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'image/png';
  return begins(0, 0x52, 0x49, 0x46, 0x46) && begins(8, 0x57, 0x45, 0x42, 0x50) ? 'image/webp' : null;
}

/** Puts a photo into the project under its own SHA-256: the same picture is kept once. Errors: `too-large`, `bad-request`, `disk-full`. */
export async function savePhoto(directory: string, bytes: Uint8Array): Promise<Photo> {
  if (bytes.length > maximumPhotoBytes) throw new CodedError('too-large', `The photo has ${(bytes.length / 1e6).toFixed(1)} MB; at most ${maximumPhotoBytes / 1e6} MB are taken.`, { state: 'Nothing was stored.', next: 'Take it smaller, or cut it to the screen.' });
  const mediaType = photoType(bytes);
  if (mediaType === null) throw new CodedError('bad-request', 'This is no JPEG, PNG or WebP picture.', { state: 'Nothing was stored.', next: 'Choose a photo of the screen.' });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const file = `attachments/${sha256}.${endings[mediaType]}`;
  await writeAtomically(join(directory, file), bytes);
  return { file, sha256, mediaType, sizeBytes: bytes.length };
}

/** Reads a photo and checks that it is the one that was attached. Error: `file-unreadable`. */
export async function readPhoto(directory: string, photo: Photo): Promise<Buffer> {
  const path = join(directory, photo.file);
  const bytes = await stat(path).then(({ size }) => (size === photo.sizeBytes ? readFile(path) : null)).catch((thrown: unknown) => {
    throw new CodedError('file-unreadable', `The photo ${photo.file} cannot be read (${errnoOf(thrown) ?? String(thrown)}).`, { next: 'Attach it again.' }, { cause: thrown });
  });
  if (bytes === null || createHash('sha256').update(bytes).digest('hex') !== photo.sha256) {
    throw new CodedError('file-unreadable', `The photo ${photo.file} is not the one that was attached: its SHA-256 differs.`, { next: 'Restore it from a copy of the project, or attach it again.' });
  }
  return bytes;
}
