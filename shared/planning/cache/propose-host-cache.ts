import type { Proposal, ProposedStep, Refused } from '../../model/plan.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Capture } from '../../parsers/capture.ts';
import { fileStep, generateStep, unitStep, type StepWords } from '../../settings/support/steps.ts';
import { checkShares } from './check-host-shares.ts';
import { allocationOf, type Allocation, type CacheResource } from './allocation.ts';
import { hostCacheService, hostCacheUnit, mountUnit, mountUnitLines, unitFolder } from './host-cache-units.ts';

export interface HostCacheRequest {
  readonly snapshot: Pick<Snapshot, 'resctrl' | 'cpus' | 'virtualisation' | 'kernel' | 'caches'>;
  readonly capture: Capture;
  readonly resource: CacheResource;
  /** By cache id: hexadecimal masks; for `MB` by node id, decimal percent. */
  readonly masks: Readonly<Record<string, string>>;
}

const titles: Readonly<Record<CacheResource, string>> = { L2: 'The host’s share of the L2 caches', L3: 'The host’s share of the L3 cache', MB: 'The host’s share of memory bandwidth' };

/**
 * What the host itself, and every VM without a share of its own, keeps of a cache or of the memory's bandwidth: written
 * live, and by a service at every start before libvirt looks for free ways. Refused, with every reason, where the board
 * cannot do it or would not take it. Sources: kernel, “User Interface for Resource Control feature”; libvirt virresctrl.c.
 */
export function proposeHostCache(request: HostCacheRequest): Proposal {
  const title = titles[request.resource];
  const nothing: Proposal = { title, purpose: { kind: 'change' }, steps: [], restart: 'none', notes: [], refused: [] };
  const refusedWith = (reasons: ReadonlyArray<Omit<Refused, 'setting'>>): Proposal => ({ ...nothing, refused: reasons.map((reason) => ({ setting: title, ...reason })) });
  const allocation = allocationOf(request);
  if ('why' in allocation) return refusedWith([allocation]);
  const { initSystem } = request.snapshot.kernel;
  if (initSystem !== null && initSystem !== undefined && initSystem !== 'systemd') {
    return refusedWith([{ why: `This board is started by ${initSystem}, not by systemd: what holds with every start cannot be written by us.`, next: 'Write the masks to /sys/fs/resctrl/schemata in its own start scripts, before libvirt (OpenRC: /etc/local.d).' }]);
  }
  const { problems, notes } = checkShares(request, allocation);
  if (problems.length > 0) return refusedWith(problems);
  return { ...nothing, steps: stepsOf(request, allocation), notes: [...notes, ...mountNotes(allocation)] };
}

function stepsOf({ resource, masks }: HostCacheRequest, { lines: names, isMounted, mountOptions }: Allocation): ProposedStep[] {
  const words: StepWords = {
    id: '', risk: 'performance', why: 'A part of the cache is a VM’s own only where the host’s own group does not have it too: libvirt gives VMs what that group leaves free.',
    caution: 'Everything on the host, and every VM without a share of its own, has no more than this from now on. Lines cached elsewhere stay until they are pushed out.',
  };
  const shares = Object.entries(masks).map(([id, mask]) => `${String(Number(id))}=${mask}`).sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10)).join(';');
  const lines = names.map((name) => `${name}:${shares}`);
  const live = lines.map((line): ProposedStep => ({ title: `Set ${line}`, why: words.why, settings: [], risk: 'performance', caution: words.caution ?? '', action: { kind: 'schemata', line } }));
  const unit = hostCacheUnit(resource);
  const keep = { ...words, why: 'The masks are forgotten with every start; they are to stand before libvirt starts the first VM.', caution: '' };
  const files = [
    fileStep(keep, `${unitFolder}/${mountUnit}`, mountUnitLines(mountOptions)),
    fileStep(keep, `${unitFolder}/${unit}`, hostCacheService(resource, lines)),
    generateStep(keep, 'daemon-reload', 'Let systemd read the units again'),
  ];
  const mount = unitStep(isMounted ? keep : { ...keep, why: 'The kernel shows and takes shares only where resctrl is mounted.', caution: 'Undoing unmounts it, which takes every VM’s share away with it.' }, mountUnit, true);
  const service = unitStep(keep, unit, true);
  // What the kernel does not take is refused before anything else is done, where that can be asked already.
  return (isMounted ? [...live, ...files, mount, service] : [...files, mount, ...live, service]).map((step) => ({ ...step, settings: [] }));
}

const mountNotes = ({ isMounted }: Allocation): string[] => (isMounted ? [] : [
  'resctrl is not mounted yet: the masks are checked by the kernel when they are written, and everything is put back where it refuses them.',
  'A libvirt that runs already does not know of resctrl: restart it (VMs go on), or ask it for virsh capabilities once.',
]);
