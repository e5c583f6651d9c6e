import { formatCpuset } from '../../../shared/planning/vm/cpuset.ts';
import { scaledBytes } from '../../../shared/planning/vm/domain-facts.ts';
import { FileError } from '../files/file-error.ts';
import type { Resctrl, ResctrlGroup } from '../linux/resctrl.ts';
import { numbersOf } from './domain-numbers.ts';
import { internal, LibvirtError, unsupported } from './libvirt-error.ts';
import { at, attribute, childrenOf, type XmlNode } from './xml-node.ts';

const types: Readonly<Record<string, string>> = { both: 'L3', code: 'L3CODE', data: 'L3DATA' };
const folder = '/sys/fs/resctrl';

/** A group to be made for vCPUs of a VM. */
export interface CacheShare {
  readonly vcpus: readonly number[];
  readonly group: ResctrlGroup;
}

/**
 * Makes the cache groups that a domain asks for: each in the smallest hole that fits of what the default group and all others
 * left free; what is not asked for is the default group's. Source: libvirt, src/util/virresctrl.c. Errors: LibvirtError, and
 * nothing is made then.
 */
export function makeCacheShares(resctrl: Resctrl, domain: XmlNode, machine: string): CacheShare[] {
  const tune = at(domain, 'cputune');
  const asked = new Set([...childrenOf(tune, 'cachetune'), ...childrenOf(tune, 'memorytune')].map((share) => attribute(share, 'vcpus') ?? ''));
  if (asked.size === 0) return [];
  if (!resctrl.mounted) throw unsupported('Resource control is not supported on this host');
  const made: CacheShare[] = [];
  try {
    for (const vcpus of asked) made.push(makeShare(resctrl, tune, vcpus, machine));
  } catch (error) {
    for (const { group } of made) resctrl.remove(group.name);
    throw error;
  }
  return made;
}

function makeShare(resctrl: Resctrl, tune: XmlNode | undefined, vcpus: string, machine: string): CacheShare {
  const of = (name: string): XmlNode | undefined => childrenOf(tune, name).find((share) => attribute(share, 'vcpus') === vcpus);
  const shares = new Map(resctrl.resources.map((resource) => [resource, new Map(resctrl.root.shares.get(resource) ?? [])]));
  for (const cache of childrenOf(of('cachetune'), 'cache')) {
    const { resource, id, mask } = findHole(resctrl, cache);
    shares.get(resource)?.set(id, mask);
  }
  for (const wish of childrenOf(of('memorytune'), 'node')) {
    const { id, percent } = findBandwidth(resctrl, wish);
    shares.get('MB')?.set(id, percent);
  }
  const name = `${machine}-vcpus_${formatCpuset(numbersOf(vcpus))}`;
  if (resctrl.groups.has(name)) throw internal(`Path '${folder}/${name}' for resctrl allocation exists`);
  try {
    const group = resctrl.make(name);
    for (const [resource, values] of shares) group.shares.set(resource, values);
    return { vcpus: numbersOf(vcpus), group };
  } catch (error) {
    if (error instanceof FileError) throw new LibvirtError(`Cannot create resctrl directory '${folder}/${name}': ${error.text}`);
    throw error;
  }
}

function findHole(resctrl: Resctrl, cache: XmlNode): { resource: string; id: number; mask: number } {
  const [level, id, type] = [Number(attribute(cache, 'level')), Number(attribute(cache, 'id')), attribute(cache, 'type') ?? 'both'];
  const bytes = scaledBytes(attribute(cache, 'size'), attribute(cache, 'unit')) ?? 0;
  const resource = types[type] ?? '';
  if (level !== 3) throw unsupported(`Cache level ${level} does not support tuning`);
  if (!resctrl.ids.includes(id)) throw unsupported(`Cache with id ${id} does not exists for level ${level}`);
  if (!resctrl.caches.includes(resource)) throw unsupported(`Cache level ${level} id ${id} does not support tuning for scope type '${type}'`);
  const ways = resctrl.fullMask.toString(2).length;
  const size = `Cache allocation of size ${bytes}`;
  if (bytes === ways * resctrl.wayBytes) throw unsupported(`Cache allocation for the whole cache is not possible, specify size smaller than ${bytes}`);
  if (bytes % resctrl.wayBytes !== 0) throw unsupported(`${size} is not divisible by granularity ${resctrl.wayBytes}`);
  const need = bytes / resctrl.wayBytes;
  const minimum = Math.max(1, resctrl.spec.minimumBits);
  if (need < minimum) throw unsupported(`${size} is smaller than the minimum allowed allocation ${minimum * resctrl.wayBytes}`);
  let free = resctrl.fullMask;
  for (const { shares } of resctrl.groups.values()) free &= ~(shares.get(resource)?.get(id) ?? 0);
  const hole = holesOf(free, ways).filter(({ length }) => length >= need).sort((one, other) => one.length - other.length)[0];
  if (hole === undefined) throw unsupported(`Not enough room for allocation of ${bytes} bytes for level ${level} cache ${id} scope type '${type}'`);
  return { resource, id, mask: ((1 << need) - 1) << hole.from };
}

function holesOf(free: number, ways: number): { from: number; length: number }[] {
  const holes: { from: number; length: number }[] = [];
  for (let way = 0; way < ways; way += 1) {
    if (((free >> way) & 1) === 0) continue;
    const last = holes.at(-1);
    if (last !== undefined && last.from + last.length === way) last.length += 1;
    else holes.push({ from: way, length: 1 });
  }
  return holes;
}

/** Bandwidth that groups of libvirt have is taken; the default group's 100 % takes none. */
function findBandwidth(resctrl: Resctrl, wish: XmlNode): { id: number; percent: number } {
  const [id, percent] = [Number(attribute(wish, 'id')), Number(attribute(wish, 'bandwidth'))];
  if (!resctrl.resources.includes('MB')) throw unsupported('RDT Memory Bandwidth allocation unsupported');
  if (!resctrl.ids.includes(id)) throw unsupported(`Memory Bandwidth controller id ${id} does not exist, max controller id ${Math.max(...resctrl.ids)}`);
  if (percent % 10 !== 0) throw unsupported(`Memory Bandwidth allocation of size ${percent} is not divisible by granularity 10`);
  if (percent < 10) throw unsupported(`Memory Bandwidth allocation of size ${percent} is smaller than the minimum allowed allocation 10`);
  const taken = [...resctrl.groups.values()].filter(({ name }) => name !== '').map(({ shares }) => shares.get('MB')?.get(id) ?? 100).filter((one) => one < 100).reduce((sum, one) => sum + one, 0);
  if (percent > 100 - taken) throw unsupported(`Not enough room for allocation of ${percent}% bandwidth on node ${id}`);
  return { id, percent };
}
