import { figureUs } from './run-figures.ts';
import { html, type Html } from '../html.ts';
import type { ReportContent } from '../report-content.ts';
import { dateInWords, facts, section, statusCounts, table, verdictTag } from './parts.ts';

/** What a reader must know who reads one page only. */
export function summarySection({ project, boards, runs, toolRuns, imports, date, signedOffBy, version, evidence }: ReportContent): Html {
  const pretend = boards.filter(({ isPretend }) => isPretend);
  const disagreeing = evidence.filter(({ agrees }) => agrees === false);
  return section('summary', 'In short', [
    facts([
      ['customer', project.customer], ['project begun', dateInWords(project.createdAt)], ['report made', `${dateInWords(date)} by RTVM Bench ${version}`],
      ['notes', project.notes === '' ? null : html`<span class="pre">${project.notes}</span>`],
    ]),
    pretend.length === 0 ? null : html`<p class="warning"><strong>Pretend machine:</strong> ${pretend.map(({ board }) => board.name).join(', ')}. Nothing measured on it says anything about hardware.</p>`,
    table(['board', 'machine', 'kernel', 'settings'], boards.map(({ board, snapshot, checks }) => [
      html`<strong>${board.name}</strong><br>${roleInWords[board.role]}`,
      snapshot === null ? 'not read' : [snapshot.identity.vendor, snapshot.identity.product].filter((part) => part !== null).join(' ') || 'unknown',
      snapshot === null ? 'not read' : `${snapshot.kernel.release ?? 'unknown'}${snapshot.kernel.realtime === true ? ', PREEMPT_RT' : snapshot.kernel.realtime === false ? ', not real-time' : ''}`,
      statusCounts(checks.flatMap(({ settings }) => settings)) || 'not judged',
    ])),
    runs.length + toolRuns.length === 0 ? html`<p>No run has been made.</p>` : runs.length === 0 ? null : table(['run', 'board', 'verdict', 'worst, µs', 'decided by'], runs.map(({ run, result }) => [
      html`<a href="#run-${run.id}">${dateInWords(run.createdAt)}</a>`, run.boardName,
      result === null ? html`<span class="tag none">no result</span>` : verdictTag(result.verdict),
      result === null ? '–' : figureUs(result.merged.maxUs),
      result === null ? run.stateReason ?? run.state : result.verdict.reasons[0] ?? result.verdict.rule,
    ])),
    toolRuns.length === 0 ? null : table(['run', 'board', 'benchmark', 'verdict', 'decided by'], toolRuns.map(({ run, result }) => [
      html`<a href="#run-${run.id}">${dateInWords(run.createdAt)}</a>`, run.boardName, run.benchmark,
      result?.verdict ? verdictTag(result.verdict) : html`<span class="tag none">${result === null ? 'no result' : 'no verdict'}</span>`,
      result?.verdict?.reasons[0] ?? result?.noVerdict ?? run.stateReason ?? run.state,
    ])),
    imports.length === 0 ? null : html`<p>Beside these ${imports.length === 1 ? 'one result was' : `${imports.length} results were`} measured elsewhere and not verified by us: ${imports.map(({ run }, at) => html`${at === 0 ? '' : ', '}<a href="#run-${run.id}">${run.label}</a>`)}.</p>`,
    disagreeing.length === 0 ? null : html`<p class="warning"><strong>${disagreeing.length} of the files this report rests on ${disagreeing.length === 1 ? 'is not what it was' : 'are not what they were'} when written.</strong> See Evidence.</p>`,
    html`<div class="sign-off">${signedOffBy === null ? html`<p>Not signed off.</p>` : html`<p>Signed off by <strong>${signedOffBy}</strong>, ${dateInWords(date)}</p>`}</div>`,
  ]);
}

export const roleInWords = { host: 'host of virtual machines', guest: 'virtual machine', bare: 'bare metal' } as const;
