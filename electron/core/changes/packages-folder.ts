import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CodedError } from '../../../shared/contract/errors.ts';
import type { BoardSession } from '../ssh/board-session.ts';
import { callPackages } from './packages-call.ts';

interface PackageFile { readonly path: string; readonly name: string; readonly sizeBytes: number }

/** x86 boards: files made for other machines are left out by the name's last part. */
const ours = /(?:_(?:amd64|all|i386)\.deb|\.(?:x86_64|noarch|i686)\.rpm)$/;
const anyPackage = /\.(?:deb|rpm)$/;
const pieceBytes = 512 * 1024;

/** The package files of a folder on this computer. Errors: `file-unreadable`. */
export async function packageFiles(directory: string): Promise<PackageFile[]> {
  try {
    const names = (await readdir(directory)).filter((name) => ours.test(name) || (anyPackage.test(name) && !/[._](?:arm64|armhf|aarch64|riscv64|ppc64el|ppc64le|s390x|src)\.(?:deb|rpm)$/.test(name)));
    const files = await Promise.all(names.sort().map(async (name) => ({ name, path: join(directory, name), sizeBytes: (await stat(join(directory, name))).size })));
    if (files.length > 0) return files;
  } catch (error) {
    throw new CodedError('file-unreadable', `The folder ${directory} cannot be read: ${error instanceof Error ? error.message : String(error)}.`, { state: 'Nothing was changed.', next: 'Check the path and that you may read it.' }, { cause: error });
  }
  throw new CodedError('file-unreadable', `There is no package for this kind of machine (.deb or .rpm) in ${directory}.`, {
    state: 'Nothing was changed.', next: 'Put the packages and those they depend on there: apt-get download NAME, or dnf download --resolve NAME, on a machine like the board.',
  });
}

interface SendOptions { readonly session: BoardSession; readonly key: string; readonly directory: string; readonly boardName: string; readonly signal?: AbortSignal | undefined; tell(part: number, name: string): void }

/**
 * Sends every package file of a folder into our own folder on the board, in pieces, under names of ours; size and SHA-256
 * of what arrived are compared. Errors: `file-unreadable`, `board-disk-full`, `packages-failed`, and the session's.
 */
export async function sendPackageFiles({ session, key, directory, boardName, signal, tell }: SendOptions): Promise<void> {
  const files = await packageFiles(directory);
  const totalBytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  let sentBytes = 0;
  for (const [place, file] of files.entries()) {
    const name = `${String(place + 1).padStart(4, '0')}${file.name.slice(file.name.lastIndexOf('.'))}`;
    const hash = createHash('sha256');
    let offset = 0;
    for await (const piece of pieces(file)) {
      hash.update(piece);
      const [word, ...rest] = await callPackages(session, ['put', key, name, String(offset), piece.toString('base64')], signal);
      if (word !== 'at') throw new CodedError('board-disk-full', `${boardName} could not keep ${file.name}: ${rest.join(' ')}.`, { board: boardName, state: 'Nothing was installed.', next: 'Free space on the board and try again.' });
      offset += piece.length;
      sentBytes += piece.length;
      tell(totalBytes === 0 ? 1 : sentBytes / totalBytes, file.name);
    }
    const [, sizeBytes, sha256] = await callPackages(session, ['sum', key, name], signal);
    if (Number(sizeBytes) !== offset || sha256 !== hash.digest('hex')) {
      throw new CodedError('packages-failed', `${file.name} did not arrive on ${boardName} as it was sent.`, { board: boardName, state: 'Nothing was installed.', next: 'Try again; if it happens again, look at the board’s disk.' });
    }
  }
}

async function* pieces(file: PackageFile): AsyncGenerator<Buffer> {
  try {
    for await (const piece of createReadStream(file.path, { highWaterMark: pieceBytes })) yield Buffer.from(piece);
  } catch (error) {
    throw new CodedError('file-unreadable', `${file.path} cannot be read: ${error instanceof Error ? error.message : String(error)}.`, { state: 'Nothing was installed.', next: 'Check the file and try again.' }, { cause: error });
  }
}
