import { randomUUID } from 'node:crypto';
import { CodedError } from '../../../shared/contract/errors.ts';
import type { CloudImage, NewVm } from '../../../shared/model/vm.ts';
import { stampOf } from '../../../shared/model/stamp.ts';
import { imageFacts } from '../../../shared/planning/vm/create/image-facts.ts';
import { vmFiles } from '../../../shared/planning/vm/create/new-vm-names.ts';
import { newVmSeed } from '../../../shared/planning/vm/create/preview-new-vm.ts';
import { osinfoNames, virtInstallCommand } from '../../../shared/planning/vm/create/virt-install-command.ts';
import { inOneLine } from '../owner-name.ts';
import { isLinkFailure } from '../runs/link-failures.ts';
import type { BoardSession } from '../ssh/board-session.ts';
import { askBoard, type VmAnswer } from './ask-board.ts';
import { awaitGuest, type GuestAnswer, type GuestPatience } from './await-guest.ts';
import { putImage } from './put-image.ts';
import { makeScript } from './vm-make-scripts.ts';
import { vmRefusal } from './vm-refusals.ts';

export interface CreateVm {
  readonly session: BoardSession;
  readonly boardName: string;
  /** Its password is not looked at: `passwordHash` counts. */
  readonly vm: NewVm;
  readonly passwordHash: string | null;
  /** Who makes it: `user@laptop`. */
  readonly owner: string;
  readonly images: readonly CloudImage[];
  /** Where this computer keeps the images it fetched. */
  readonly cacheDirectory: string;
  readonly patience: GuestPatience;
  readonly signal: AbortSignal;
  /** The fraction never goes back; null: not known. */
  tell(fraction: number | null, message: string): void;
}

export const usualGuestPatience: GuestPatience = { answerMs: 900_000, pollMs: 2_000, sshPort: 22 };

export interface CreatedVm extends GuestAnswer {
  readonly name: string;
  /** What came of it, in words. */
  readonly words: string;
}

/** Shares of the whole work. */
const imageFrom = 0.02;
const imageTo = 0.7;

/**
 * Makes a VM on a board and waits until it answers. Each thing is in the record on the board before it is made, so that whatever
 * ends this work leaves a VM that is named as half made; called again by the same owner, it goes on from there. Errors:
 * `vm-exists`, `vm-refused`, `vm-image-unusable`, `vm-not-answering`, `libvirt-unreachable`, `libvirt-refused`,
 * `board-tool-missing`, `board-disk-full`, `board-busy`, `bad-usage`, `cancelled`, and what the session rejects with.
 */
export async function createVm(work: CreateVm): Promise<CreatedVm> {
  const { vm, boardName, signal } = work;
  const seed = newVmSeed(vm, randomUUID(), work.passwordHash);
  if (!seed.ok) throw seed.error;
  const tell = onlyForward((fraction, message) => { work.tell(fraction, message); });
  tell(0, `Looking whether ${vm.name} can be made on ${boardName}`);
  const begun = await begin(work);
  try {
    if (!begun.defined) await build({ ...work, tell }, begun);
    tell(0.8, `Starting ${vm.name}`);
    await mustSay(work, 'started', ['start', vm.name]);
    tell(0.85, `Waiting for ${vm.name}`);
    const guest = await awaitGuest({ ...work, name: vm.name, tell: (message) => { tell(null, message); } });
    await mustSay(work, 'done', ['ready', vm.name]);
    return { name: vm.name, ...guest, words: wordsFor(vm.name, boardName, guest) };
  } catch (thrown) {
    throw await leftBehind(work, signal.aborted ? cancelled(work) : CodedError.from(thrown));
  }
}

const cancelled = ({ vm, boardName, signal }: CreateVm): CodedError =>
  (signal.reason instanceof CodedError ? signal.reason : new CodedError('cancelled', `Making “${vm.name}” on ${boardName} was cancelled.`));

interface Begun { readonly directory: string; readonly uuid: string; readonly defined: boolean }

async function begin(work: CreateVm): Promise<Begun> {
  const { vm, boardName, owner } = work;
  const answer = await ask(work, ['begin', vm.name, inOneLine(owner), stampOf(new Date()), randomUUID(), vm.network, vm.purpose]);
  if (answer.word === 'exists') throw taken(answer, vm.name, boardName);
  if (answer.word !== 'begun') throw vmRefusal(answer, boardName, vm.name);
  return { directory: answer.fact('directory') ?? '', uuid: answer.fact('uuid') ?? '', defined: answer.fact('domain') === 'yes' };
}

