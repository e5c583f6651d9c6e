import { titleOf } from '../../../shared/benchmarks/catalogue.ts';
import type { LiveStatus, Run, RunResult, ToolRunResult, Verdict } from '../../../shared/model/run.ts';
import { scalarsTogether } from '../../../shared/statistics/scalars-together.ts';
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

/** The same of a run with any other tool: its distributions, its figures, and the verdict or why there is none. */
export function describeToolResult(run: Run, { output, verdict, noVerdict, conditions, warnings }: ToolRunResult): string {
  const us = (ns: number | null) => figure(ns === null ? null : ns / 1000);
  const rows = (output?.distributions ?? []).map((one) => [one.label, us(one.minNs), us(one.avgNs), us(one.maxNs), one.samples.toLocaleString('en'), String(one.overflows)]);
  return [
    `${titleOf(run.benchmark)} on ${run.boardName}, ${run.state}${run.stateReason ? `: ${run.stateReason}` : ''}`,
    '',
    ...(rows.length > 0 ? [columns(['', 'min µs', 'avg µs', 'max µs', 'samples', 'over'], rows), ''] : []),
    ...(output === null ? ['Nothing that could be read came from the board; its output is kept.'] : scalarsTogether(output.scalars).map(({ name, value, unit }) => `${name}: ${String(Number(value.toPrecision(6)))} ${unit}`)),
    '',
    ...(verdict === null ? [`No verdict. ${noVerdict ?? ''}`] : verdictLines(verdict)),
    ...conditions.map((condition) => `Condition: ${condition}`),
    ...warnings.map((warning) => `Warning: ${warning}`),
  ].join('\n');
}

const verdictLines = ({ grade, indicative, rule, reasons }: Verdict): string[] =>
  [`Verdict: ${grade}${indicative ? ' (indicative)' : ''} · ${rule}`, ...reasons.map((reason) => `  ${reason}`)];

/** One line of a live status: what the worst CPU has seen, or the newest line of a tool that has no status. */
export function describeStatus(status: LiveStatus): string {
  if (status.lines !== undefined) {
    const newest = status.lines.at(-1)?.trim() ?? '';
    return `${Math.round(status.atSeconds)} s · ${newest === '' ? 'nothing printed yet' : newest}`;
  }
  const worst = Math.max(0, ...status.threads.map((thread) => thread.maxUs));
  const samples = status.threads.reduce((sum, thread) => sum + thread.samples, 0);
  return `${Math.round(status.atSeconds)} s · ${samples.toLocaleString('en')} samples · max ${worst} µs`;
}

const figure = (value: number | null) => (value === null ? '–' : String(Math.round(value * 10) / 10));
