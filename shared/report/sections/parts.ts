import type { Verdict } from '../../model/run.ts';
import type { SettingStatus } from '../../model/setting.ts';
import { dateOfStamp } from '../../model/stamp.ts';
import { html, type Html, type HtmlPart } from '../html.ts';

/** A section of a report with its heading; `id` is its name in addresses. */
export const section = (id: string, title: string, content: HtmlPart): Html => html`<section id="${id}"><h2>${title}</h2>
${content}
</section>
`;

/** A table in a frame that scrolls where the window is narrow. */
export function table(head: readonly HtmlPart[], rows: ReadonlyArray<readonly HtmlPart[]>, kind = ''): Html {
  return html`<div class="table" tabindex="0"><table class="${kind}"><thead><tr>${head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead><tbody>
${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>
`)}</tbody></table></div>
`;
}

/** Names with their values; what has none is left out. */
export function facts(list: ReadonlyArray<readonly [name: string, value: HtmlPart]>): Html {
  return html`<dl>${list.filter(([, value]) => value !== null && value !== '').map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
`;
}

export const list = (items: readonly HtmlPart[], kind = ''): Html | null => (items.length === 0 ? null : html`<ul class="${kind}">${items.map((item) => html`<li>${item}</li>`)}</ul>
`);

export const code = (text: string): Html => html`<code>${text}</code>`;

/** "21 Nov 2026, 13:07:03 UTC", of a stamp or a time as ISO writes it; anything else stays as it is. */
export function dateInWords(time: string): string {
  const date = dateOfStamp(time);
  if (Number.isNaN(date.getTime())) return time;
  const month = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'][date.getUTCMonth()] ?? '';
  return `${date.getUTCDate()} ${month} ${date.getUTCFullYear()}, ${date.toISOString().slice(11, 19)} UTC`;
}

const verdictKinds: Readonly<Record<Verdict['grade'], string>> = { great: 'good', good: 'good', poor: 'bad', 'not comparable': 'warn' };

/** A verdict as a tag: its word, never its colour alone. */
export const verdictTag = ({ grade, indicative }: Verdict): Html => html`<span class="tag ${verdictKinds[grade]}">${grade}${indicative ? ', indicative' : ''}</span>`;

const statusKinds: Readonly<Record<SettingStatus, string>> = { ok: 'good', change: 'bad', blocked: 'bad', manual: 'warn', unknown: 'warn', 'not-applicable': 'none' };
const statusWords: Readonly<Record<SettingStatus, string>> = { ok: 'in order', change: 'to change', blocked: 'blocked', manual: 'for a person to check', unknown: 'unknown', 'not-applicable': 'not applicable' };

/** "3 to change, 24 in order": the most pressing first. */
export function statusCounts(settings: ReadonlyArray<{ readonly status: SettingStatus }>): string {
  const counts = pressing.map((status) => [status, settings.filter((one) => one.status === status).length] as const).filter(([, count]) => count > 0);
  return counts.map(([status, count]) => `${count} ${statusWords[status]}`).join(', ');
}

/** The most pressing first. */
export const pressing: readonly SettingStatus[] = ['change', 'blocked', 'unknown', 'manual', 'ok', 'not-applicable'];

export const statusWord = (status: SettingStatus): string => statusWords[status];
export const statusTag = (status: SettingStatus): Html => html`<span class="tag ${statusKinds[status]}">${statusWords[status]}</span>`;
