import type { Finding } from '../../model/finding.ts';
import type { Content, PackageSource, Proposal, ProposedStep } from '../../model/plan.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Capture } from '../../parsers/capture.ts';
import { boardObstacles } from './board-obstacles.ts';
import { eciKeyAddress, eciSourceSteps, isPublicKey } from './eci-source.ts';
import { keepDefault } from './keep-default.ts';
import { packagingFactsOf } from './packaging-facts.ts';
import { codenameOf, hasEciSource, realtimeChannel, type RealtimeChannel } from './realtime-channel.ts';

export interface RealtimeKernelRequest {
  readonly snapshot: Snapshot;
  readonly capture: Capture;
  readonly source: PackageSource;
  /** Intel ECI's kernel instead of the distribution's; default: as the board's sources say. */
  readonly eci?: boolean;
  /** The key of the ECI repository, for a board that does not have that source yet. */
  readonly eciKey?: Content;
}

const setting = 'kernel.realtime';
const title = 'Install a real-time kernel';
const purpose = { kind: 'change' } as const;

/**
 * Steps that install a PREEMPT_RT kernel beside the one that runs, which stays the default: the new one is tried first.
 * Refused, with every reason, where something would stop it. Total.
 */
export function proposeRealtimeKernel(request: RealtimeKernelRequest): Proposal {
  const { snapshot, capture, source } = request;
  const { kernel } = snapshot;
  if (kernel.realtime === true) return { title, purpose, steps: [], restart: 'none', notes: [`${kernel.release ?? 'The running kernel'} is a real-time kernel already.`], refused: [] };
  const channel = realtimeChannel({ snapshot, capture, fromFolder: source.kind === 'folder', eci: request.eci ?? null });
  const obstacles = boardObstacles({ snapshot, capture, source: source.kind, signedKernel: 'next' in channel || channel.signed });
  const refused = obstacles.filter((obstacle) => stops(obstacle, source)).map(({ message, fix }) => ({ setting, why: message, next: fix ?? '' }));
  if ('next' in channel) return refusal([{ setting, ...channel }, ...refused]);
  const kept = keepDefault(request);
  const sources = sourceSteps(channel, request);
  const whys = [kept, sources].flatMap((part) => ('why' in part ? [{ setting, why: part.why, next: part.next }] : []));
  if ('why' in kept || 'why' in sources || refused.length > 0) return refusal([...whys, ...refused]);
  return {
    title, purpose, refused: [],
    steps: [...sources.steps, ...kept.steps, installStep(channel, source)],
    restart: 'needed',
    notes: [
      'The kernel that runs now stays the default. Try the new one once, then make it the default.',
      ...channel.notes, ...kept.notes,
      ...obstacles.filter((obstacle) => !stops(obstacle, source)).map(({ message, fix }) => `${message} ${fix ?? ''}`.trim()),
    ],
  };
}

const refusal = (refused: Proposal['refused']): Proposal => ({ title, purpose, steps: [], restart: 'none', notes: [], refused });

/** A wrong clock does not matter to packages that come as files. */
const stops = ({ rule, severity }: Finding, source: PackageSource): boolean => severity === 'error' && !(rule === 'clock-wrong' && source.kind === 'folder');

function installStep(channel: RealtimeChannel, source: PackageSource): ProposedStep {
  const from = { board: '', laptop: ', over this computer’s connection', folder: ', from a folder' }[source.kind];
  return {
    title: `Install ${channel.packages.join(' and ')}${from}`, why: channel.why, settings: [setting], risk: 'boot',
    caution: 'It takes minutes and cannot be stopped while packages are unpacked. The initramfs and GRUB’s menu are written again by the packages.',
    action: { kind: 'packages', install: [...channel.packages], remove: [], source },
  };
}

function sourceSteps(channel: RealtimeChannel, { capture, source, eciKey }: RealtimeKernelRequest): { readonly steps: readonly ProposedStep[] } | { readonly why: string; readonly next: string } {
  const codename = codenameOf(capture);
  if (channel.id !== 'eci' || source.kind === 'folder' || hasEciSource(packagingFactsOf(capture)) || codename === null) return { steps: [] };
  if (eciKey === undefined || !isPublicKey(eciKey)) {
    return { why: eciKey === undefined ? 'The key that Intel signs the ECI repository with is not on this board.' : 'The file given as the key of the ECI repository is no public key.', next: `Fetch it from ${eciKeyAddress} and give the file.` };
  }
  return { steps: eciSourceSteps(codename, eciKey) };
}
