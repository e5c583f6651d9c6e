import { countInWords } from '../../statistics/words.ts';
import { html, type Html } from '../html.ts';
import { publishedFigures } from '../published-figures.ts';
import type { ReportContent } from '../report-content.ts';
import { code, list, section, statusWord, table } from './parts.ts';

/** What could not be read, decided or measured: a reader must not take silence for a good answer. */
export function unknownSection({ boards, runs, quarantined }: ReportContent): Html {
  const perBoard = boards.flatMap(({ board, snapshot, checks }) => [
    ...(snapshot === null ? [`${board.name}: it has not been read.`] : snapshot.unread.map(({ what, reason }) => `${board.name}: ${what} was not read: ${reason}`)),
    ...checks.flatMap(({ guide, settings }) => (['unknown', 'manual'] as const).flatMap((status) => {
      const titles = settings.filter((setting) => setting.status === status).map(({ title }) => title);
      return titles.length === 0 ? [] : [`${board.name}, guide ${guide}: ${titles.length} ${statusWord(status)}: ${titles.join(', ')}.`];
    })),
  ]);
  const items = [
    ...perBoard,
    ...runs.filter(({ result }) => result === null).map(({ run }) => `Run ${run.id} has no result: ${run.stateReason ?? run.state}.`),
    ...quarantined.map(({ file, reason }) => `${file} could not be read and is not in this report: ${reason}`),
  ];
  return section('unknown', 'What is unknown', items.length === 0 ? html`<p>Nothing that was asked for is unknown.</p>` : list([...new Set(items)]));
}

export function referencesSection(): Html {
  return section('references', 'Published figures, for context', [
    html`<p>A figure holds for its own machine, load, interval, duration and version of the tool. It is never a pass or a fail by itself.</p>`,
    table(['source', 'measured', 'figure', 'what to bear in mind'], publishedFigures.map(({ source, setup, figure, caveat }) => [source, setup, figure, caveat])),
  ]);
}

export function evidenceSection({ evidence }: ReportContent): Html {
  const bad = evidence.filter(({ agrees }) => agrees === false);
  return section('evidence', 'Evidence', [
    html`<p>The files of the project that this report rests on. A hash is compared with the one recorded when the file was written, where there is one.</p>`,
    bad.length === 0 ? null : html`<p class="warning"><strong>Not what was written:</strong> ${bad.map(({ file }) => file).join(', ')}</p>`,
    table(['file and its SHA-256', 'bytes', 'as recorded'], evidence.map(({ file, sizeBytes, sha256, agrees }) => [html`${code(file)}<code class="hash">${sha256}</code>`, countInWords(sizeBytes), agrees === null ? 'none recorded' : agrees ? 'yes' : html`<strong>no</strong>`]), 'hashes'),
  ]);
}
