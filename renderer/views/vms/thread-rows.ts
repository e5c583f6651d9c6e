import { attributeOf } from '../../../shared/planning/vm/xml/attributes.ts';
import { emulatorCpusOf, ioThreadIdsOf, pinsOf, vcpuCountOf, vcpuSchedulesOf } from '../../../shared/planning/vm/domain-facts.ts';
import { parseCpuset } from '../../../shared/planning/vm/cpuset.ts';
import { priorityOf } from '../../../shared/planning/vm/rules/thread-schedules.ts';
import { readDomain } from '../../../shared/planning/vm/read-domain.ts';
import { elementOf, elementsOf, type XmlElement } from '../../../shared/planning/vm/xml/xml-tree.ts';
import type { VmMap } from '../../../shared/model/vm-map.ts';
import type { VmThread } from '../../../shared/model/vm.ts';
import type { VmReport } from '../../../shared/planning/vm/vm-report.ts';

/** Where a thread runs and how urgently, in one of its four states. `cpus` null: not pinned; `policy` null: not said. */
export interface ThreadPlace { readonly cpus: readonly number[] | null; readonly policy: string | null; readonly priority: number | null }

export const threadStates = ['requested', 'written', 'booted', 'effective'] as const;
export type ThreadState = (typeof threadStates)[number];

/** One thread of a VM, or its emulator's threads together, in the four states. */
export interface ThreadRow {
  readonly key: string;
  readonly title: string;
  readonly role: 'vcpu' | 'emulator' | 'iothread' | 'vhost';
  readonly vcpu: number | null;
  readonly states: Readonly<Record<ThreadState, ThreadPlace | null>>;
  readonly threads: readonly VmThread[];
  /** The first state that is known and not as asked for. */
  readonly stuckAt: Exclude<ThreadState, 'requested'> | null;
}

/** Every thread of a VM that its map, its definitions or its host tell of: vCPUs first. Total. */
export function threadRowsOf({ vm, map }: VmReport): ThreadRow[] {
  const [written, booted] = [domainOf(vm.inactiveXml), domainOf(vm.activeXml)];
  const threadsOf = (role: VmThread['role']) => vm.threads.filter((thread) => thread.role === role);
  const vcpus = rangeTo(Math.max(map?.vcpus.length ?? 0, ...[written, booted].map((domain) => (domain === null ? 0 : vcpuCountOf(domain) ?? 0)), ...threadsOf('vcpu').map(({ vcpu }) => (vcpu ?? -1) + 1)));
  const ioThreads = [...new Set([...(written === null ? [] : ioThreadIdsOf(written)), ...(booted === null ? [] : ioThreadIdsOf(booted))])].sort((a, b) => a - b);
  const ofIoThread = (id: number) => threadsOf('iothread').filter(({ name }) => new RegExp(`\\D${String(id)}$`).test(name));
  const row = (made: Omit<ThreadRow, 'states' | 'stuckAt'>, requested: ThreadPlace | null, inDomain: (domain: XmlElement) => ThreadPlace): ThreadRow => {
    const states = { requested, written: written === null ? null : inDomain(written), booted: booted === null ? null : inDomain(booted), effective: liveOf(made.threads) };
    return { ...made, states, stuckAt: stuckAt(states) };
  };
  return [
    ...vcpus.map((vcpu) => row(
      { key: `vcpu ${String(vcpu)}`, title: `vCPU ${String(vcpu)}`, role: 'vcpu', vcpu, threads: threadsOf('vcpu').filter((thread) => thread.vcpu === vcpu) },
      map === null ? null : requestedVcpu(map, vcpu), (domain) => vcpuIn(domain, vcpu),
    )),
    row({ key: 'emulator', title: 'Emulator', role: 'emulator', vcpu: null, threads: threadsOf('emulator') }, map?.emulator ? place(map.emulator, map.scheduler.emulatorPriority) : null, emulatorIn),
    ...ioThreads.map((id) => row({ key: `iothread ${String(id)}`, title: `I/O thread ${String(id)}`, role: 'iothread', vcpu: null, threads: ofIoThread(id) }, map === null ? null : requestedIoThread(map, id), (domain) => ioThreadIn(domain, id))),
    ...(threadsOf('vhost').length === 0 ? [] : [row({ key: 'vhost', title: 'vhost', role: 'vhost', vcpu: null, threads: threadsOf('vhost') }, map?.emulator ? { cpus: map.emulator, policy: null, priority: null } : null, (domain) => ({ ...emulatorIn(domain), policy: null, priority: null }))]),
  ];
}

