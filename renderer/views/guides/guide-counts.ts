import type { SettingReport } from '../../../shared/model/setting.ts';

export interface GuideCounts {
  /** Settings that are asked for on this board. */
  readonly asked: number;
  readonly inOrder: number;
  /** To be changed, or blocked. */
  readonly open: number;
  readonly stuck: number;
  readonly waiting: number;
  /** Only a person can look, or it was not read. */
  readonly toLook: number;
}

type Judged = Pick<SettingReport, 'status' | 'stuckAt'>;

const isOpen = ({ status }: Judged) => status === 'change' || status === 'blocked';

/** Whether somebody has to do or look at something. */
export const needsAttention = (setting: Judged): boolean => setting.status !== 'ok' && setting.status !== 'not-applicable';

export function guideCounts(settings: readonly Judged[]): GuideCounts {
  const count = (test: (setting: Judged) => boolean) => settings.filter(test).length;
  const waiting = count((setting) => isOpen(setting) && setting.stuckAt === 'booted');
  const open = count(isOpen);
  return {
    asked: count(({ status }) => status !== 'not-applicable'), inOrder: count(({ status }) => status === 'ok'), open, waiting, stuck: open - waiting,
    toLook: count(({ status }) => status === 'manual' || status === 'unknown'),
  };
}

export interface Pip { readonly pip: string; readonly tone: string; readonly words: string }

/** What a station's tab says: settings to change; quietly those that only a person can look at; null: not judged yet. */
export function stationPip(settings: readonly Judged[] | null): Pip {
  if (settings === null) return { pip: '–', tone: '', words: 'not judged yet' };
  const { asked, open, stuck, toLook } = guideCounts(settings);
  if (asked === 0) return { pip: '–', tone: '', words: 'nothing is asked for here' };
  if (open > 0) return { pip: String(open), tone: stuck > 0 ? 'bad' : 'warn', words: `${String(open)} to change` };
  if (toLook > 0) return { pip: String(toLook), tone: '', words: `${String(toLook)} to look at yourself` };
  return { pip: '✓', tone: 'good', words: 'all in order' };
}
