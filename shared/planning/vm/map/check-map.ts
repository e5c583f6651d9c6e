import type { VmMap } from '../../../model/vm-map.ts';
import { formatCpuset, sameNumbers } from '../cpuset.ts';
import { repeated } from '../repeated.ts';
import { addressText } from '../rules/passthrough.ts';
import { shareBytes } from '../rules/cache-shares.ts';
import type { MapProblem } from './map-problem.ts';

/** What in a map contradicts itself, whatever the domain. */
export function problemsOfMap(map: VmMap): MapProblem[] {
  return [...placeProblems(map), ...emulatorProblems(map), ...priorityProblems(map), ...cacheProblems(map), ...bandwidthProblems(map), ...topologyProblems(map), ...passthroughProblems(map)];
}

function placeProblems({ vcpus, iothreads }: VmMap): MapProblem[] {
  const numbers = vcpus.map(({ vcpu }) => vcpu);
  const present = new Set(numbers);
  const absent = Array.from({ length: Math.max(...numbers) + 1 }, (_, vcpu) => vcpu).filter((vcpu) => !present.has(vcpu));
  const twice = repeated(numbers);
  return [
    ...(twice.length === 0 ? [] : [{ field: 'vcpus', message: `vCPU ${twice.join(', ')} is placed twice.`, fix: 'Place each vCPU once.' }]),
    ...(absent.length === 0 ? [] : [{
      field: 'vcpus', message: `The map places ${numbers.length} vCPUs up to number ${Math.max(...numbers)}, and not vCPU ${formatCpuset(absent)}: a VM has all numbers from 0 up, and libvirt drops the place of a vCPU that it does not have without a word.`,
      fix: `Number the vCPUs 0 to ${numbers.length - 1}, or place vCPU ${formatCpuset(absent)} too.`,
    }]),
    ...repeated(vcpus.map(({ cpu }) => cpu)).map((cpu) => ({
      field: 'vcpus', message: `vCPUs ${formatCpuset(vcpus.filter((place) => place.cpu === cpu).map(({ vcpu }) => vcpu))} are both on CPU ${cpu}: one would wait for the other, and with real-time priorities one may never run.`, fix: 'Give each vCPU a CPU of its own.',
    })),
    ...repeated(iothreads.map(({ iothread }) => iothread)).map((id) => ({ field: 'iothreads', message: `I/O thread ${id} is placed twice.`, fix: 'Place each I/O thread once.' })),
  ];
}

/** Emulator and I/O threads are ordinary threads: on the CPU of a real-time vCPU they would wait forever, and the vCPU for them. */
function emulatorProblems({ vcpus, emulator, iothreads, ioThreadCpus, scheduler }: VmMap): MapProblem[] {
  if (scheduler.policy === 'other') return [];
  const busy = new Set(vcpus.map(({ cpu }) => cpu));
  const groups = [...(emulator === null ? [] : [{ field: 'emulator', who: 'The emulator', cpus: emulator }]), ...(ioThreadCpus === null ? [] : [{ field: 'iothreads', who: 'An I/O thread', cpus: ioThreadCpus }]), ...iothreads.map(({ iothread, cpus }) => ({ field: 'iothreads', who: `I/O thread ${iothread}`, cpus }))];
  return groups.filter(({ cpus }) => cpus.every((cpu) => busy.has(cpu))).map(({ field, who, cpus }) => ({
    field, message: `${who} would have only CPU ${formatCpuset(cpus)}, where vCPUs run with real-time priority: they would starve it, and then wait for it.`, fix: 'Give it a CPU on the same node that no vCPU has.',
  }));
}

const passthroughProblems = ({ passthrough }: VmMap): MapProblem[] => repeated(passthrough.map(addressText)).map((address) => ({
  field: 'passthrough', message: `The PCI function ${address} is handed over twice.`, fix: 'Name it once.',
}));

const ofMissing = (field: string, vcpus: readonly number[], present: ReadonlySet<number>): MapProblem[] => {
  const missing = vcpus.filter((vcpu) => !present.has(vcpu));
  return missing.length === 0 ? [] : [{ field, message: `It names vCPU ${formatCpuset(missing)}, which the map does not place.`, fix: `The VM has vCPUs ${formatCpuset([...present])}.` }];
};

