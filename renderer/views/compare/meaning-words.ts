import type { Tone } from '../../components/tone.ts';
import type { FigureDifference, Meaning } from '../../../shared/statistics/comparison/comparison.ts';

/** Whether a difference means anything, as a person would ask it. */
export const meaningWords: Readonly<Record<Meaning, { readonly tone: Tone; readonly text: string }>> = {
  different: { tone: 'bad', text: 'more than chance' },
  'perhaps different': { tone: 'warn', text: 'perhaps more than chance' },
  'no difference shown': { tone: 'info', text: 'no difference shown' },
  equal: { tone: 'info', text: 'equal' },
  unknown: { tone: 'info', text: 'cannot be told' },
};

/** More than chance, and shorter than the baseline, is good news. */
export const toneOf = ({ meaning, ns }: Pick<FigureDifference, 'meaning' | 'ns'>): Tone => (meaning === 'different' && ns !== null && ns < 0 ? 'good' : meaningWords[meaning].tone);
