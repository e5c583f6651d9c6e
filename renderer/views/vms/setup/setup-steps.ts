import type { SavedCpuMap } from '../../../../shared/model/cpu-map.ts';
import type { Snapshot } from '../../../../shared/model/snapshot.ts';
import type { VmHostReport, VmReport } from '../../../../shared/planning/vm/vm-report.ts';

export const setupStepIds = ['host', 'what', 'make', 'cpus', 'tune', 'start', 'checks'] as const;
export type SetupStepId = (typeof setupStepIds)[number];

/** `done`: nothing is left to do there; `open`: the next thing to do; `later`: something before it comes first. */
export interface SetupStep { readonly id: SetupStepId; readonly title: string; readonly state: 'done' | 'open' | 'later'; readonly words: string }

export interface SetupFacts {
  /** null: of a VM that is only thought of yet. */
  readonly name: string | null;
  readonly report: VmHostReport;
  readonly map: SavedCpuMap | null;
  /** null: not read, or not asked about. */
  readonly snapshot: Snapshot | null;
  /** Its making goes on just now. */
  readonly making?: boolean;
}

const titles: Readonly<Record<SetupStepId, string>> = {
  host: 'The host is ready', what: 'What VM', make: 'Make it', cpus: 'Give it CPUs', tune: 'Tune it', start: 'Start it tuned', checks: 'Verify it',
};

/** How far a VM is from nothing to verified, told from the board alone: whoever comes later goes on where it stands. */
export function setupSteps(facts: SetupFacts): SetupStep[] {
  const outcomes = judge(facts);
  const first = setupStepIds.find((id) => !outcomes[id].done);
  return setupStepIds.map((id) => ({ id, title: titles[id], state: outcomes[id].done ? 'done' : id === first ? 'open' : 'later', words: outcomes[id].words }));
}

/** The step to do next; the last one, when all is done. */
export function nextStep(facts: SetupFacts): SetupStep {
  const steps = setupSteps(facts);
  return steps.find(({ state }) => state === 'open') ?? { id: 'checks', title: titles.checks, state: 'done', words: 'All of it is done.' };
}

interface Outcome { readonly done: boolean; readonly words: string }

function judge({ name, report, map, snapshot, making = false }: SetupFacts): Record<SetupStepId, Outcome> {
  const found = name === null ? undefined : report.vms.find(({ vm }) => vm.name === name);
  const begun = name === null ? undefined : report.host.halfMade.find((made) => made.name === name);
  const lacks = hostLacks(report, snapshot).length;
  const made = found !== undefined && begun === undefined && !making;
  const tuned = tuneOutcome(found);
  const running = tuned.done ? startOutcome(found) : { done: false, words: 'With the tuned definition.' };
  return {
    host: made || lacks === 0 ? { done: true, words: 'It can run VMs.' } : { done: false, words: `${String(lacks)} to put right first.` },
    what: { done: found !== undefined || begun !== undefined || making, words: making ? 'It is said.' : found !== undefined ? 'It is defined.' : begun !== undefined ? 'It was said when it was begun.' : 'Its name, its image, its size and who logs in.' },
    make: made ? { done: true, words: 'It is there.' } : { done: false, words: making ? 'It is being made.' : begun === undefined ? 'Fetched, put together, started until it answers.' : 'It was begun and not finished.' },
    cpus: cpusOutcome(name, map, found),
    tune: tuned,
    start: running,
    checks: running.done ? checksOutcome(found) : { done: false, words: 'From the host, with evidence.' },
  };
}

function cpusOutcome(name: string | null, map: SavedCpuMap | null, found: VmReport | undefined): Outcome {
  const given = map?.map.assignments.filter(({ claimant }) => claimant.kind === 'vcpu' && claimant.vm === name).length ?? 0;
  return given > 0 || (found?.map ?? null) !== null ? { done: true, words: `${String(Math.max(given, found?.map?.vcpus.length ?? 0))} CPUs are its own.` } : { done: false, words: 'CPUs of its own, by the board’s CPU map.' };
}

function tuneOutcome(found: VmReport | undefined): Outcome {
  const left = found?.tuned?.changes.length ?? null;
  if (left === null) return { done: false, words: found?.problem ? 'It cannot be tuned by the map as it is.' : 'Its definition, by the map.' };
  return left === 0 ? { done: true, words: 'It is defined as the map asks.' } : { done: false, words: `${String(left)} to change in its definition.` };
}

/** A VM that was started with another definition than its next start has goes on with the old one. */
function startOutcome(found: VmReport | undefined): Outcome {
  if (found === undefined || found.vm.activeXml === null) return { done: false, words: 'It does not run.' };
  return startedBefore(found) ? { done: false, words: 'It runs as it was before it was tuned.' } : { done: true, words: 'It runs as it is defined.' };
}

/** Whether a running VM was started with another definition than it has now. */
export const startedBefore = ({ checks }: Pick<VmReport, 'checks'>): boolean => checks.some(({ id, verdict }) => id === 'definition-current' && verdict === 'wrong');

function checksOutcome(found: VmReport | undefined): Outcome {
  const judged = found?.checks ?? [];
  const wrong = judged.filter(({ verdict }) => verdict === 'wrong').length;
  if (judged.length === 0 || found?.vm.activeXml === null) return { done: false, words: 'From the host, with evidence.' };
  return wrong > 0 ? { done: false, words: `${String(wrong)} not as it should be.` } : { done: true, words: 'Nothing is wrong with it.' };
}

/** What a host has to have for VMs. `known` false: it was not read. */
export interface HostNeed { readonly id: 'kvm' | 'libvirt' | 'network' | 'images'; readonly title: string; readonly met: boolean | null; readonly found: string; readonly fix: string }

export function hostNeeds({ host }: VmHostReport, snapshot: Snapshot | null): HostNeed[] {
  const network = host.networks.find(({ name }) => name === 'default') ?? host.networks[0];
  const kvm = snapshot?.kvm.available ?? null;
  return [
    { id: 'kvm', title: 'Virtualisation', met: kvm, found: kvm === null ? 'not known: the board was not read' : kvm ? `/dev/kvm is there (${snapshot?.kvm.module ?? 'kvm'})` : '/dev/kvm is not there', fix: 'Turn VT-x or AMD-V on in the firmware (station Firmware), then load kvm_intel or kvm_amd.' },
    { id: 'libvirt', title: 'libvirt', met: host.libvirt !== null, found: host.libvirt === null ? host.problem?.message ?? 'it does not answer' : `${host.libvirt.hypervisor}, libvirt ${host.libvirt.version}`, fix: host.problem?.next ?? 'Install libvirt and QEMU and let its daemon run.' },
    { id: 'network', title: 'A network for VMs', met: host.libvirt === null ? null : network?.active ?? false, found: network === undefined ? 'there is none' : `“${network.name}” ${network.active ? 'runs' : 'does not run'}${network.autostart ? ', starts with the host' : ''}`, fix: 'Define libvirt’s default network, and start it now and with the host.' },
    { id: 'images', title: 'Room for images', met: host.imageDirectory === null ? null : host.imageDirectory.freeBytes > 4 * 2 ** 30, found: host.imageDirectory === null ? 'not known' : `${String(Math.floor(host.imageDirectory.freeBytes / 2 ** 30))} GiB free in ${host.imageDirectory.path}`, fix: 'Make room there, or mount a larger disk.' },
  ];
}

const hostLacks = (report: VmHostReport, snapshot: Snapshot | null) => hostNeeds(report, snapshot).filter(({ met }) => met === false);
