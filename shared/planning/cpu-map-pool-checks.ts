import { poolKinds, type MapFinding } from '../model/cpu-map.ts';
import { formatCpuList } from '../parsers/cpu-list.ts';
import type { CpuMapCheck } from './cpu-map-checks.ts';
import { claimantWords, elementOf, isRealTime, type CpuMapView } from './cpu-map-view.ts';

type Found = ReturnType<CpuMapCheck>[number];
const list = formatCpuList;
const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)];

/** Emulator and I/O threads: near a VM, and not all on one CPU unawares. */
export const checkThreads: CpuMapCheck = (view) => {
  const { places, vms, cpusOf } = view;
  const vmNodes = new Set(vms.flatMap(({ cpus }) => cpus.map((cpu) => places.nodeOf(cpu))));
  const found: Found[] = [];
  for (const [kind, rule] of [['emulator', 'emulator-same-node'], ['ioThreads', 'io-same-node']] as const) {
    const astray = vmNodes.size === 0 ? [] : cpusOf(kind).filter((cpu) => !vmNodes.has(places.nodeOf(cpu)));
    if (astray.length === 0) continue;
    const nodes = distinct(astray.map((cpu) => places.nodeOf(cpu)));
    const words = kind === 'emulator' ? 'emulator threads' : 'I/O threads';
    found.push({
      rule, severity: 'warning', element: claimantWords[kind], cpus: astray,
      message: `No VM is on node ${nodes.join(', ')}, where ${words} are (CPU ${list(astray)}): their memory accesses cross nodes.`, fix: `Place the ${words} on the node of the real-time VM.`,
    });
  }
  const emulator = cpusOf('emulator');
  if (emulator.length > 1) {
    const nodes = new Set(emulator.map((cpu) => places.nodeOf(cpu)));
    const sharers = vms.filter(({ cpus }) => cpus.some((cpu) => nodes.has(places.nodeOf(cpu))));
    const shared = sharers.length > 1;
    found.push({
      rule: 'emulator-not-balanced', severity: shared ? 'warning' : 'note', element: `CPU ${list(emulator)}`, cpus: [...emulator],
      message: `Isolated CPUs are not load-balanced: emulator threads may all crowd on CPU ${emulator[0] ?? ''}${shared ? `, those of ${sharers.map(({ claim }) => claim.name).join(', ')} together` : ''}.`,
      fix: shared ? 'Pin the emulator threads of each VM to a CPU of its own, and test with all VMs running.' : 'Watch where they run under load, or pin them to one CPU each.',
    });
  }
  return found;
};

/** The stressor is best where nothing is measured. */
export const checkStressor: CpuMapCheck = ({ places, claimants, cpusOf }) => {
  const busy = new Set([...claimants].filter(([, claimant]) => isRealTime(claimant)).map(([cpu]) => places.nodeOf(cpu)));
  const beside = cpusOf('stressor').filter((cpu) => busy.has(places.nodeOf(cpu)));
  const quiet = places.nodes.filter((node) => !busy.has(node));
  if (beside.length === 0 || quiet.length === 0) return [];
  return [{
    rule: 'stressor-other-node', severity: 'note', element: claimantWords.stressor, cpus: beside,
    message: `The stressor is on a node with real-time CPUs (CPU ${list(beside)}): it loads their cache and memory too.`, fix: `For a load that leaves those alone, place it on node ${quiet.join(' or ')}.`,
  }];
};

/** Real-time CPUs have the L2 behind them to themselves, where cores share one and another can be had. */
export const checkModules: CpuMapCheck = ({ places, claimants }) => {
  const modules = new Map<number, number[]>();
  for (const [cpu, { l2 }] of places.online) if (l2 !== undefined) modules.set(l2, [...(modules.get(l2) ?? []), cpu]);
  if (modules.size < 2) return [];
  const found = new Map<string, { cpus: Set<number>; others: Set<string> }>();
  for (const cpus of modules.values()) {
    for (const cpu of cpus) {
      const own = claimants.get(cpu);
      if (own === undefined || !isRealTime(own)) continue;
      const others = cpus.filter((other) => !places.siblingsOf(cpu).includes(other)).flatMap((other) => {
        const claimant = claimants.get(other);
        return claimant === undefined || claimant.kind === 'idle' || elementOf(claimant) === elementOf(own) ? [] : [elementOf(claimant)];
      });
      if (others.length === 0) continue;
      const known = found.get(elementOf(own)) ?? { cpus: new Set<number>(), others: new Set<string>() };
      known.cpus.add(cpu);
      for (const other of others) known.others.add(other);
      found.set(elementOf(own), known);
    }
  }
  return [...found].map(([element, { cpus, others }]): Found => ({
    rule: 'whole-module', severity: 'note', element, cpus: [...cpus].sort((a, b) => a - b),
    message: `CPU ${list([...cpus])} of ${element} ${cpus.size === 1 ? 'shares its' : 'share their'} L2 cache with ${[...others].join(', ')}, which may evict what real-time work keeps there.`,
    fix: 'Give all cores behind an L2 to one claimant, or leave the rest free.',
  }));
};

/** Claims name nodes of this board. */
export const checkNodes: CpuMapCheck = ({ draft: { request }, places }) => {
  const claims = [...request.vms.map(({ name, node }) => ({ element: `VM ${name}`, node })), ...poolKinds.flatMap((kind) => (request[kind] ? [{ element: claimantWords[kind], node: request[kind].node }] : []))];
  return claims.filter(({ node }) => !places.nodes.includes(node)).map(({ element, node }): Found => ({
    rule: 'node-exists', severity: 'error', element, cpus: [], message: `There is no node ${node}.`, fix: `The nodes are ${places.nodes.join(', ')}.`,
  }));
};

/** What an edited map holds against what was asked for. Not for a proposal, which says itself what could not be given. */
export function checkCounts({ draft: { request }, places, vms, cpusOf }: CpuMapView): MapFinding[] {
  const wanted = [
    ...vms.map(({ claim, cpus }) => ({ element: `VM ${claim.name}`, claim, cpus })),
    ...poolKinds.flatMap((kind) => (request[kind] ? [{ element: claimantWords[kind], claim: request[kind], cpus: cpusOf(kind) }] : [])),
  ];
  return wanted.flatMap(({ element, claim: { count, node }, cpus }): Found[] => {
    const asked = `${element}: ${count} ${count === 1 ? 'CPU' : 'CPUs'} of node ${node} asked for`;
    if (cpus.length === 0) return [{ rule: 'enough-cpus', severity: 'error', element, cpus: [], message: `${asked}, none given.`, fix: 'Give it CPUs on the map, or take it out of the list.' }];
    const nodes = distinct(cpus.map((cpu) => places.nodeOf(cpu)));
    const elsewhere = nodes.some((one) => one !== node);
    if (cpus.length === count && !elsewhere) return [];
    return [{
      rule: 'as-requested', severity: cpus.length < count ? 'warning' : 'note', element, cpus: [...cpus],
      message: `${asked}, ${cpus.length} given${elsewhere ? ` on node ${nodes.join(' and ')}` : ''}.`, fix: 'Change what is asked for, or the map.',
    }];
  });
}
