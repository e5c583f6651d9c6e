import type { Tone } from '../../components/tone.ts';

/** What is said of the link to a board while a run goes on there. */
export function linkWords(state: string | undefined): { readonly tone: Tone; readonly sign: string; readonly words: string } {
  switch (state) {
    case 'slow': return { tone: 'warn', sign: '◐', words: 'Slow link: readings come late' };
    case 'lost': return { tone: 'warn', sign: '○', words: 'Link lost: the run goes on on the board' };
    case 'reconnecting': return { tone: 'warn', sign: '◌', words: 'Reconnecting: the run goes on on the board' };
    default: return { tone: 'good', sign: '●', words: 'Following the board' };
  }
}
