import { html, type Html } from '../html.ts';
import type { ReportChange, ReportContent } from '../report-content.ts';
import { code, dateInWords, section, table } from './parts.ts';

/** What RTVM Bench changed on the boards, and what differs between their first and last reading whoever changed it. */
export function changesSection({ boards }: ReportContent): Html {
  return section('changes', 'What was changed', boards.map(({ board, changes, differences, readings }) => html`<article><h3>${board.name}</h3>
${changes.length === 0 ? html`<p>RTVM Bench has changed nothing on this board.</p>` : changes.map(oneChange)}
${readings.length < 2 ? html`<p class="quiet">${readings.length === 0 ? 'It has not been read.' : 'It was read once, so nothing can be said about what changed otherwise.'}</p>` : differences.length === 0
    ? html`<p>Its first reading (${dateInWords(readings[0] ?? '')}) and its last (${dateInWords(readings.at(-1) ?? '')}) say the same.</p>`
    : html`<h4>Between the first reading (${dateInWords(readings[0] ?? '')}) and the last (${dateInWords(readings.at(-1) ?? '')})</h4>${table(['what', 'before', 'after'], differences.map(({ what, before, after }) => [what, code(before), code(after)]))}`}
</article>
`));
}

function oneChange({ id, title, owner, startedAt, state, words, steps }: ReportChange): Html {
  return html`<h4>${title} <span class="tag ${state === 'done' ? 'good' : state === 'failed' || state === 'fell-back' ? 'bad' : 'warn'}">${state}</span></h4>
<p>Change ${code(id)}, begun ${dateInWords(startedAt)}${owner === '' ? '' : ` by ${owner}`}. ${words}</p>
${table(['step', 'what', 'why', 'state'], steps.map((step) => [step.number, step.title, step.why, step.state]))}`;
}