function taken(answer: VmAnswer, name: string, boardName: string): CodedError {
  if (answer.rest[0] !== 'half') return new CodedError('vm-exists', `${boardName} has a VM “${name}” already.`, { board: boardName, state: 'Nothing was made.', next: 'Choose another name.' });
  return new CodedError('vm-exists', `“${name}” is half made on ${boardName}: ${answer.fact('owner') ?? 'someone'} began it (${answer.fact('started') ?? ''}) and came as far as “${answer.fact('phase') ?? ''}”.`, {
    board: boardName, state: 'Nothing was made.', next: 'They can go on with it by making it again; or remove it, which takes away exactly what was made. Or choose another name.',
    details: { halfMade: true, files: answer.all('file') },
  });
}

async function build(work: CreateVm, { directory, uuid }: Begun): Promise<void> {
  const { vm, boardName, tell } = work;
  const image = await putImage({ ...work, name: vm.name, image: vm.image, tell: (part, message) => { tell(part === null ? null : imageFrom + (imageTo - imageFrom) * part, message); } });
  tell(imageTo, `Making disk, seed and definition of ${vm.name}`);
  const info = await work.session.exec(makeScript, { root: 'required', reason: 'to make and remove virtual machines', args: ['info', vm.name, image], timeoutMs: 60_000, signal: work.signal });
  const facts = imageFacts(info.stdout.toString('utf8'), image);
  if (!facts.ok) throw facts.error;
  const imageGib = Math.ceil(facts.value.virtualBytes / 2 ** 30);
  if (imageGib > vm.diskGiB) {
    throw new CodedError('vm-refused', `The image is a disk of ${String(imageGib)} GiB; one of ${String(vm.diskGiB)} GiB cannot be built on it.`, { board: boardName, next: `Make the disk ${String(imageGib)} GiB or more.`, details: { field: 'diskGiB' } });
  }
  const seed = newVmSeed(vm, uuid, work.passwordHash);
  if (!seed.ok) throw seed.error;
  const files = vmFiles(directory, vm.name);
  await mustSay(work, 'done', [
    'make', vm.name, image, facts.value.format, String(vm.diskGiB), files.disk, files.seed, seed.value.userData, seed.value.metaData,
    osinfoNames(vm.osinfo).join(','), ...virtInstallCommand({ vm, uuid, files }),
  ]);
}

const ask = (work: CreateVm, args: readonly string[]): Promise<VmAnswer> => askBoard(work, makeScript, args);

async function mustSay(work: CreateVm, wanted: string, args: readonly string[]): Promise<void> {
  const answer = await ask(work, args);
  if (answer.word !== wanted) throw vmRefusal(answer, work.boardName, work.vm.name);
}

/** What a failure leaves on the board, as part of the error. A beginning that has made nothing is taken back. */
async function leftBehind({ session, boardName, vm }: CreateVm, error: CodedError): Promise<CodedError> {
  // Whoever cancelled has not cancelled the clearing up.
  const asking = { session, boardName, signal: AbortSignal.timeout(30_000) };
  const half = `“${vm.name}” is half made on ${boardName}. Making it again goes on from there; removing it takes away exactly what was made.`;
  const withState = (state: string): CodedError => new CodedError(error.code, error.message, { board: boardName, ...error.extras, state }, { cause: error });
  if (isLinkFailure(error)) return withState(half);
  const goesOn = error.code === 'cancelled' || error.extras.details?.['why'] === 'fetch';
  try {
    const phase = (await askBoard(asking, makeScript, [goesOn ? 'stop' : 'undo', vm.name])).fact('phase');
    if (phase === 'defined') return withState(error.extras.state ?? `“${vm.name}” is defined on ${boardName}. Making it again goes on from there; removing it takes away exactly what was made.`);
    return withState(phase === 'none' ? 'Nothing of it is left on the board.' : half);
  } catch {
    return withState(half);
  }
}

function wordsFor(name: string, boardName: string, { address, answers }: GuestAnswer): string {
  if (answers) return `${name} runs and answers over SSH at ${address ?? ''}, reached through ${boardName}.`;
  return `${name} runs and has the address ${address ?? ''}. Whether it answers was not seen: the SSH server of ${boardName} passes no connections on (AllowTcpForwarding).`;
}

/** A fraction that is not known stays where it was. */
function onlyForward(tell: (fraction: number, message: string) => void): (fraction: number | null, message: string) => void {
  let furthest = 0;
  return (fraction, message) => {
    furthest = Math.max(furthest, fraction ?? 0);
    tell(furthest, message);
  };
}
