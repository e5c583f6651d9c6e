import type { Refused } from '../../model/plan.ts';
import { bitCount, isContiguous } from '../cache-ways.ts';
import { parseSchemataLine } from '../change/schemata-line.ts';
import { standingShares, type Allocation } from './allocation.ts';
import type { HostCacheRequest } from './propose-host-cache.ts';

type Problem = Omit<Refused, 'setting'>;
export interface Checked { readonly problems: readonly Problem[]; readonly notes: readonly string[] }

const info = '/sys/fs/resctrl/info';
const hex = (mask: number) => mask.toString(16);
const overlap = (a: number, b: number): number => Number(BigInt(a) & BigInt(b));
const without = (a: number, b: number): number => Number(BigInt(a) & ~BigInt(b));
/** Masks have at most 32 bits (resctrl's u32). */
const maskOf = (text: string | null | undefined): number | null => (text !== null && text !== undefined && /^[0-9a-fA-F]{1,8}$/.test(text) ? Number.parseInt(text, 16) : null);

/** Whether shares for the host can be written as they are, as far as the last reading tells. Total. */
export function checkShares(request: HostCacheRequest, allocation: Allocation): Checked {
  const { resource, masks, snapshot } = request;
  const ids = Object.keys(masks).map(Number);
  if (ids.length === 0) return { problems: [{ why: 'No share is given for any cache.', next: 'Name each cache by its id, with the host’s share.' }], notes: [] };
  const standing = standingIds(request, allocation);
  const unknown = standing.length === 0 ? [] : ids.filter((id) => !standing.includes(id));
  const known = resource === 'MB' ? checkBandwidth(request, allocation) : checkMasks(request, allocation);
  const left = allocation.isMounted ? standing.filter((id) => !ids.includes(id)) : [];
  return {
    problems: [...unknown.map((id) => ({ why: `There is no ${resource} with the id ${String(id)}.`, next: `Its ids are ${standing.join(', ')}; they need not be in sequence.` })), ...known.problems],
    notes: [
      ...known.notes,
      ...(left.length === 0 ? [] : [`Left as it is: ${left.map((id) => `${resource} ${String(id)} (${standingShares(snapshot, allocation.lines[0] ?? '').get(id)?.toString(resource === 'MB' ? 10 : 16) ?? ''})`).join(', ')}.`]),
    ],
  };
}

/** Ids from the schemata; before it is mounted, from the caches themselves; empty when they are not told. */
function standingIds({ resource, snapshot }: HostCacheRequest, { lines: [name = ''], isMounted }: Allocation): number[] {
  if (isMounted) return [...standingShares(snapshot, name).keys()];
  const level = resource === 'L2' ? 2 : 3;
  return [...new Set(snapshot.caches.flatMap((cache) => (cache.level === level && cache.type !== 'instruction' && cache.id !== null ? [cache.id] : [])))].sort((a, b) => a - b);
}

