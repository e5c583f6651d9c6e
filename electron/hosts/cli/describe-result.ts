import type { LiveStatus, Run, RunResult } from '../../../shared/model/run.ts';
import { columns } from './columns.ts';

/** The result of a run as text for a terminal. */
export function describeResult(run: Run, result: RunResult): string {
  const rows = [...result.threads, ...(result.threads.length > 1 ? [result.merged] : [])].map((thread, row) => [
    row < result.threads.length ? String(thread.cpu ?? thread.index) : 'all',
    figure(thread.minUs), figure(thread.avgUs), figure(thread.maxUs), thread.samples.toLocaleString('en'), String(thread.overflows),
  ]);
  const { verdict } = result;
  return [
    `${run.benchmark} on ${run.boardName}, ${run.state}${run.stateReason ? `: ${run.stateReason}` : ''}`,
    '',
    columns(['CPU', 'min µs', 'avg µs', 'max µs', 'samples', 'over'], rows),
    '',
    `Verdict: ${verdict.grade}${verdict.indicative ? ' (indicative)' : ''} · ${verdict.rule}`,
    ...verdict.reasons.map((reason) => `  ${reason}`),
    result.claim,
    ...result.conditions.map((condition) => `Condition: ${condition}`),
    ...result.warnings.map((warning) => `Warning: ${warning}`),
  ].join('\n');
}

/** One line of a live status: what the worst CPU has seen. */
export function describeStatus(status: LiveStatus): string {
  const worst = Math.max(0, ...status.threads.map((thread) => thread.maxUs));
  const samples = status.threads.reduce((sum, thread) => sum + thread.samples, 0);
  return `${Math.round(status.atSeconds)} s · ${samples.toLocaleString('en')} samples · max ${worst} µs`;
}

const figure = (value: number | null) => (value === null ? '–' : String(Math.round(value * 10) / 10));
