import { CodedError } from '../../../shared/contract/errors.ts';
import type { CloudImage, ImageSource } from '../../../shared/model/vm.ts';
import { checksumOf } from '../../../shared/planning/vm/create/checksum-list.ts';
import { baseImageName } from '../../../shared/planning/vm/create/new-vm-names.ts';
import { isLinkFailure, pauseBeforeRetry } from '../runs/link-failures.ts';
import { askBoard, linkTries, readAnswer, vmRoot, type BoardAsking, type VmAnswer } from './ask-board.ts';
import { chosenImage, fetchedImage, type LaptopImage } from './laptop-image.ts';
import { imageScript } from './vm-make-scripts.ts';
import { vmRefusal } from './vm-refusals.ts';

export interface PutImage extends BoardAsking {
  readonly name: string;
  readonly image: ImageSource;
  readonly images: readonly CloudImage[];
  /** Where this computer keeps the images it fetched. */
  readonly cacheDirectory: string;
  readonly signal: AbortSignal;
  /** Part of this work that is done, 0 to 1; null: not known. */
  tell(fraction: number | null, message: string): void;
}

const touchEveryMs = 300_000;

/**
 * Sees to it that the image of a new VM is whole on its board, wherever it comes from. Gives its path there. Errors:
 * `vm-image-unusable`, `board-disk-full`, `file-unreadable`, `sftp-refused`, `board-tool-missing`, and what asking gives.
 */
export async function putImage(work: PutImage): Promise<string> {
  const { image, signal, tell } = work;
  if (image.kind === 'board-file') {
    tell(null, `Checking ${image.path} on ${work.boardName}`);
    return pathOf(work, await ask(work, ['use', work.name, image.path, 'sha256', image.sha256 ?? '-']));
  }
  if (image.kind === 'laptop-file') {
    const chosen = await chosenImage(image.path, image.sha256, signal, (fraction, message) => { tell(fraction === null ? null : fraction * 0.2, message); });
    return send(work, chosen, baseImageName(image.path, chosen.checksum.sum), 0.2);
  }
  const known = work.images.find(({ id }) => id === image.id);
  if (known === undefined) throw new CodedError('bad-usage', `The catalogue has no image “${image.id}”.`, { next: 'Choose one of the list.' });
  if (image.fetchedBy === 'board') return fetchOnBoard(work, known);
  const fetched = await fetchedImage(known, work.cacheDirectory, signal, (fraction, message) => { tell(fraction === null ? null : fraction * 0.5, message); });
  return send(work, fetched, baseImageName(known.fileName, fetched.checksum.sum), 0.5);
}

const ask = (work: PutImage, args: readonly string[]): Promise<VmAnswer> => askBoard(work, imageScript, args);

function pathOf({ boardName, name }: PutImage, answer: VmAnswer): string {
  if (answer.word === 'have') return answer.rest.join(' ');
  throw vmRefusal(answer, boardName, name);
}

async function send(work: PutImage, { path, checksum, sizeBytes }: LaptopImage, fileName: string, from: number): Promise<string> {
  const { session, name, boardName, signal, tell } = work;
  const prepare = (): Promise<VmAnswer> => ask(work, ['prepare', name, fileName, String(sizeBytes)]);
  const ready = await prepare();
  if (ready.word !== 'put') return pathOf(work, ready);
  const remotePath = ready.rest.slice(1).join(' ');
  let touched = performance.now();
  for (let attempt = 1; ; attempt += 1) {
    try {
      await session.upload({
        localPath: path, remotePath, signal,
        onProgress: (sent, total) => {
          if (sent > 0) attempt = 1;
          tell(from + (1 - from) * 0.95 * (total === 0 ? 1 : sent / total), `Sending the image to ${boardName}: ${mib(sent)} of ${mib(total)} MiB`);
          if (performance.now() - touched < touchEveryMs) return;
          touched = performance.now();
          // So that nobody takes the board for deserted.
          void prepare().catch(() => undefined);
        },
      });
      break;
    } catch (thrown) {
      const error = CodedError.from(thrown);
      if (!isLinkFailure(error) || attempt >= linkTries) throw error;
      await pauseBeforeRetry(session, attempt, signal);
    }
  }
  tell(0.97, `Checking the image on ${boardName}`);
  return pathOf(work, await ask(work, ['take', name, fileName, checksum.algorithm, checksum.sum]));
}

async function fetchOnBoard(work: PutImage, image: CloudImage): Promise<string> {
  const { session, boardName, name, signal, tell } = work;
  tell(null, `${boardName} asks ${new URL(image.checksumsUrl).host} for its list of checksums`);
  const listed = await ask(work, ['list', name, image.checksumsUrl]);
  if (listed.word === 'refused') throw vmRefusal(listed, boardName, name);
  if (listed.rest[0] !== '0') {
    throw new CodedError('vm-image-unusable', `${boardName} could not fetch ${image.checksumsUrl}: ${listed.text().trim().split('\n').slice(0, -1).join(' ').trim().slice(0, 300)}`, {
      board: boardName, next: 'Has the board a way to that server, and the right time? If not, let this computer fetch the image, or send an image file.',
    });
  }
  const checksum = checksumOf(listed.text(), image.fileName);
  if (!checksum.ok) throw checksum.error;
  const args = ['fetch', name, image.url, baseImageName(image.fileName, checksum.value.sum), checksum.value.algorithm, checksum.value.sum];
  for (let attempt = 1; ; attempt += 1) {
    let said = '';
    try {
      const stream = await session.stream(imageScript, {
        ...vmRoot, args, signal,
        onStdout: (chunk) => {
          said += chunk.toString('utf8');
          const [, at, total] = /^at (\d+) (\d+)$/m.exec(said.slice(said.lastIndexOf('\nat ') + 1)) ?? [];
          if (said.endsWith('checking\n')) tell(0.97, `Checking the image on ${boardName}`);
          else if (at !== undefined && Number(total) > 0) tell(0.95 * Math.min(1, Number(at) / Number(total)), `${boardName} fetches ${image.title}: ${mib(Number(at))} of ${mib(Number(total))} MiB`);
          else if (at !== undefined) tell(null, `${boardName} fetches ${image.title}: ${mib(Number(at))} MiB`);
          if (Number(at) > 0) attempt = 1;
        },
      });
      const result = await stream.done;
      return pathOf(work, readAnswer(imageScript, { ...result, stdout: Buffer.from(said) }, boardName));
    } catch (thrown) {
      const error = CodedError.from(thrown);
      if (!isLinkFailure(error) || attempt >= linkTries) throw error;
      await pauseBeforeRetry(session, attempt, signal);
    }
  }
}

const mib = (bytes: number): string => (bytes / 1_048_576).toFixed(0);
