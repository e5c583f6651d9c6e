import type { CampaignCell, CampaignDetail, CellView, ConditionSummary } from '../../../shared/model/campaign.ts';
import type { Tone } from '../../components/tone.ts';
import { formatUs } from '../../text/format.ts';

export interface MatrixCell {
  readonly cell: CampaignCell;
  readonly view: CellView;
  readonly tone: Tone | 'missing' | 'waiting' | 'running';
  readonly sign: string;
  /** What stands in the cell, in a word or two. */
  readonly text: string;
  /** The same for who hears it. */
  readonly words: string;
}

export interface MatrixRow { readonly condition: string; readonly cells: readonly MatrixCell[]; readonly summary: ConditionSummary | undefined }

/** A campaign as rows of conditions with their repeats, both in the order of the plan. */
export function matrixOf({ plan, cells, summary }: Pick<CampaignDetail, 'plan' | 'cells' | 'summary'>): MatrixRow[] {
  const views = new Map(cells.map((view) => [view.number, view]));
  return [...new Set(plan.map(({ condition }) => condition))].map((condition) => ({
    condition,
    summary: summary.find((one) => one.condition === condition),
    cells: plan.filter((cell) => cell.condition === condition).sort((a, b) => a.repeat - b.repeat).flatMap((cell) => {
      const view = views.get(cell.number);
      return view === undefined ? [] : [matrixCell(cell, view)];
    }),
  }));
}

function matrixCell(cell: CampaignCell, view: CellView): MatrixCell {
  const maximum = view.maxUs === null ? '' : `${formatUs(view.maxUs)} µs`;
  const told = (tone: MatrixCell['tone'], sign: string, text: string, words: string): MatrixCell => ({ cell, view, tone, sign, text, words: `${cell.condition}, repeat ${String(cell.repeat)}: ${words}` });
  switch (view.state) {
    case 'missing': return told('missing', '∅', 'missing', `missing. ${view.reason ?? ''}`);
    case 'not comparable': return told('warn', '!', maximum === '' ? 'not comparable' : maximum, `not comparable${maximum === '' ? '' : `, maximum ${maximum}`}. ${view.reason ?? ''}`);
    case 'running': return told('running', '●', 'measuring', 'measuring, or bringing home what was measured');
    case 'waiting': return told('waiting', '·', timeOf(view.startsAt), `begins at ${timeOf(view.startsAt)} at the latest`);
    case 'done': {
      const grade = view.verdict?.grade;
      if (grade === undefined) return told('info', '·', maximum === '' ? 'done' : maximum, `done${maximum === '' ? '' : `, maximum ${maximum}`}, no verdict`);
      const good = grade === 'great' || grade === 'good';
      return told(good ? 'good' : 'bad', good ? '✓' : '✕', maximum === '' ? grade : maximum, `${grade}${view.verdict?.indicative === true ? ', indicative only' : ''}${maximum === '' ? '' : `, maximum ${maximum}`}`);
    }
  }
}

const two = (value: number): string => String(value).padStart(2, '0');

/** The time of day on this computer, with the day where it is another. */
export function timeOf(iso: string | null, now = new Date()): string {
  const at = iso === null ? null : new Date(iso);
  if (at === null || Number.isNaN(at.getTime())) return 'not yet';
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
  return at.toDateString() === now.toDateString() ? time : `${two(at.getMonth() + 1)}-${two(at.getDate())} ${time}`;
}

/** "6 (5–8)": the median of the repeats, and their range. */
export function figureText(summary: ConditionSummary | undefined, figure: string): string {
  const found = summary?.figures.find((one) => one.figure === figure);
  if (found?.medianUs == null) return '–';
  const { medianUs, lowUs, highUs } = found;
  return lowUs === highUs ? formatUs(medianUs) : `${formatUs(medianUs)} (${formatUs(lowUs)}–${formatUs(highUs)})`;
}

export const figureNames: Readonly<Record<string, string>> = { avg: 'average', p99: '99 %', 'p99.9': '99.9 %', 'p99.99': '99.99 %', max: 'maximum' };
