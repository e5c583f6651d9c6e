import { poolKinds, type Assignment, type Choice, type Claim, type CpuMap, type CpuMapRequest, type MapFinding, type PoolKind, type TopologyCpu, type VmClaim } from '../model/cpu-map.ts';
import { choicesOf } from './cpu-map-choices.ts';
import { placementFindings } from './cpu-map-judge.ts';
import { placesOf, type CpuPlaces } from './cpu-map-topology.ts';
import { claimantWords, viewOf } from './cpu-map-view.ts';

/**
 * Gives every claimant its CPUs. Total: whatever is asked for, the map holds what could be given and the findings say
 * what could not, by rule, element and fix.
 *
 * Rules: cpu-map-rules.ts (mostly Intel ECI, “Host Configuration: Linux Kernel” and “Real-Time VM Configuration”). vCPUs,
 * measuring threads and the stressor take the lowest free CPUs of their node, emulator and I/O threads the highest. Where
 * cores have two threads, the sibling of a real-time CPU is left idle, because it shares the core's units and caches.
 */
export function planCpuMap(topology: readonly TopologyCpu[], request: CpuMapRequest): CpuMap {
  const places = placesOf(topology);
  const asked = [...new Set(request.housekeeping)].sort((a, b) => a - b);
  const housekeeping = asked.filter((cpu) => places.online.has(cpu));
  const reserved = new Set(housekeeping);
  const isolated = places.cpus.filter((cpu) => !reserved.has(cpu));
  const books: Books = { places, reserved, isolated, taken: new Set(), idle: new Set() };
  const shortfalls: MapFinding[] = [];

  const vms = request.vms.map((claim) => {
    const cpus = takeRealTime(claim, books);
    if (cpus.length < claim.count) shortfalls.push(vmShortfall(claim, cpus.length, books));
    return { name: claim.name, node: claim.node, vcpus: cpus.map((cpu, vcpu) => ({ vcpu, cpu })) };
  });
  const take: Readonly<Record<PoolKind, (claim: Claim) => number[]>> = {
    measuring: (claim) => takeRealTime(claim, books),
    emulator: (claim) => takeAny(claim, books, 'highest'),
    ioThreads: (claim) => takeAny(claim, books, 'highest'),
    stressor: (claim) => takeAny(claim, books, 'lowest'),
  };
  const pools: Record<PoolKind, number[]> = { emulator: [], ioThreads: [], measuring: [], stressor: [] };
  for (const kind of ['measuring', 'emulator', 'ioThreads', 'stressor'] as const) {
    const claim = request[kind];
    if (claim === null) continue;
    pools[kind] = take[kind](claim);
    if (pools[kind].length < claim.count && places.nodes.includes(claim.node)) shortfalls.push(poolShortfall(kind, claim, pools[kind].length));
  }

  const map = { housekeeping, isolated, vms, ...pools, idle: [...books.idle].sort((a, b) => a - b) };
  const absent: Assignment[] = asked.filter((cpu) => !places.online.has(cpu)).map((cpu) => ({ cpu, claimant: { kind: 'housekeeping' } }));
  const findings = placementFindings(viewOf(topology, { request, assignments: [...assignmentsOf(map), ...absent] }));
  const choices: Choice[] = choicesOf(map, request, places);
  return { ...map, choices, findings: [...shortfalls, ...findings] };
}

/** A map as the list of who has which CPU, ascending. */
export function assignmentsOf(map: Pick<CpuMap, 'housekeeping' | 'vms' | 'idle' | PoolKind>): Assignment[] {
  const pools = ['housekeeping', 'idle', ...poolKinds] as const;
  return [
    ...pools.flatMap((kind) => map[kind].map((cpu): Assignment => ({ cpu, claimant: { kind } }))),
    ...map.vms.flatMap(({ name, vcpus }) => vcpus.map(({ vcpu, cpu }): Assignment => ({ cpu, claimant: { kind: 'vcpu', vm: name, vcpu } }))),
  ].sort((a, b) => a.cpu - b.cpu);
}