/** The host CPUs a thread is shown with: where it may run now, else where it is to run. */
export const hostCpusOf = ({ states }: Pick<ThreadRow, 'states'>): readonly number[] | null => states.effective?.cpus ?? states.booted?.cpus ?? states.written?.cpus ?? states.requested?.cpus ?? null;

const rangeTo = (count: number) => Array.from({ length: Math.min(Math.max(count, 0), 8192) }, (_, number) => number);

function domainOf(xml: string | null): XmlElement | null {
  const read = xml === null ? null : readDomain(xml);
  return read?.ok ? read.value.root : null;
}

const place = (cpus: readonly number[], priority: number | null, policy = priority === null ? 'other' : 'fifo'): ThreadPlace => ({ cpus, policy, priority });

function requestedVcpu(map: VmMap, vcpu: number): ThreadPlace | null {
  const cpu = map.vcpus.find((one) => one.vcpu === vcpu)?.cpu;
  if (cpu === undefined) return null;
  return place([cpu], map.scheduler.policy === 'other' ? null : priorityOf(map, vcpu), map.scheduler.policy);
}

function requestedIoThread({ iothreads, ioThreadCpus, emulator, scheduler }: VmMap, id: number): ThreadPlace | null {
  const cpus = iothreads.find(({ iothread }) => iothread === id)?.cpus ?? ioThreadCpus ?? emulator;
  return cpus === null ? null : place(cpus, scheduler.ioThreadPriority);
}

/** An element says how urgent its threads are; without one they run under ordinary scheduling. */
const schedule = (policy: string | undefined, priority: number | null) => ({ policy: policy === undefined || policy === '' ? 'other' : policy, priority });
const priorityIn = (element: XmlElement | undefined) => { const text = element && attributeOf(element, 'priority'); return text === undefined ? null : Number(text); };

function vcpuIn(domain: XmlElement, vcpu: number): ThreadPlace {
  const pin = pinsOf(domain, 'vcpupin', 'vcpu').find(({ number }) => number === vcpu);
  const said = vcpuSchedulesOf(domain).get(vcpu);
  return { cpus: pin?.cpus ?? parseCpuset(attributeOf(elementOf(domain, 'vcpu'), 'cpuset')), ...schedule(said?.policy, said?.priority ?? null) };
}

function emulatorIn(domain: XmlElement): ThreadPlace {
  const said = elementOf(elementOf(domain, 'cputune'), 'emulatorsched');
  return { cpus: emulatorCpusOf(domain), ...schedule(said && attributeOf(said, 'scheduler'), priorityIn(said)) };
}

function ioThreadIn(domain: XmlElement, id: number): ThreadPlace {
  const pin = pinsOf(domain, 'iothreadpin', 'iothread').find(({ number }) => number === id);
  const said = elementsOf(elementOf(domain, 'cputune'), 'iothreadsched').find((element) => parseCpuset(attributeOf(element, 'iothreads'))?.includes(id));
  return { cpus: pin?.cpus ?? null, ...schedule(said && attributeOf(said, 'scheduler'), priorityIn(said)) };
}

/** Threads that stand for one row: the CPUs of all; a policy only where all have the same. */
function liveOf(threads: readonly VmThread[]): ThreadPlace | null {
  const [first] = threads;
  if (first === undefined) return null;
  const known = threads.flatMap(({ cpus }) => cpus ?? []);
  const alike = threads.every(({ policy, priority }) => policy === first.policy && priority === first.priority);
  return { cpus: known.length === 0 ? null : [...new Set(known)].sort((a, b) => a - b), policy: alike ? first.policy : 'mixed', priority: alike && first.priority > 0 ? first.priority : null };
}

/** Whether a state is as asked for; `policy` counts where both tell one. */
export function agrees(asked: ThreadPlace, found: ThreadPlace): boolean {
  if (asked.cpus !== null && (found.cpus === null || found.cpus.some((cpu) => !asked.cpus?.includes(cpu)))) return false;
  return asked.policy === null || found.policy === null || (asked.policy === found.policy && asked.priority === found.priority);
}

function stuckAt(states: ThreadRow['states']): ThreadRow['stuckAt'] {
  const { requested } = states;
  if (requested === null) return null;
  return (['written', 'booted', 'effective'] as const).find((state) => { const found = states[state]; return found !== null && !agrees(requested, found); }) ?? null;
}
