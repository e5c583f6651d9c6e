import { bitCount, isContiguous } from '../../../../shared/planning/cache-ways.ts';
import { cacheSharesOf } from '../../../../shared/planning/vm/defined-shares.ts';
import { parseSchemataLine } from '../../../../shared/planning/change/schemata-line.ts';
import { readDomain } from '../../../../shared/planning/vm/read-domain.ts';
import type { CacheShare } from '../../../../shared/model/vm-map.ts';
import type { Finding } from '../../../../shared/model/finding.ts';
import type { Snapshot } from '../../../../shared/model/snapshot.ts';
import type { VmHostReport, VmReport } from '../../../../shared/planning/vm/vm-report.ts';

/** One cache whose ways can be given away. Masks are numbers of at most 32 bits, bit 0 is way 0. */
export interface DivisibleCache {
  readonly key: string;
  readonly resource: 'L2' | 'L3';
  readonly level: number;
  readonly id: number;
  readonly sizeBytes: number;
  readonly wayBytes: number;
  readonly mask: number;
  readonly minimumWays: number;
  readonly shareableMask: number;
  /** What the host has now; null: not read. */
  readonly hostMask: number | null;
  readonly cpus: readonly number[];
  /** Its masks were not told by the kernel. */
  readonly isProvisional: boolean;
  /** `code` and `data`, where they are shared out apart (CDP). */
  readonly kinds: ReadonlyArray<CacheShare['type']>;
}

/** Why nothing can be divided, and what to do. */
export interface NoCache { readonly reason: string; readonly evidence: readonly string[]; readonly next: string }

const maskOf = (text: string | null): number | null => (text !== null && /^\s*[0-9a-fA-F]{1,8}\s*$/.test(text) ? Number.parseInt(text, 16) : null);
const levels = [{ resource: 'L3', level: 3, flag: 'cat_l3' }, { resource: 'L2', level: 2, flag: 'cat_l2' }] as const;

/**
 * Caches that this board can divide; none, and why. Where resctrl is not mounted yet, the kernel does not tell masks: as many ways are
 * taken as the cache has, and the plan, which mounts it, is put back where the kernel refuses them.
 */
export function divisibleCaches(snapshot: Snapshot, report: VmHostReport | null): { readonly caches: readonly DivisibleCache[]; readonly none: NoCache | null } {
  const { resctrl } = snapshot;
  const schemata = report?.host.cacheGroups?.find(({ name }) => name === '')?.schemata ?? resctrl.schemata;
  const caches = levels.flatMap(({ resource, level, flag }) => {
    const told = resctrl.resources.find(({ name }) => name === resource) ?? resctrl.resources.find(({ name }) => name === `${resource}CODE`);
    const isProvisional = told?.cbmMask == null && resctrl.supported && !resctrl.mounted && resctrl.flags.includes(flag);
    const now = schemataMasks(schemata, told?.name ?? resource);
    return snapshot.caches.flatMap((cache): DivisibleCache[] => {
      const { id, sizeBytes, cpus, ways } = cache;
      const mask = maskOf(told?.cbmMask ?? null) ?? (isProvisional && ways !== null && ways <= 32 ? runMask(0, ways) : 0);
      if (cache.level !== level || cache.type === 'instruction' || id === null || sizeBytes === null || mask === 0) return [];
      return [{
        key: `${resource} ${String(id)}`, resource, level, id, sizeBytes, cpus, mask, wayBytes: sizeBytes / bitCount(mask), minimumWays: Math.max(told?.minBits ?? 1, 1),
        shareableMask: maskOf(told?.shareableBits ?? null) ?? 0, hostMask: now.get(id) ?? null, isProvisional, kinds: told?.name === `${resource}CODE` ? ['code', 'data'] : ['both'],
      }];
    });
  });
  return { caches, none: caches.length > 0 ? null : noCache(snapshot) };
}

function noCache({ resctrl: { supported, mounted, flags, resources }, virtualisation }: Snapshot): NoCache {
  const evidence = [
    `CPU flags: ${flags.join(' ') || 'none of cat_l3, cat_l2, mba'}`,
    mounted ? `/sys/fs/resctrl is mounted: ${resources.map(({ name }) => name).join(', ') || 'nothing in it'}` : supported ? 'resctrl is in /proc/filesystems, and not mounted' : 'resctrl is not in /proc/filesystems',
  ];
  const elsewhere = 'Keep the stressor off the cache of the real-time VM, by the CPU map: another socket, or another group of cores.';
  if (virtualisation.kind === 'vm') return { reason: 'This board is a virtual machine: it is never shown how caches are shared out.', evidence, next: 'Divide the cache on its host.' };
  if (mounted) return { reason: 'resctrl is mounted and tells of no cache that can be divided: this processor divides memory bandwidth, or counts only.', evidence, next: elsewhere };
  if (flags.some((flag) => flag.startsWith('cat_'))) {
    return { reason: 'The processor can divide its cache, and the kernel does not offer it.', evidence, next: 'Use a kernel with CONFIG_X86_CPU_RESCTRL, as those of Debian, Ubuntu and Red Hat are, and no rdt=! on its command line.' };
  }
  return { reason: 'Neither the processor’s flags nor the kernel tell of a cache that can be divided.', evidence, next: `Some client and embedded processors can and do not say so; Linux does not use it there. ${elsewhere}` };
}

