import type { Explanation } from '../../../shared/model/explanation.ts';
import type { Run } from '../../../shared/model/run.ts';

const signs = { good: 'ok', condition: '!', 'not comparable': 'x', unknown: '?' } as const;

/** Why a run is as it is, as text for a terminal: findings with their evidence and what addresses them, then the conditions. */
export function describeExplanation(run: Run, { findings, checks, notes }: Explanation): string {
  return [
    `${run.benchmark} on ${run.boardName}: ${findings.length === 0 ? 'nothing was found that disturbed it.' : `${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}, the likeliest first.`}`,
    ...findings.flatMap(({ kind, basis, sentence, evidence, settings }) => [
      '', `${kind} (${basis}): ${sentence}`, ...evidence.map((line) => `    ${line}`),
      // What is as it should be needs no words, unless there is nothing else.
      ...settings.filter(({ fix }, place) => fix !== null || place === 0).map(({ settingId, title, state, fix }) => `    ${settingId}: ${title} ${state}.${fix === null ? '' : ` ${fix}`}`),
    ]),
    '', 'Conditions of a valid run:',
    ...checks.map(({ outcome, title, message, next }) => `  ${signs[outcome].padEnd(2)} ${title}: ${message}${next === null ? '' : ` ${next}`}`),
    ...(notes.length === 0 ? [] : ['', ...notes.map((note) => `Note: ${note}`)]),
  ].join('\n');
}
