import type { CampaignView, QueueState } from '../../../shared/model/campaign.ts';
import type { Tone } from '../../components/tone.ts';
import { plural } from '../../text/format.ts';

/** How a campaign stands, in a word and in a sentence. */
export function campaignSign({ state, counts }: Pick<CampaignView, 'state' | 'counts'>): { tone: Tone; text: string; words: string } {
  const bad = [...(counts.missing > 0 ? [`${String(counts.missing)} missing`] : []), ...(counts.notComparable > 0 ? [`${String(counts.notComparable)} not comparable`] : [])].join(', ');
  const words = `${String(counts.done)} of ${plural(counts.cells, 'cell')} done${bad === '' ? '' : `, ${bad}`}.`;
  switch (state) {
    case 'running': return { tone: 'info', text: 'under way', words };
    case 'complete': return { tone: counts.notComparable > 0 ? 'warn' : 'good', text: 'complete', words };
    case 'incomplete': return { tone: 'warn', text: 'incomplete', words };
    case 'cancelled': return { tone: 'warn', text: 'cancelled', words };
  }
}

export const queueWords: Readonly<Record<QueueState, string>> = {
  laid: 'has its time table and has not begun.',
  running: 'is carrying out its time table.',
  ended: 'is through with its time table.',
  killed: 'was at its time table when that was killed there.',
  rebooted: 'was restarted; its time table ended with that.',
  gone: 'has no time table any more.',
};