/** `L3:0=7fff;1=1ff` → masks by id; empty where that line is not there. */
export function schemataMasks(lines: readonly string[], resource: string): Map<number, number> {
  const line = lines.map((text) => parseSchemataLine(text)).find((read) => read?.resource === resource);
  return new Map([...line?.values ?? []].map(([id, mask]) => [id, Number(mask)]));
}

/** What a VM has or wants of one cache. */
export interface VmShare { readonly vm: string; readonly bytes: number }
export interface PlacedShare extends VmShare { readonly ways: number; readonly mask: number | null }

/** Shares of VMs in their definitions, of one cache. */
export function definedShares(vms: readonly VmReport[], { level, id }: Pick<DivisibleCache, 'level' | 'id'>): VmShare[] {
  return vms.flatMap(({ vm }) => {
    const domain = vm.inactiveXml === null ? null : readDomain(vm.inactiveXml);
    const shares = domain?.ok ? cacheSharesOf(domain.value.root, null).filter((share) => share.level === level && share.id === id && share.type !== 'data') : [];
    return shares.map(({ sizeBytes }) => ({ vm: vm.name, bytes: sizeBytes }));
  });
}

/** Places shares in what the host leaves, as libvirt does: each in the smallest hole that holds it, at its low end. `mask` null: no hole holds it. */
export function placeShares(cache: DivisibleCache, hostMask: number, shares: readonly VmShare[]): PlacedShare[] {
  let free = and(cache.mask, not(hostMask, cache.mask));
  return shares.map((share) => {
    const ways = Math.max(Math.ceil(share.bytes / cache.wayBytes - 1e-9), cache.minimumWays);
    const hole = holesOf(free).filter(({ length }) => length >= ways).sort((a, b) => a.length - b.length || a.from - b.from)[0];
    if (hole === undefined) return { ...share, ways, mask: null };
    const mask = runMask(hole.from, ways);
    free = and(free, not(mask, cache.mask));
    return { ...share, ways, mask };
  });
}

/** What speaks against a host's mask with these shares beside it, worst first. Source: kernel, resctrl.rst; libvirt virresctrl.c. */
export function judgeShares(cache: DivisibleCache, hostMask: number, placed: readonly PlacedShare[], text: (bytes: number) => string): Finding[] {
  const findings: Finding[] = [];
  const say = (rule: string, severity: Finding['severity'], element: string, message: string, fix: string) => { findings.push({ rule, severity, element, message, fix }); };
  const [ways, all] = [bitCount(hostMask), bitCount(cache.mask)];
  if (hostMask === 0) say('host-needs-ways', 'error', 'the host', 'The host is left without a way: every group needs at least one.', `Give it at least ${text(cache.wayBytes * cache.minimumWays)}.`);
  else if (and(hostMask, cache.mask) !== hostMask) say('in-range', 'error', 'the host', `The mask ${hex(hostMask)} has ways that this cache has not: it goes up to ${hex(cache.mask)}.`, 'Stay within it.');
  else if (!isContiguous(hostMask)) say('one-run', 'error', 'the host', `The mask ${hex(hostMask)} is not one run of ones.`, 'Choose ways that stand beside each other.');
  else if (ways < cache.minimumWays) say('minimum', 'error', 'the host', `A share has at least ${String(cache.minimumWays)} ways here.`, 'Take more.');
  if (ways === all && placed.length === 0) say('nothing-free', 'note', 'the host', 'The host has the whole cache: nothing is free for a VM, and libvirt would refuse a share.', 'Leave ways out that a VM shall have.');
  for (const share of placed) {
    if (share.mask === null) say('enough-ways', 'error', share.vm, `${share.vm} wants ${String(share.ways)} ways beside each other (${text(share.ways * cache.wayBytes)}), and so many are not free.`, 'Take ways from the host, or ask for less.');
    else {
      if (and(share.mask, cache.shareableMask) !== 0) say('not-shareable', 'warning', share.vm, `${share.vm} would get ways (${hex(share.mask)}) that devices use too (${hex(cache.shareableMask)}): they would push its lines out.`, 'Let the host have the ways marked D.');
      if (share.ways * cache.wayBytes - share.bytes > 1) say('whole-ways', 'note', share.vm, `${share.vm} asks for ${text(share.bytes)} and gets whole ways: ${text(share.ways * cache.wayBytes)}. libvirt refuses a size that is no multiple.`, '');
    }
  }
  const weight = { error: 0, warning: 1, note: 2 } as const;
  return findings.sort((a, b) => weight[a.severity] - weight[b.severity]);
}

/** Mask of so many ways from one up. */
export const runMask = (from: number, ways: number): number => (ways <= 0 ? 0 : (2 ** ways - 1) * 2 ** from);
export const hex = (mask: number): string => mask.toString(16);
/** Lowest way of a mask, from 0; 0 for none. */
export const lowestWay = (mask: number): number => (mask === 0 ? 0 : mask.toString(2).length - mask.toString(2).lastIndexOf('1') - 1);

/** Masks may have all 32 bits, where JavaScript's own operators give negative numbers. */
const and = (a: number, b: number): number => (a & b) >>> 0;
const not = (mask: number, within: number): number => (~mask & within) >>> 0;

function holesOf(free: number): { readonly from: number; readonly length: number }[] {
  return [...free.toString(2).split('').reverse().join('').matchAll(/1+/g)].map((run) => ({ from: run.index, length: run[0].length }));
}
