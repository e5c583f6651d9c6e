import type { SettingReport } from '../model/setting.ts';
import { html, type Html } from './html.ts';
import type { ReportContent, ReportImport, ReportRun, ReportToolRun } from './report-content.ts';

interface Case { readonly name: string; readonly className: string; readonly outcome: 'passed' | 'failed' | 'skipped'; readonly message: string; readonly detail: string; readonly seconds: number }

/**
 * Verdicts and settings as JUnit XML, for build servers: a poor run and a setting to change fail; what is unknown, not comparable or
 * left to a person is skipped, so that it is never counted as passed.
 */
export function renderJunit(content: ReportContent): string {
  const suites = [
    ...content.boards.flatMap(({ board, checks }) => checks.map(({ guide, settings }) => ({ name: `${board.name}: ${guide}`, cases: settings.map((setting) => settingCase(`${board.id}.${guide}`, setting)) }))),
    ...(content.runs.length + content.toolRuns.length + content.imports.length === 0 ? [] : [{ name: 'runs', cases: [...content.runs.map(runCase), ...content.toolRuns.map(toolCase), ...content.imports.map(importCase)] }]),
  ];
  const all = suites.flatMap(({ cases }) => cases);
  return html`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="${content.project.name}" tests="${all.length}" failures="${count(all, 'failed')}" errors="0" skipped="${count(all, 'skipped')}">
${suites.map(({ name, cases }) => html`<testsuite name="${name}" tests="${cases.length}" failures="${count(cases, 'failed')}" errors="0" skipped="${count(cases, 'skipped')}" timestamp="${timestamp(content.date)}">
${cases.map(caseText)}</testsuite>
`)}</testsuites>
`.text;
}

function caseText({ name, className, outcome, message, detail, seconds }: Case): Html {
  const inside = outcome === 'passed' ? null : outcome === 'failed' ? html`<failure message="${message}">${detail}</failure>` : html`<skipped message="${message}"/>`;
  return html`<testcase classname="${className}" name="${name}" time="${seconds.toFixed(3)}">${inside}</testcase>
`;
}

function settingCase(className: string, { id, title, status, message, states, evidence, fix }: SettingReport): Case {
  const outcome = status === 'ok' ? 'passed' : status === 'change' || status === 'blocked' ? 'failed' : 'skipped';
  const stateText = Object.entries(states).map(([name, value]) => `${name}: ${value ?? '–'}`);
  return { className, name: `${title} (${id})`, outcome, message, detail: [...stateText, ...evidence, ...(fix === null ? [] : [`Fix: ${fix}`])].join('\n'), seconds: 0 };
}

function runCase({ run, result }: ReportRun): Case {
  const base = { className: `${run.boardId}.${run.benchmark}`, name: run.id, seconds: result?.measuredSeconds ?? 0 };
  if (result === null) return { ...base, outcome: run.state === 'failed' ? 'failed' : 'skipped', message: `No result: ${run.stateReason ?? run.state}`, detail: '' };
  const { grade, rule, reasons } = result.verdict;
  const outcome = grade === 'poor' || run.state === 'failed' ? 'failed' : grade === 'not comparable' ? 'skipped' : 'passed';
  return { ...base, outcome, message: `${grade}: ${reasons[0] ?? rule}`, detail: [rule, ...reasons, ...result.conditions, ...result.warnings].join('\n') };
}

function toolCase({ run, result }: ReportToolRun): Case {
  const base = { className: `${run.boardId}.${run.benchmark}`, name: run.id, seconds: result?.measuredSeconds ?? 0 };
  const verdict = result?.verdict ?? null;
  if (verdict === null || run.state === 'failed') return { ...base, outcome: run.state === 'failed' ? 'failed' : 'skipped', message: result?.noVerdict ?? run.stateReason ?? run.state, detail: '' };
  const outcome = verdict.grade === 'poor' ? 'failed' : verdict.grade === 'not comparable' ? 'skipped' : 'passed';
  return { ...base, outcome, message: `${verdict.grade}: ${verdict.reasons[0] ?? verdict.rule}`, detail: [verdict.rule, ...verdict.reasons].join('\n') };
}

/** Nobody here knows how it was measured: never a pass. */
const importCase = ({ run }: ReportImport): Case => ({ className: `imported.${run.format}`, name: `${run.label} (${run.id})`, outcome: 'skipped', message: 'Imported: not verified by us.', detail: '', seconds: 0 });

const count = (cases: readonly Case[], outcome: Case['outcome']) => cases.filter((one) => one.outcome === outcome).length;

/** `20261121T130703Z` as XML writes it. */
const timestamp = (stamp: string) => stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6');
