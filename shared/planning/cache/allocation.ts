import type { Refused } from '../../model/plan.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Capture } from '../../parsers/capture.ts';
import { parseSchemataLine } from '../change/schemata-line.ts';

export type CacheResource = 'L2' | 'L3' | 'MB';

/** A resource that a board can share out. */
export interface Allocation {
  /** Its lines in schemata: one, or two where code and data are shared out apart. */
  readonly lines: readonly string[];
  readonly isMounted: boolean;
  /** What it is mounted with that changes its meaning. */
  readonly mountOptions: readonly string[];
}

interface Board { readonly snapshot: Pick<Snapshot, 'resctrl' | 'cpus' | 'virtualisation' | 'kernel'>; readonly capture: Capture; readonly resource: CacheResource }

const flags: Readonly<Record<CacheResource, string>> = { L2: 'cat_l2', L3: 'cat_l3', MB: 'mba' };
/** Names for the kernel's parameter `rdt=`. */
const parameterNames: Readonly<Record<CacheResource, string>> = { L2: 'l2cat', L3: 'l3cat', MB: 'mba' };
const knownOptions = new Set(['cdp', 'cdpl2', 'mba_MBps', 'debug']);

/** Whether a board can share a resource out, or what speaks against it. Total. */
export function allocationOf({ snapshot: { resctrl, cpus, virtualisation, kernel }, capture, resource }: Board): Allocation | Omit<Refused, 'setting'> {
  const codeAndData = [`${resource}CODE`, `${resource}DATA`];
  const known = new Set(resctrl.resources.map(({ name }) => name));
  const mountOptions = optionsOf(capture);
  if (resctrl.mounted) {
    if (known.has(resource)) return { lines: [resource], isMounted: true, mountOptions };
    if (codeAndData.every((name) => known.has(name))) return { lines: codeAndData, isMounted: true, mountOptions };
  }
  if (virtualisation.kind === 'vm') return { why: 'This is a virtual machine: it is never shown how caches are shared out.', next: 'Plan it on the host.' };
  const switchedOff = switchedOffBy(kernel.commandLine ?? '', resource);
  if (switchedOff !== null) return { why: `${resource} is switched off on the kernel’s command line (${switchedOff}).`, next: 'Take it out of the command line and start the board again.' };
  const config = Object.entries(kernel.config).find(([name]) => /^(?:CONFIG_)?X86_CPU_RESCTRL$/.test(name))?.[1];
  if (!resctrl.supported && Object.keys(kernel.config).length > 0 && config !== 'y') {
    return { why: 'This kernel was built without resctrl (CONFIG_X86_CPU_RESCTRL).', next: 'Use a kernel that has it, as those of Debian, Ubuntu and Red Hat do.' };
  }
  if (!cpus.flags.includes(flags[resource])) {
    return { why: `The CPU shows no sign of it (${flags[resource]} in /proc/cpuinfo). Some client processors have it without showing it; Linux does not use it there.`, next: 'Keep load off the CPUs that share a cache with the VM, by the CPU map; vendors’ tools for such processors (Intel TCC) may know more.' };
  }
  if (!resctrl.supported) return { why: `The CPU has it (${flags[resource]}), and this kernel offers no resctrl.`, next: 'Look into the kernel’s messages for resctrl, and into its configuration for CONFIG_X86_CPU_RESCTRL.' };
  if (resctrl.mounted) return { why: `resctrl is mounted, and has no ${resource}: ${[...known].join(', ') || 'nothing'}.`, next: 'Look into the kernel’s messages for resctrl.' };
  return { lines: [resource], isMounted: false, mountOptions: [] };
}

function optionsOf(capture: Capture): string[] {
  const mount = capture.lines('/proc/mounts')?.map((line) => line.split(' ')).find(([, where, type]) => where === '/sys/fs/resctrl' && type === 'resctrl');
  return mount?.[3]?.split(',').filter((option) => knownOptions.has(option)) ?? [];
}

/** The word that switches it off; null: none. */
function switchedOffBy(commandLine: string, resource: CacheResource): string | null {
  const words = commandLine.split(/\s+/).filter((word) => word.startsWith('rdt='));
  return words.find((word) => word.slice('rdt='.length).split(',').includes(`!${parameterNames[resource]}`)) ?? null;
}

/** The line of a resource as it stands, by id; empty where there is none. */
export function standingShares({ resctrl }: Pick<Snapshot, 'resctrl'>, name: string): ReadonlyMap<number, bigint> {
  for (const text of resctrl.schemata) {
    const line = parseSchemataLine(text);
    if (line?.resource === name) return line.values;
  }
  return new Map();
}
