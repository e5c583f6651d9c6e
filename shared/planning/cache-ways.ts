import { z } from 'zod';
import { CodedError } from '../contract/errors.ts';
import { failed, ok, type Result } from '../contract/result.ts';
import { findingSchema, type Finding } from '../model/finding.ts';

/** One cache instance as resctrl describes it: sizes in bytes, masks as numbers of at most 32 bits. */
export interface CacheToDivide {
  /** Size of this cache instance, not the sum over sockets. */
  readonly sizeBytes: number;
  /** `cbm_mask`: one bit a way. */
  readonly mask: number;
  /** `min_cbm_bits`. */
  readonly minimumWays: number;
  /** `shareable_bits`: ways that devices (I/O, graphics) use too. */
  readonly shareableMask: number;
}

export interface CacheRequest {
  readonly hostBytes: number;
  readonly vms: ReadonlyArray<{ readonly name: string; readonly bytes: number }>;
}

const shareSchema = z.object({ mask: z.string(), ways: z.number().int(), bytes: z.number() });
export const cachePlanSchema = z.object({
  ways: z.number().int(),
  wayBytes: z.number(),
  host: shareSchema,
  vms: z.array(shareSchema.extend({ name: z.string() })),
  findings: z.array(findingSchema),
});
export type CachePlan = z.infer<typeof cachePlanSchema>;

/**
 * Divides one cache into contiguous shares that do not overlap: the host's first, from the lowest way up (so that it is
 * the host that shares with devices), then the VMs in their order, as libvirt does when it looks for a free hole.
 * A share is rounded up to whole ways. Source: kernel documentation, “User Interface for Resource Control feature”;
 * libvirt `virresctrl.c`. Errors: `bad-usage` when the cache itself is described impossibly.
 */
export function planCacheWays(cache: CacheToDivide, request: CacheRequest): Result<CachePlan> {
  const ways = bitCount(cache.mask);
  if (ways === 0 || cache.mask > 0xffffffff) return bad('The mask of the cache has no way, or more than 32.');
  if (!isContiguous(cache.mask)) return bad(`The mask ${hex(cache.mask)} is not one run of ones: this is not the mask of a whole cache.`);
  if (!Number.isFinite(cache.sizeBytes) || cache.sizeBytes < ways) return bad('The size of the cache is not a number of bytes that its ways could have.');
  const wayBytes = cache.sizeBytes / ways;
  const findings: Finding[] = [];
  let next = lowestBit(cache.mask);
  const end = next + ways;

  const take = (element: string, bytes: number) => {
    const wanted = Math.max(Math.ceil(bytes / wayBytes - 1e-9), 0);
    const count = wanted === 0 ? 0 : Math.max(wanted, cache.minimumWays);
    if (next + count > end) {
      findings.push({
        rule: 'enough-ways', severity: 'error', element, message: `${element} wants ${count} ways (${text(bytes)}); ${end - next} of ${ways} are left.`,
        fix: `All shares together may have ${text(cache.sizeBytes)}, ${ways} ways of ${text(wayBytes)}.`,
      });
      return share(0, 0, wayBytes);
    }
    if (count > 0 && count * wayBytes - bytes > 1) {
      findings.push({
        rule: 'whole-ways', severity: 'note', element,
        message: `${element} asked for ${text(bytes)} and gets ${text(count * wayBytes)}: ${count} whole ways of ${text(wayBytes)}${count > wanted ? ` (at least ${cache.minimumWays} ways)` : ''}.`,
      });
    }
    const taken = share(next, count, wayBytes);
    next += count;
    return taken;
  };

  const host = take('the host', request.hostBytes);
  if (host.ways === 0) {
    findings.push({
      rule: 'host-needs-ways', severity: 'error', element: 'the host', message: 'The host is left without a way: every group needs at least one.',
      fix: `Give it at least ${text(Math.max(cache.minimumWays, 1) * wayBytes)}.`,
    });
  }
  const vms = request.vms.map(({ name, bytes }) => {
    if (!(bytes > 0)) findings.push({ rule: 'vm-needs-ways', severity: 'error', element: name, message: `${name} asks for no cache.`, fix: `Give it at least ${text(wayBytes)}, or leave it out.` });
    return { name, ...take(name, bytes) };
  });
  findings.push(...nameFindings(request), ...shareableFindings(cache, host, vms));
  return ok({ ways, wayBytes, host, vms, findings });
}

function share(from: number, count: number, wayBytes: number): { mask: string; ways: number; bytes: number } {
  return { mask: hex(count === 0 ? 0 : (2 ** count - 1) * 2 ** from), ways: count, bytes: count * wayBytes };
}

function nameFindings(request: CacheRequest): Finding[] {
  const names = request.vms.map((vm) => vm.name);
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))].map((name) => ({
    rule: 'unique-name', severity: 'error', element: name, message: `Two shares are called ${name}.`, fix: 'Name each VM once.',
  }));
}

function shareableFindings(cache: CacheToDivide, host: { mask: string }, vms: ReadonlyArray<{ name: string; mask: string }>): Finding[] {
  const touched = vms.filter((vm) => overlaps(Number.parseInt(vm.mask, 16), cache.shareableMask));
  return touched.map((vm) => ({
    rule: 'not-shareable', severity: 'warning', element: vm.name,
    message: `${vm.name} would get ways (${vm.mask}) that devices use too (${hex(cache.shareableMask)}): they would push its lines out.`,
    fix: `Give the host (now ${host.mask}) enough ways to cover those that are shared.`,
  }));
}

export const bitCount = (mask: number): number => mask.toString(2).replaceAll('0', '').length;
export const isContiguous = (mask: number): boolean => /^1+0*$/.test(mask.toString(2));
const lowestBit = (mask: number) => mask.toString(2).length - mask.toString(2).lastIndexOf('1') - 1;
const overlaps = (a: number, b: number) => (BigInt(a) & BigInt(b)) !== 0n;
const hex = (mask: number) => mask.toString(16);

const text = (bytes: number) => {
  const units = [[2 ** 30, 'GiB'], [2 ** 20, 'MiB'], [2 ** 10, 'KiB']] as const;
  const [size, unit] = units.find(([least]) => bytes >= least) ?? [1, 'B'];
  return `${Math.round(bytes / size * 100) / 100} ${unit}`;
};

const bad = (message: string) => failed(new CodedError('bad-usage', message, { next: 'Read it on the board: /sys/fs/resctrl/info/L3/cbm_mask, and the size in /sys/devices/system/cpu/cpu0/cache/index3/size.' }));
