import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

export interface RawFile { name: string; sizeBytes: number; text: string; truncated: boolean }

/** A window shows this much of a file; the whole of it is in the run's folder. */
const shownBytes = 200_000;

/** The files of a run's folder, as a person may read them: the journal is the raw output of all segments with its framing. */
export async function readRawFiles(directory: string): Promise<RawFile[]> {
  const names = (await readdir(directory)).filter((name) => !name.startsWith('.')).sort();
  return Promise.all(names.map((name) => readBeginning(directory, name)));
}

async function readBeginning(directory: string, name: string): Promise<RawFile> {
  const handle = await open(join(directory, name), 'r');
  try {
    const { size } = await handle.stat();
    const buffer = Buffer.alloc(Math.min(size, shownBytes));
    await handle.read(buffer, 0, buffer.length, 0);
    return { name, sizeBytes: size, text: buffer.toString('utf8'), truncated: size > buffer.length };
  } finally {
    await handle.close();
  }
}
