import type { Assignment, Claimant } from '../../shared/model/cpu-map.ts';
import type { Snapshot } from '../../shared/model/snapshot.ts';
import type { CpuSign } from './cpu-sign.ts';

type Other = Exclude<Claimant['kind'], 'vcpu'>;

/** Look, letter and words of claimants other than VMs, and of CPUs that nobody has or that are off. The letter is also the key that gives a CPU to them. */
export const claimantSigns: Readonly<Record<Other | 'free' | 'offline', CpuSign>> = {
  housekeeping: { look: 'housekeeping', letter: 'H', words: 'housekeeping' },
  emulator: { look: 'emulator', letter: 'E', words: 'emulator threads' },
  ioThreads: { look: 'io-threads', letter: 'O', words: 'I/O threads' },
  measuring: { look: 'measuring', letter: 'M', words: 'measuring threads' },
  stressor: { look: 'stressor', letter: 'S', words: 'stressor' },
  idle: { look: 'idle', letter: 'X', words: 'kept idle' },
  free: { look: 'free', letter: '', words: 'isolated, free' },
  offline: { look: 'offline', letter: '×', words: 'offline' },
};

/** The sign of the n-th VM of the list, from 0: a letter with its number; four patterns take turns. */
export const vmSign = (index: number): Omit<CpuSign, 'words'> => ({ look: `vm vm-${String(index % 4)}`, letter: `V${String(index + 1)}` });

/** What each present CPU shows for the map being drawn. */
export function signsOf(cpus: Snapshot['cpus'], assignments: readonly Assignment[], vmNames: readonly string[]): Map<number, CpuSign> {
  const claimants = new Map(assignments.map(({ cpu, claimant }) => [cpu, claimant]));
  return new Map(cpus.list.map(({ cpu, online }) => [cpu, online ? signOf(claimants.get(cpu), vmNames) : claimantSigns.offline]));
}

function signOf(claimant: Claimant | undefined, vmNames: readonly string[]): CpuSign {
  if (claimant === undefined) return claimantSigns.free;
  if (claimant.kind !== 'vcpu') return claimantSigns[claimant.kind];
  const index = vmNames.indexOf(claimant.vm);
  return { ...(index < 0 ? { look: 'vm', letter: 'V?' } : vmSign(index)), words: `vCPU ${String(claimant.vcpu)} of ${claimant.vm}` };
}
