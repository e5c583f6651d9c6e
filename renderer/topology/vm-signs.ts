import type { CpuSign } from './cpu-sign.ts';
import { claimSigns, claimsOf } from './cpu-claim.ts';
import type { Snapshot } from '../../shared/model/snapshot.ts';

/** A thread of a VM with the host CPUs it is shown on; null: on any. */
export interface PlacedThread { readonly vm: string; readonly role: 'vcpu' | 'emulator' | 'iothread' | 'vhost'; readonly title: string; readonly vcpu: number | null; readonly cpus: readonly number[] | null }

const rank = { vcpu: 0, iothread: 1, emulator: 2, vhost: 3 } as const;

/** What each CPU shows when one VM is looked at: its own threads by number, those of others as theirs, and the rest as the board has it. */
export function vmSignsOf(cpus: Snapshot['cpus'], threads: readonly PlacedThread[], ownName: string): Map<number, CpuSign> {
  const claims = claimsOf(cpus, []);
  return new Map(cpus.list.map(({ cpu }) => {
    const here = threads.filter((thread) => thread.cpus !== null && thread.cpus.length < cpus.online.length && thread.cpus.includes(cpu));
    const claim = claims.get(cpu) ?? 'housekeeping';
    const own = here.filter(({ vm }) => vm === ownName).sort((a, b) => rank[a.role] - rank[b.role]);
    const [shown] = own.length > 0 ? own : here;
    const words = [...here.map(({ vm, title }) => `${title} of ${vm}`), claimSigns[claim].word].join(', ');
    if (shown === undefined || claim === 'offline') return [cpu, { look: claim, letter: claimSigns[claim].letter, words }];
    return [cpu, shown.vm === ownName ? { ...signOf(shown), words } : { look: 'stressor', letter: '•', words }];
  }));
}

function signOf({ role, vcpu }: PlacedThread): Omit<CpuSign, 'words'> {
  if (role === 'vcpu') return { look: 'vm', letter: `v${String(vcpu ?? '?')}` };
  return role === 'iothread' ? { look: 'io-threads', letter: 'O' } : { look: 'emulator', letter: 'E' };
}