function checkMasks({ resource, masks, snapshot, capture }: HostCacheRequest, { lines }: Allocation): Checked {
  const problems: Problem[] = [];
  const notes: string[] = [];
  if (lines.length > 1) notes.push(`Code and data are shared out apart on this board (${lines.join(', ')}): the host gets the same share of both, and half as many groups are left.`);
  const name = lines[0] ?? resource;
  const found = snapshot.resctrl.resources.find((candidate) => candidate.name === name);
  const whole = maskOf(found?.cbmMask);
  const least = found?.minBits ?? 1;
  const shareable = maskOf(found?.shareableBits) ?? 0;
  const maySparse = capture.value(`${info}/${name}/sparse_masks`) === '1';
  for (const [id, text] of Object.entries(masks)) {
    const mask = maskOf(text);
    const cache = `${resource} ${id}`;
    if (mask === null) problems.push({ why: `${cache}: ${text} is not a mask of at most 32 ways.`, next: 'Give it in hexadecimal, one bit a way.' });
    else if (mask === 0) problems.push({ why: `${cache}: the host would be left without a way.`, next: `Give it at least ${String(least)}.` });
    else if (whole !== null && without(mask, whole) !== 0) problems.push({ why: `${cache}: ${text} names ways that are not there.`, next: `The whole cache is ${hex(whole)}: ${String(bitCount(whole))} ways.` });
    else if (!maySparse && !isContiguous(mask)) problems.push({ why: `${cache}: ${text} is not one run of ways, and this processor takes no other.`, next: 'Give ways that lie beside each other.' });
    else if (bitCount(mask) < least) problems.push({ why: `${cache}: ${text} has ${String(bitCount(mask))} of at least ${String(least)} ways.`, next: 'Give it more.' });
    else notes.push(...remarksOn(cache, mask, whole, shareable), ...groupsWith(capture, lines, Number(id), mask).map((group) => `${cache}: the group ${group} has some of these ways too, until its VM is started again.`));
  }
  return { problems, notes };
}

function remarksOn(cache: string, mask: number, whole: number | null, shareable: number): string[] {
  const exposed = without(shareable, mask);
  return [
    ...(mask === whole ? [`${cache}: the host keeps all ways. libvirt finds none free for a VM: it gives only what the host’s group does not have.`] : []),
    ...(exposed === 0 ? [] : [`${cache}: the ways ${hex(exposed)} are used by devices too, and are left to VMs: devices push a VM’s lines out of them.`]),
  ];
}

/** Groups beside the default one whose ways overlap with a mask. */
function groupsWith(capture: Capture, names: readonly string[], id: number, mask: number): string[] {
  return capture.paths(/^\/sys\/fs\/resctrl\/[^/]+\/schemata$/).flatMap((path) => {
    const group = path.split('/')[4] ?? '';
    const shares = (capture.lines(path) ?? []).map(parseSchemataLine).filter((line) => line !== null && names.includes(line.resource));
    return group !== 'info' && shares.some((line) => overlap(Number(line?.values.get(id) ?? 0n), mask) !== 0) ? [group] : [];
  });
}
type Capture = HostCacheRequest['capture'];

function checkBandwidth({ masks, snapshot: { cpus }, capture }: HostCacheRequest, { mountOptions }: Allocation): Checked {
  if (cpus.vendor === 'AuthenticAMD' || mountOptions.includes('mba_MBps')) {
    return { problems: [{ why: `Bandwidth is not counted in percent on this board (${mountOptions.includes('mba_MBps') ? 'mounted with mba_MBps: MiB/s' : 'AMD: eighths of GB/s'}).`, next: 'Write it to /sys/fs/resctrl/schemata by hand, in its own unit.' }], notes: [] };
  }
  const least = Number(capture.value(`${info}/MB/min_bandwidth`) ?? '1') || 1;
  const step = Number(capture.value(`${info}/MB/bandwidth_gran`) ?? '1') || 1;
  const problems = Object.entries(masks).flatMap(([id, text]): Problem[] => {
    const percent = /^\d{1,3}$/.test(text) ? Number(text) : 0;
    if (percent < least || percent > 100) return [{ why: `MB ${id}: ${text} is not from ${String(least)} to 100 percent.`, next: 'Give a number of percent, decimal.' }];
    return percent % step === 0 ? [] : [{ why: `MB ${id}: the hardware knows steps of ${String(step)} %, and would make ${String(Math.ceil(percent / step) * step)} of ${text}.`, next: `Give ${String(Math.ceil(percent / step) * step)}.` }];
  });
  const unlimited = Object.entries(masks).filter(([, text]) => text === '100').map(([id]) => id);
  return { problems, notes: unlimited.length === 0 ? [] : [`100 % limits nothing (MB ${unlimited.join(', ')}). Limits go on what disturbs: the host and the stressor, not the real-time VM.`] };
}
