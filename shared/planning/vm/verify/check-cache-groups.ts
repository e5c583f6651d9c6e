import type { CacheGroup, VmCheck } from '../../../model/vm.ts';
import type { CacheShare } from '../../../model/vm-map.ts';
import { formatCpuList } from '../../../parsers/cpu-list.ts';
import { bandwidthSharesOf, cacheSharesOf } from '../defined-shares.ts';
import { granularityOf } from '../host-capabilities.ts';
import { shareBytes } from '../rules/cache-shares.ts';
import { good, notAsked, readAsRoot, shortened, tuneAndRestart, unknown, vcpuThreadsOf, wrong, type Subject } from './subject.ts';

const cache = { id: 'cache-group', title: 'Its share of the cache is its own' };
const bandwidth = { id: 'bandwidth', title: 'Its share of memory bandwidth is as asked' };

export function checkCacheGroups(subject: Subject): VmCheck[] {
  return [checkCache(subject), checkBandwidth(subject)];
}

const resourceOf = ({ level, type }: Pick<CacheShare, 'level' | 'type'>) => `L${level}${type === 'both' ? '' : type.toUpperCase()}`;

/** Value of one cache or node in a group's schemata: `L3:0=00f;1=fff`. Source: Linux Documentation/arch/x86/resctrl.rst. */
function entryOf(group: CacheGroup | undefined, resource: string, id: number): string | null {
  const line = group?.schemata.find((one) => one.startsWith(`${resource}:`));
  return line?.slice(resource.length + 1).split(';').map((part) => part.trim().split('=')).find(([key]) => Number(key) === id)?.[1]?.trim() ?? null;
}

const maskOf = (group: CacheGroup | undefined, resource: string, id: number): bigint | null => {
  const digits = entryOf(group, resource, id);
  return digits !== null && /^[0-9a-f]{1,16}$/i.test(digits) ? BigInt(`0x${digits}`) : null;
};
const waysIn = (mask: bigint) => [...mask.toString(2)].filter((bit) => bit === '1').length;
const nameOf = ({ name }: CacheGroup) => (name === '' ? 'the host’s own group' : `group ${name}`);

function checkCache(subject: Subject): VmCheck {
  const { vm, host, map, running, capabilities } = subject;
  const shares = map !== null && map.cache.length > 0 ? map.cache : cacheSharesOf(running, capabilities);
  const groups = host.cacheGroups;
  if (shares.length === 0) return notAsked(cache, { message: 'Neither its definition nor a map asks for a share of the cache.' });
  if (groups === null) return wrong(cache, { message: 'A share of the cache is asked for, and the host has no resctrl mounted: nothing is divided.' }, 'Mount resctrl and narrow the host’s own share in the cache plan, then start the VM again.');
  const threads = vcpuThreadsOf(vm);
  if (threads.length === 0) return unknown(cache, { message: 'The threads of this VM were not seen.' }, readAsRoot);
  const evidence: string[] = [];
  const faults: string[] = [];
  for (const share of shares) {
    const names = [...new Set(threads.filter(({ vcpu }) => share.vcpus.includes(vcpu)).map(({ cacheGroup }) => cacheGroup ?? ''))];
    const [name] = names;
    const what = `vCPU ${formatCpuList(share.vcpus)}, ${resourceOf(share)} of cache ${share.id}`;
    if (name === undefined || names.length !== 1 || name === '') {
      faults.push(`vCPU ${formatCpuList(share.vcpus)} is not in a cache group of its own.`);
      evidence.push(`${what}: ${names.map((one) => (one === '' ? 'the host’s own group' : one)).join(', ')}`);
      continue;
    }
    const group = groups.find((one) => one.name === name);
    const mask = maskOf(group, resourceOf(share), share.id);
    if (mask === null) {
      faults.push(`The group ${name} says nothing of ${resourceOf(share)} of cache ${share.id}.`);
      continue;
    }
    const wayBytes = share.granularityBytes ?? granularityOf(capabilities, share);
    const wanted = wayBytes === null ? null : shareBytes({ ...share, granularityBytes: wayBytes }) / wayBytes;
    evidence.push(`${what}: group ${name}, mask ${mask.toString(16)}, ${waysIn(mask)} ways${wayBytes === null ? '' : ` of ${wayBytes / 1024} KiB; ${wanted ?? '?'} asked for`}`);
    if (wanted !== null && waysIn(mask) < wanted) faults.push(`The mask was narrowed: ${waysIn(mask)} of ${wanted} ways.`);
    if (wanted !== null && waysIn(mask) > wanted) faults.push(`The mask is wider than asked: ${waysIn(mask)} instead of ${wanted} ways.`);
    for (const other of groups.filter((one) => one.name !== name)) {
      const theirs = maskOf(other, resourceOf(share), share.id);
      if (theirs === null || (theirs & mask) === 0n) continue;
      faults.push(`${waysIn(theirs & mask)} of its ways are also those of ${nameOf(other)}.`);
      evidence.push(`${nameOf(other)}: ${resourceOf(share)} mask ${theirs.toString(16)} of cache ${share.id}`);
    }
  }
  const [...said] = new Set(faults);
  return said.length === 0 ? good(cache, { message: 'Its vCPUs are in their group, with the ways asked for, and no other group has any of them.', evidence: shortened(evidence) })
    : wrong(cache, { message: said.slice(0, 4).join(' '), evidence: shortened(evidence) }, 'Narrow the host’s own group in the cache plan first (it is set before VMs start), tune the VM, then shut it down and start it again: shares are given at a start.');
}

function checkBandwidth({ vm, host, map, running }: Subject): VmCheck {
  const shares = map !== null && map.bandwidth.length > 0 ? map.bandwidth : bandwidthSharesOf(running);
  if (shares.length === 0) return notAsked(bandwidth, { message: 'Neither its definition nor a map limits its memory bandwidth.' });
  const threads = vcpuThreadsOf(vm);
  if (host.cacheGroups === null || threads.length === 0) return unknown(bandwidth, { message: 'The groups of resctrl were not read.' }, 'Mount resctrl, and read the VMs again as root.');
  const judged = shares.map(({ vcpus, node, percent }) => {
    const name = threads.find(({ vcpu }) => vcpus.includes(vcpu))?.cacheGroup ?? '';
    const found = entryOf(host.cacheGroups?.find((group) => group.name === name), 'MB', node);
    return { isSo: Number(found) === percent && name !== '', line: `vCPU ${formatCpuList(vcpus)}, node ${node}: MB ${found ?? 'not there'} in ${name === '' ? 'the host’s own group' : `group ${name}`}; ${percent} asked for` };
  });
  const evidence = judged.map(({ line }) => line);
  const limitsNothing = shares.every(({ percent }) => percent === 100) ? ' 100 % limits nothing: limits go on the load and on the host.' : '';
  return judged.every(({ isSo }) => isSo) ? good(bandwidth, { message: `As asked.${limitsNothing}`, evidence }) : wrong(bandwidth, { message: `It is not as asked.${limitsNothing}`, evidence }, tuneAndRestart);
}
