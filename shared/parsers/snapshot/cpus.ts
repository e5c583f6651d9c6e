import type { Cpu, Snapshot } from '../../model/snapshot.ts';
import type { Capture } from '../capture.ts';
import { cpuinfo } from './identity.ts';
import { cpuListOf, naturalNumber } from './read.ts';

const folder = '/sys/devices/system/cpu';

/** CPUs, how they hang together, which are kept apart, and what they can do. */
export function cpusOf(capture: Capture): Snapshot['cpus'] {
  const online = cpuListOf(capture, `${folder}/online`) ?? [];
  const present = cpuListOf(capture, `${folder}/present`) ?? online;
  const isOnline = new Set(online);
  return {
    model: cpuinfo(capture, 'model name'),
    vendor: cpuinfo(capture, 'vendor_id'),
    online,
    // The kernel's own offline list also counts sockets that are empty.
    offline: present.filter((cpu) => !isOnline.has(cpu)),
    present,
    isolated: cpuListOf(capture, `${folder}/isolated`) ?? [],
    nohzFull: cpuListOf(capture, `${folder}/nohz_full`) ?? [],
    list: listOf(capture, present, isOnline),
    flags: cpuinfo(capture, 'flags')?.split(/\s+/) ?? [],
    smt: smtOf(capture),
    vulnerabilities: valuesBelow(capture, `${folder}/vulnerabilities/`),
  };
}

function listOf(capture: Capture, present: readonly number[], online: ReadonlySet<number>): Cpu[] {
  const nodeOf = new Map<number, number>();
  for (const node of nodes(capture)) for (const cpu of node.cpus) nodeOf.set(cpu, node.id);
  const performance = cpuListOf(capture, '/sys/devices/cpu_core/cpus');
  const efficiency = cpuListOf(capture, '/sys/devices/cpu_atom/cpus');
  const kindOf = (cpu: number) => (performance === null || efficiency === null ? null
    : performance.includes(cpu) ? 'performance' : efficiency.includes(cpu) ? 'efficiency' : null);
  return present.map((cpu) => {
    const topology = (name: string) => naturalNumber(capture.value(`${folder}/cpu${cpu}/topology/${name}`));
    return {
      cpu,
      online: online.has(cpu),
      socket: topology('physical_package_id'),
      node: nodeOf.get(cpu) ?? null,
      die: topology('die_id'),
      core: topology('core_id'),
      siblings: cpuListOf(capture, `${folder}/cpu${cpu}/topology/thread_siblings_list`) ?? [],
      kind: kindOf(cpu),
    };
  });
}

function smtOf(capture: Capture): Snapshot['cpus']['smt'] {
  const active = capture.value(`${folder}/smt/active`);
  return { active: active === '1' ? true : active === '0' ? false : null, control: capture.value(`${folder}/smt/control`) };
}

/** NUMA nodes with their CPUs and memory, by number. */
export function numaNodesOf(capture: Capture): Snapshot['numaNodes'] {
  return nodes(capture).map(({ id, cpus }) => {
    const line = capture.lines(`/sys/devices/system/node/node${id}/meminfo`)?.find((candidate) => candidate.includes('MemTotal:'));
    const kibibytes = naturalNumber(/MemTotal:\s*(\d{1,12}) kB/.exec(line ?? '')?.[1]);
    return { id, cpus, memoryBytes: kibibytes === null ? null : kibibytes * 1024 };
  });
}

function nodes(capture: Capture): Array<{ id: number; cpus: number[] }> {
  return capture.paths(/^\/sys\/devices\/system\/node\/node\d{1,5}\/cpulist$/).flatMap((path) => {
    const id = naturalNumber(/node(\d+)\/cpulist$/.exec(path)?.[1]);
    const cpus = cpuListOf(capture, path);
    return id === null || cpus === null ? [] : [{ id, cpus }];
  }).sort((a, b) => a.id - b.id);
}

/** Value of each file below a folder, by the rest of its path. */
export function valuesBelow(capture: Capture, prefix: string): Record<string, string> {
  const values = new Map<string, string>();
  for (const path of capture.paths(/./)) {
    if (path.startsWith(prefix)) values.set(path.slice(prefix.length), capture.value(path) ?? '');
  }
  return Object.fromEntries(values);
}