function priorityProblems({ vcpus, scheduler }: VmMap): MapProblem[] {
  const present = new Set(vcpus.map(({ vcpu }) => vcpu));
  const named = scheduler.priorities.flatMap((entry) => entry.vcpus);
  const twice = repeated(named);
  return [
    ...scheduler.priorities.flatMap((entry, index) => ofMissing(`scheduler.priorities[${index}]`, entry.vcpus, present)),
    ...(twice.length === 0 ? [] : [{ field: 'scheduler.priorities', message: `vCPU ${formatCpuset(twice)} has two priorities.`, fix: 'Name each vCPU once.' }]),
  ];
}

function overlaps(a: readonly number[], b: readonly number[]): boolean {
  if (sameNumbers(a, b)) return false;
  const ofB = new Set(b);
  return a.some((one) => ofB.has(one));
}

/** Groups of vCPUs are the same or apart, in caches and bandwidth together: libvirt makes one resctrl group of each. */
function groupProblems(field: string, groups: ReadonlyArray<readonly number[]>, others: ReadonlyArray<readonly number[]>): MapProblem[] {
  const [clash] = groups.flatMap((group, index) => {
    const other = [...groups.slice(index + 1), ...others].find((one) => overlaps(group, one));
    return other === undefined ? [] : [{ group, other }];
  });
  return clash === undefined ? [] : [{
    field, message: `The groups of vCPUs ${formatCpuset(clash.group)} and ${formatCpuset(clash.other)} overlap; libvirt refuses that (“Overlapping vcpus in resctrls”).`, fix: 'Let the groups name the same vCPUs, or different ones.',
  }];
}

function cacheProblems({ vcpus, cache }: VmMap): MapProblem[] {
  const present = new Set(vcpus.map(({ vcpu }) => vcpu));
  const problems = cache.flatMap((share, index) => ofMissing(`cache[${index}]`, share.vcpus, present));
  const placed = cache.map((share) => ({ ...share, place: `${formatCpuset(share.vcpus)} level ${share.level} cache ${share.id}` }));
  for (const place of new Set(placed.map((share) => share.place))) {
    const types = placed.filter((share) => share.place === place).map(({ type }) => type);
    if (repeated(types).length > 0) problems.push({ field: 'cache', message: `vCPUs ${place} has two shares of the same kind.`, fix: 'Give one share for each cache.' });
    else if (types.includes('both') && types.length > 1) problems.push({ field: 'cache', message: `vCPUs ${place} has a share for code and data together, and one for one of them.`, fix: 'Use “both”, or “code” and “data” (with CDP).' });
  }
  for (const [index, share] of cache.entries()) {
    if (shareBytes(share) > 2 ** 40) problems.push({ field: `cache[${index}].size`, message: 'No cache is so large.', fix: 'Write a size such as "8MiB".' });
  }
  return [...problems, ...groupProblems('cache', cache.map((share) => share.vcpus), [])];
}

function bandwidthProblems({ vcpus, cache, bandwidth }: VmMap): MapProblem[] {
  const present = new Set(vcpus.map(({ vcpu }) => vcpu));
  const twice = repeated(bandwidth.map((share) => `vCPUs ${formatCpuset(share.vcpus)} on node ${share.node}`));
  return [
    ...bandwidth.flatMap((share, index) => ofMissing(`bandwidth[${index}]`, share.vcpus, present)),
    ...twice.map((which) => ({ field: 'bandwidth', message: `There are two limits for ${which}.`, fix: 'Give one.' })),
    ...groupProblems('bandwidth', bandwidth.map((share) => share.vcpus), cache.map((share) => share.vcpus)),
  ];
}

function topologyProblems({ vcpus, topology }: VmMap): MapProblem[] {
  const product = topology === null ? vcpus.length : topology.sockets * topology.cores * topology.threads;
  return product === vcpus.length ? [] : [{
    field: 'topology', message: `Sockets times cores times threads is ${product}, and the map places ${vcpus.length} vCPUs; libvirt does not start such a VM (“CPU topology doesn't match maximum vcpu count”).`, fix: 'Leave the topology out, or let it fit.',
  }];
}
