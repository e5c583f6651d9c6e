import { figureUs } from './run-figures.ts';
import { html, type Html } from '../html.ts';
import type { ReportContent } from '../report-content.ts';
import { dateInWords, facts, section, statusWord, table, verdictTag } from './parts.ts';

/** What a reader must know who reads one page only. */
export function summarySection({ project, boards, runs, date, signedOffBy, version, evidence }: ReportContent): Html {
  const disagreeing = evidence.filter(({ agrees }) => agrees === false);
  return section('summary', 'In short', [
    facts([
      ['customer', project.customer], ['project begun', dateInWords(project.createdAt)], ['report made', `${dateInWords(date)} by RTVM Bench ${version}`],
      ['notes', project.notes === '' ? null : html`<span class="pre">${project.notes}</span>`],
    ]),
    table(['board', 'machine', 'kernel', 'settings'], boards.map(({ board, snapshot, checks }) => {
      const counts = new Map<string, number>();
      for (const { status } of checks.flatMap(({ settings }) => settings)) counts.set(statusWord(status), (counts.get(statusWord(status)) ?? 0) + 1);
      return [
        html`<strong>${board.name}</strong><br>${roleInWords[board.role]}`,
        snapshot === null ? 'not read' : [snapshot.identity.vendor, snapshot.identity.product].filter((part) => part !== null).join(' ') || 'unknown',
        snapshot === null ? 'not read' : `${snapshot.kernel.release ?? 'unknown'}${snapshot.kernel.realtime === true ? ', PREEMPT_RT' : snapshot.kernel.realtime === false ? ', not real-time' : ''}`,
        [...counts].map(([word, count]) => `${count} ${word}`).join(', ') || 'not judged',
      ];
    })),
    runs.length === 0 ? html`<p>No run has been made.</p>` : table(['run', 'board', 'verdict', 'worst, µs', 'decided by'], runs.map(({ run, result }) => [
      html`<a href="#run-${run.id}">${dateInWords(run.createdAt)}</a>`, run.boardName,
      result === null ? html`<span class="tag none">no result</span>` : verdictTag(result.verdict),
      result === null ? '–' : figureUs(result.merged.maxUs),
      result === null ? run.stateReason ?? run.state : result.verdict.reasons[0] ?? result.verdict.rule,
    ])),
    disagreeing.length === 0 ? null : html`<p class="warning"><strong>${disagreeing.length} of the files this report rests on ${disagreeing.length === 1 ? 'is not what it was' : 'are not what they were'} when written.</strong> See Evidence.</p>`,
    html`<div class="sign-off">${signedOffBy === null ? html`<p>Not signed off.</p>` : html`<p>Signed off by <strong>${signedOffBy}</strong>, ${dateInWords(date)}</p>`}</div>`,
  ]);
}

export const roleInWords = { host: 'host of virtual machines', guest: 'virtual machine', bare: 'bare metal' } as const;
