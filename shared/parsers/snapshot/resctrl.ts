import type { Snapshot } from '../../model/snapshot.ts';
import type { Capture } from '../capture.ts';
import { naturalNumber } from './read.ts';

const rdtFlags = ['rdt_a', 'cat_l3', 'cat_l2', 'cdp_l3', 'cdp_l2', 'cqm', 'cqm_llc', 'cqm_occup_llc', 'cqm_mbm_total', 'cqm_mbm_local', 'mba'];
const info = '/sys/fs/resctrl/info/';

/**
 * Cache and bandwidth allocation. The kernel registers the resctrl file system only where the CPU has it; its figures
 * are there once it is mounted. Missing CPU flags are no proof on client parts, some of which hide what they have.
 */
export function resctrlOf(capture: Capture, cpuFlags: readonly string[]): Snapshot['resctrl'] {
  const schemata = capture.lines('/sys/fs/resctrl/schemata') ?? [];
  const mounted = schemata.length > 0 || (capture.lines('/proc/mounts')?.some((line) => line.split(' ')[2] === 'resctrl') ?? false);
  const registered = capture.lines('/proc/filesystems')?.some((line) => line.trim().split(/\s+/).at(-1) === 'resctrl') ?? false;
  const names = new Set(capture.paths(/^\/sys\/fs\/resctrl\/info\/[A-Z0-9_]+\/[a-z_]+$/).map((path) => path.slice(info.length).split('/')[0] ?? ''));
  return {
    supported: mounted || registered || capture.exists('/sys/fs/resctrl'),
    mounted,
    flags: rdtFlags.filter((flag) => cpuFlags.includes(flag)),
    resources: [...names].sort().map((name) => ({
      name,
      cbmMask: capture.value(`${info}${name}/cbm_mask`),
      minBits: naturalNumber(capture.value(`${info}${name}/min_cbm_bits`)),
      shareableBits: capture.value(`${info}${name}/shareable_bits`),
      closids: naturalNumber(capture.value(`${info}${name}/num_closids`)),
    })),
    schemata: schemata.map((line) => line.trim()).filter((line) => line !== ''),
  };
}
