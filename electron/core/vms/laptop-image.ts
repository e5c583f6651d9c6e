import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CodedError } from '../../../shared/contract/errors.ts';
import type { CloudImage } from '../../../shared/model/vm.ts';
import { checksumOf, type Checksum } from '../../../shared/planning/vm/create/checksum-list.ts';
import { baseImageName } from '../../../shared/planning/vm/create/new-vm-names.ts';
import { writeAtomically, writeError } from '../project/atomic-write.ts';

/** An image as a whole file on this computer, and how it is recognised. */
export interface LaptopImage {
  readonly path: string;
  readonly checksum: Checksum;
  readonly sizeBytes: number;
}

type Tell = (fraction: number | null, message: string) => void;

/** Reads a file to its end. Errors: `file-unreadable`, and what `signal` was aborted with. */
async function checksumOfFile(path: string, algorithm: Checksum['algorithm'], signal: AbortSignal, tell: Tell = () => undefined): Promise<LaptopImage> {
  const hash = createHash(algorithm);
  let read = 0;
  try {
    const sizeBytes = (await stat(path)).size;
    for await (const chunk of createReadStream(path, { highWaterMark: 1_048_576, signal })) {
      hash.update(chunk);
      read += Buffer.byteLength(chunk);
      tell(sizeBytes === 0 ? 1 : read / sizeBytes, 'Checking the image on this computer');
    }
    return { path, checksum: { algorithm, sum: hash.digest('hex') }, sizeBytes: read };
  } catch (error) {
    signal.throwIfAborted();
    throw new CodedError('file-unreadable', `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}.`, { state: 'Nothing was sent.', next: 'Check the path and that you may read it.' }, { cause: error });
  }
}

/** An image file a person chose. Errors besides: `vm-image-unusable` when its SHA-256 is another than was given. */
export async function chosenImage(path: string, sha256: string | null, signal: AbortSignal, tell: Tell): Promise<LaptopImage> {
  const image = await checksumOfFile(path, 'sha256', signal, tell);
  if (image.sizeBytes === 0) throw new CodedError('vm-image-unusable', `${path} is empty.`, { state: 'Nothing was sent.', next: 'Choose a cloud image in qcow2 or raw form.' });
  if (sha256 !== null && sha256 !== image.checksum.sum) {
    throw new CodedError('vm-image-unusable', `${path} is not the file that was expected: its SHA-256 is ${image.checksum.sum}.`, { state: 'Nothing was sent.', next: 'Fetch it again, or correct the SHA-256.' });
  }
  return image;
}

/**
 * The image of a catalogue entry, fetched by this computer, or the newest that was fetched before where its publisher cannot
 * be reached now. Errors: `vm-image-unusable`, `disk-full`, and what `signal` was aborted with.
 */
export async function fetchedImage(image: CloudImage, directory: string, signal: AbortSignal, tell: Tell): Promise<LaptopImage> {
  await mkdir(directory, { recursive: true });
  const list = await publishedList(image, signal);
  if (list === null) {
    const kept = await newestKept(image, directory);
    if (kept === null) throw unreachable(image);
    return checked(kept.path, kept.checksum, signal, tell);
  }
  const checksum = checksumOf(list, image.fileName);
  if (!checksum.ok) throw checksum.error;
  const path = join(directory, baseImageName(image.fileName, checksum.value.sum));
  if (!await exists(path)) {
    await download(image, `${path}.part`, signal, tell);
    await checked(`${path}.part`, checksum.value, signal, tell);
    await writeAtomically(`${path}.checksum`, `${checksum.value.algorithm} ${checksum.value.sum}\n`);
    await rename(`${path}.part`, path);
  }
  return checked(path, checksum.value, signal, tell);
}

async function checked(path: string, wanted: Checksum, signal: AbortSignal, tell: Tell): Promise<LaptopImage> {
  const image = await checksumOfFile(path, wanted.algorithm, signal, tell);
  if (image.checksum.sum === wanted.sum) return image;
  await rm(path, { force: true });
  throw new CodedError('vm-image-unusable', 'The image that was fetched is not the one its publisher lists: its checksum is another.', { state: 'It was removed again.', next: 'Try again: it was damaged on the way, or is just being replaced by a new build.' });
}

async function publishedList({ checksumsUrl }: CloudImage, signal: AbortSignal): Promise<string | null> {
  try {
    const answer = await fetch(checksumsUrl, { signal: AbortSignal.any([signal, AbortSignal.timeout(60_000)]) });
    // What a checksum is worth depends on how it came.
    if (!answer.ok || (checksumsUrl.startsWith('https:') && !answer.url.startsWith('https:'))) return null;
    return await answer.text();
  } catch {
    signal.throwIfAborted();
    return null;
  }
}

async function newestKept(image: CloudImage, directory: string): Promise<{ path: string; checksum: Checksum } | null> {
  const begin = baseImageName(image.fileName, '').replace(/\.img$/, '');
  const names = (await readdir(directory)).filter((name) => name.startsWith(begin) && name.endsWith('.img.checksum'));
  const found = await Promise.all(names.map(async (name) => {
    const path = join(directory, name.slice(0, -'.checksum'.length));
    const [, algorithm, sum] = /^(sha256|sha512) ([0-9a-f]{64,128})\s*$/.exec(await readFile(join(directory, name), 'utf8')) ?? [];
    const at = await stat(path).catch(() => null);
    if (at === null || sum === undefined || (algorithm !== 'sha256' && algorithm !== 'sha512')) return null;
    return { path, checksum: { algorithm, sum } as const, at: at.mtimeMs };
  }));
  return found.filter((one) => one !== null).sort((a, b) => b.at - a.at)[0] ?? null;
}

/** Goes on with what is there (RFC 9110 §14.2); a server that does not know how begins anew. */
async function download(image: CloudImage, path: string, signal: AbortSignal, tell: Tell): Promise<void> {
  let there = await stat(path).then(({ size }) => size, () => 0);
  const answer = await fetch(image.url, { signal, ...(there > 0 ? { headers: { Range: `bytes=${String(there)}-` } } : {}) }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw unreachable(image, error);
  });
  // 416: there is nothing left to fetch; whether that is right, the checksum tells.
  if (answer.status === 416) return;
  if (!answer.ok || answer.body === null) throw unreachable(image, new Error(`status ${String(answer.status)}`));
  if (answer.status !== 206) there = 0;
  const totalBytes = there + Number(answer.headers.get('content-length') ?? 'NaN');
  const file = await open(path, there === 0 ? 'w' : 'a').catch((error: unknown) => { throw writeError(path, error); });
  try {
    for await (const chunk of answer.body) {
      await file.write(chunk).catch((error: unknown) => { throw writeError(path, error); });
      there += chunk.length;
      tell(Number.isFinite(totalBytes) ? there / totalBytes : null, `Fetching ${image.title} to this computer`);
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof CodedError) throw error;
    throw unreachable(image, error);
  } finally {
    await file.close();
  }
}

const unreachable = (image: CloudImage, cause?: unknown): CodedError => new CodedError('vm-image-unusable', `${image.title} could not be fetched from ${new URL(image.url).host}${cause instanceof Error ? ` (${cause.message})` : ''}.`, {
  state: 'What was fetched so far is kept on this computer; the next attempt goes on from there.', next: 'Check this computer’s connection to the internet, or use an image file that you have.',
}, { cause });

const exists = (path: string): Promise<boolean> => stat(path).then(() => true, () => false);
