import { describe, expect, it } from 'vitest';
import { histogramsCsv, runsCsv, settingsCsv } from '../../../shared/report/render-csv.ts';
import { renderJunit } from '../../../shared/report/render-junit.ts';
import { usualFormats } from '../../../shared/model/report.ts';
import { renderReport, reportFileNames } from '../../../shared/report/render-report.ts';
import { xmlTags } from '../../../shared/parsers/rteval/xml-tags.ts';
import { boardWith, contentWith, runWith, sha256Base64 } from './report-kit.ts';

/** Reads CSV as RFC 4180 says, by a state machine that shares nothing with the writer. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  let cell = '', quoted = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i] ?? '';
    if (quoted) {
      if (character !== '"') cell += character;
      else if (text[i + 1] === '"') { cell += '"'; i++; } else quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === ',' || (character === '\r' && text[i + 1] === '\n')) {
      rows.at(-1)?.push(cell);
      cell = '';
      if (character === '\r') { rows.push([]); i++; }
    } else cell += character;
  }
  return rows.slice(0, -1);
}

describe('CSV', () => {
  it('of runs has one line a CPU, with bounds where the overflow hides a quantile', () => {
    const [head = [], ...rows] = readCsv(runsCsv(contentWith()));
    expect(rows).toHaveLength(2);
    const cell = (row: number, name: string) => rows[row]?.[head.indexOf(name)];
    expect(['cpu', 'samples', 'max_us', 'p50_us', 'p99.9_us', 'p99.99_us', 'verdict'].map((name) => cell(0, name))).toEqual(['2', '20000', '41', '5', '9', '', 'poor']);
    expect([cell(1, 'max_us'), cell(1, 'overflows'), cell(1, 'p99.9_us')]).toEqual(['912', '7', '9']);
    expect(rows.every((row) => row.length === head.length)).toBe(true);
  });

  it('of settings keeps line ends, commas and quotes', () => {
    const [head = [], ...rows] = readCsv(settingsCsv(contentWith()));
    const settings = boardWith().checks[0]?.settings ?? [];
    expect(rows.map((row) => row[head.indexOf('setting')])).toEqual(settings.map(({ id }) => id));
    expect(rows.map((row) => row[head.indexOf('evidence')])).toEqual(settings.map(({ evidence }) => evidence.join('\n')).map((text) => (/^[=+\-@]/.test(text) ? `'${text}` : text)));
  });

  it('of histograms counts every sample', () => {
    const [, ...rows] = readCsv(histogramsCsv(contentWith()));
    expect(rows.reduce((sum, row) => sum + Number(row[3]), 0)).toBe(40_000);
    expect(rows.filter((row) => row[2] === '')).toEqual([['run-1', '3', '', '7']]);
  });

  it('gives a spreadsheet nothing to carry out', () => {
    const csv = runsCsv(contentWith({ runs: [runWith({ boardName: '=HYPERLINK("http://x","y")', command: ['@SUM(A1)', '\r\n-2+3'] })] }));
    const [head = [], row = []] = readCsv(csv);
    expect(row[head.indexOf('board')]).toBe('\'=HYPERLINK("http://x","y")');
    expect(row[head.indexOf('command')]).toMatch(/^'@SUM/);
  });
});

describe('JUnit', () => {
  const junit = renderJunit(contentWith({ runs: [runWith(), runWith({ id: 'run-2' }, { verdict: { grade: 'great', indicative: false, rule: 'r', reasons: [] } }), runWith({ id: 'run-3' }, { verdict: { grade: 'not comparable', indicative: false, rule: 'r', reasons: ['CPU 4 was throttled.'] } })] }));
  const tags = [...xmlTags(junit)];

  it('counts what it holds', () => {
    const [all] = tags.filter(({ name, closes }) => name === 'testsuites' && !closes);
    const cases = tags.filter(({ name, closes }) => name === 'testcase' && !closes);
    expect(all?.attributes.get('tests')).toBe(String(cases.length));
    expect(all?.attributes.get('failures')).toBe(String(tags.filter(({ name, closes }) => name === 'failure' && !closes).length));
    expect(all?.attributes.get('skipped')).toBe(String(tags.filter(({ name }) => name === 'skipped').length));
  });

  it('fails a poor run, passes a great one, and never passes what is not comparable', () => {
    const of = (name: string) => {
      const at = tags.findIndex((tag) => tag.attributes.get('name') === name);
      return tags.slice(at + 1, at + 2).map((tag) => (tag.closes ? 'passed' : tag.name))[0];
    };
    expect([of('run-1'), of('run-2'), of('run-3')]).toEqual(['failure', 'passed', 'skipped']);
  });

  it('opens and closes every element, whatever names hold', () => {
    const hostile = renderJunit(contentWith({ project: { schema: 1, name: '<a b="c">&\u0000]]>', customer: '', notes: '', createdAt: '20261119T080000Z' } }));
    const open: string[] = [];
    for (const { name, closes, isEmpty } of xmlTags(hostile)) {
      if (closes) expect(open.pop()).toBe(name);
      else if (!isEmpty) open.push(name);
    }
    expect(open).toEqual([]);
    expect(hostile).not.toContain('\u0000');
  });
});

it('a report is six files, and its JSON is what it was made of', () => {
  const content = contentWith();
  const files = renderReport(content, sha256Base64, usualFormats);
  expect(files.map(({ name }) => name)).toEqual([...reportFileNames]);
  expect(JSON.parse(files.find(({ name }) => name === 'report.json')?.text ?? '')).toEqual(JSON.parse(JSON.stringify(content)));
});