interface Books {
  readonly places: CpuPlaces;
  readonly reserved: ReadonlySet<number>;
  readonly isolated: readonly number[];
  readonly taken: Set<number>;
  readonly idle: Set<number>;
}

const freeOf = ({ places, isolated, taken, idle }: Books, node: number) => isolated.filter((cpu) => places.nodeOf(cpu) === node && !taken.has(cpu) && !idle.has(cpu));

/** CPUs whose core nobody else uses, of one kind where that can be; their siblings are left idle. */
function takeRealTime(claim: Claim, books: Books): number[] {
  const { places, reserved, taken, idle } = books;
  const fit = freeOf(books, claim.node).filter((cpu) => !places.siblingsOf(cpu).some((other) => reserved.has(other) || taken.has(other)));
  const cpus: number[] = [];
  for (const kind of orderedKinds(fit, claim, places)) {
    for (const cpu of fit) {
      if (cpus.length === claim.count) break;
      if (kindOf(places, cpu) !== kind || idle.has(cpu)) continue;
      cpus.push(cpu);
      taken.add(cpu);
      for (const other of places.siblingsOf(cpu)) idle.add(other);
    }
  }
  return cpus.sort((a, b) => a - b);
}

function takeAny(claim: Claim, books: Books, from: 'lowest' | 'highest'): number[] {
  const free = freeOf(books, claim.node);
  const cpus = from === 'highest' ? free.slice(-claim.count) : free.slice(0, claim.count);
  for (const cpu of cpus) books.taken.add(cpu);
  return cpus;
}

const kindOf = (places: CpuPlaces, cpu: number) => places.online.get(cpu)?.kind ?? null;

/** One kind for the whole claimant where that can be: the first kind, performance before efficiency, that has enough cores. */
function orderedKinds(fit: readonly number[], { count }: Claim, places: CpuPlaces): Array<TopologyCpu['kind']> {
  const cores = new Map<TopologyCpu['kind'], number>();
  for (const cpu of fit) if (!places.siblingsOf(cpu).some((other) => other < cpu && fit.includes(other))) cores.set(kindOf(places, cpu), (cores.get(kindOf(places, cpu)) ?? 0) + 1);
  const order = [...cores.keys()].sort((a, b) => (a === 'efficiency' ? 1 : 0) - (b === 'efficiency' ? 1 : 0));
  const enough = order.find((kind) => (cores.get(kind) ?? 0) >= count);
  return enough === undefined ? order : [enough, ...order.filter((kind) => kind !== enough)];
}

const cpusOf = (count: number) => (count === 1 ? 'one CPU' : `${count} CPUs`);

function vmShortfall({ name, count, node }: VmClaim, given: number, { idle }: Books): MapFinding {
  return {
    rule: 'enough-cpus', severity: 'error', element: `VM ${name}`, cpus: [],
    message: `${name} wants ${cpusOf(count)} of node ${node}; ${given === 0 ? 'none is' : given === 1 ? 'only one is' : `only ${given} are`} free there (isolated, unclaimed, on a core of its own).`,
    fix: idle.size > 0 ? 'Turn SMT off, give the VM fewer vCPUs, or keep fewer CPUs for the host on this node.' : 'Give the VM fewer vCPUs, place it on another node, or keep fewer CPUs for the host on this node.',
  };
}

const poolShortfall = (kind: PoolKind, { count, node }: Claim, given: number): MapFinding => ({
  rule: 'enough-cpus', severity: 'error', element: claimantWords[kind], cpus: [],
  message: `The ${claimantWords[kind]} ${kind === 'emulator' || kind === 'stressor' ? 'wants' : 'want'} ${cpusOf(count)} of node ${node}; ${given === 0 ? 'none is' : given === 1 ? 'one is' : `${given} are`} left there.`, fix: 'Ask for fewer CPUs there, or give fewer to the VMs of this node.',
});
