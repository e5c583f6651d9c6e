import type { FourStates, SettingReport, StateVerdict } from '../../../shared/model/setting.ts';

export const stateNames = ['requested', 'written', 'booted', 'effective'] as const satisfies ReadonlyArray<keyof FourStates>;
export type StateName = (typeof stateNames)[number];

/** How a state stands to what is asked for. `warn`: it waits, or nobody can tell; `empty`: not known, or there is no such state. */
export type BarKind = 'good' | 'bad' | 'warn' | 'empty';
export interface StateBar { readonly state: StateName; readonly kind: BarKind; readonly value: string | null }

type Judged = Pick<SettingReport, 'status' | 'states' | 'stuckAt' | 'verdicts'>;

/** One bar a state, in the order in which a setting makes its way. Total. */
export function stateBars(report: Judged): StateBar[] {
  return stateNames.map((state) => ({ state, kind: kindOf(report, state), value: report.states[state] }));
}

function kindOf({ status, states, stuckAt, verdicts }: Judged, state: StateName): BarKind {
  const value = states[state];
  if (status === 'not-applicable') return 'empty';
  if (state === 'requested') return value === null ? 'empty' : 'good';
  const verdict: StateVerdict = verdicts[state];
  switch (verdict) {
    case 'good': return value === null ? 'empty' : 'good';
    case 'none': return 'empty';
    // A value that settles nothing is there to be looked at.
    case 'unknown': return value === null ? 'empty' : 'warn';
    case 'bad':
      // What is in order without being written down needs no writing.
      if (status === 'ok') return value === null || value === 'absent' ? 'empty' : 'warn';
      // A setting that is written and not booted waits for nothing but a start.
      return stuckAt === 'booted' ? 'warn' : 'bad';
  }
}

const kindWords: Readonly<Record<BarKind, string>> = { good: 'as it should be', bad: 'not as asked for', warn: 'not settled', empty: 'not known' };

/** The bars in words: `written: absent, not as asked for`. States that are not known are left out, unless none is known. */
export function barsText(bars: readonly StateBar[]): string {
  const said = bars.filter(({ kind, value }) => kind !== 'empty' || value !== null);
  if (said.length === 0) return 'no state is known';
  return said.map(({ state, kind, value }) => state === 'requested' ? `${state}: ${value ?? 'nothing'}` : `${state}: ${value ?? 'nothing seen'}${kind === 'empty' ? '' : `, ${kindWords[kind]}`}`).join('; ');
}
