import type { Snapshot } from '../../shared/model/snapshot.ts';

/** What a CPU is for, as far as a reading tells. `measured` is a CPU of the run that is on now. */
export type Claim = 'housekeeping' | 'isolated' | 'isolated-ticking' | 'tickless' | 'offline' | 'measured';

/** Letter, word and meaning of each claim: a CPU says who claims it by letter as well as by colour. */
export const claimSigns: Readonly<Record<Claim, { letter: string; word: string; meaning: string }>> = {
  housekeeping: { letter: 'H', word: 'housekeeping', meaning: 'the scheduler may put anything here' },
  isolated: { letter: 'I', word: 'isolated, tick stopped', meaning: 'isolated, and the periodic tick stops' },
  'isolated-ticking': { letter: 'It', word: 'isolated, tick on', meaning: 'isolated, but the periodic tick still interrupts it' },
  tickless: { letter: 'N', word: 'tick stopped, not isolated', meaning: 'the tick stops, but the scheduler may put anything here' },
  offline: { letter: '×', word: 'offline', meaning: 'present but switched off' },
  measured: { letter: 'M', word: 'measured now', meaning: 'measured by the run that is on now' },
};

/** Claim of every present CPU. Measured wins over isolated; offline over all. */
export function claimsOf(cpus: Snapshot['cpus'], measured: readonly number[]): Map<number, Claim> {
  const isolated = new Set(cpus.isolated);
  const tickless = new Set(cpus.nohzFull);
  const offline = new Set([...cpus.offline, ...cpus.list.filter((cpu) => !cpu.online).map((cpu) => cpu.cpu)]);
  const running = new Set(measured);
  const claim = (cpu: number): Claim => {
    if (offline.has(cpu)) return 'offline';
    if (running.has(cpu)) return 'measured';
    if (isolated.has(cpu)) return tickless.has(cpu) ? 'isolated' : 'isolated-ticking';
    return tickless.has(cpu) ? 'tickless' : 'housekeeping';
  };
  return new Map(cpus.list.map(({ cpu }) => [cpu, claim(cpu)]));
}
