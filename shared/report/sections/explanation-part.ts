import type { Explanation } from '../../model/explanation.ts';
import { html, type Html } from '../html.ts';
import { list, table } from './parts.ts';

/** Findings that a report tells; the project holds the others. */
const told = 8;
const outcomes = { good: 'holds', condition: 'to state', 'not comparable': 'not comparable', unknown: 'not known' } as const;

/** Why a run is as it is: findings with what addresses them, then the conditions of a valid run. Null: nothing was looked at. */
export function explanationPart(explanation: Explanation | null): Html | null {
  if (explanation === null) return null;
  const { findings, checks, notes } = explanation;
  return html`<h4>Why</h4>
${findings.length === 0 ? html`<p>Nothing was found on the measured CPUs that could have disturbed the run.</p>` : list(findings.slice(0, told).map(({ kind, basis, sentence, settings }) => {
    const fix = settings.find((setting) => setting.fix !== null)?.fix ?? null;
    return `${kind} (${basis}): ${sentence}${fix === null ? '' : ` What to do: ${fix}`}`;
  }))}
${findings.length > told ? html`<p>${findings.length - told} lesser findings are in the project.</p>` : null}
${notes.length === 0 ? null : list(notes)}
${checks.length === 0 ? null : table(['condition of a valid run', 'outcome', 'what was found'], checks.map(({ title, outcome, message }) => [title, outcomes[outcome], message]), 'checks')}`;
}
