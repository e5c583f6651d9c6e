import type { ReportFormat } from '../model/report.ts';
import type { ReportContent } from './report-content.ts';
import { histogramsCsv, runsCsv, settingsCsv } from './render-csv.ts';
import { renderHtml } from './render-html.ts';
import { renderJunit } from './render-junit.ts';

export interface ReportFile { readonly name: string; readonly text: string }

/** The page as PDF, which a host prints. */
export const pdfName = 'report.pdf';

/** The texts of a report in the order they are written, and what each is written for. With the PDF they are all that a report ever overwrites. */
const texts: ReadonlyArray<{ readonly name: string; readonly format: ReportFormat; readonly render: (content: ReportContent, sha256Base64: (text: string) => string) => string }> = [
  { name: 'report.html', format: 'html', render: renderHtml },
  { name: 'report.json', format: 'json', render: (content) => `${JSON.stringify(content, null, 1)}\n` },
  { name: 'runs.csv', format: 'csv', render: runsCsv },
  { name: 'settings.csv', format: 'csv', render: settingsCsv },
  { name: 'histograms.csv', format: 'csv', render: histogramsCsv },
  { name: 'junit.xml', format: 'junit', render: renderJunit },
];

/** The names of a report's texts. */
export const reportFileNames: readonly string[] = texts.map(({ name }) => name);

/** A report in the forms that are asked for. The same content gives the same bytes. */
export const renderReport = (content: ReportContent, sha256Base64: (text: string) => string, formats: readonly ReportFormat[]): ReportFile[] =>
  texts.filter(({ format }) => formats.includes(format)).map(({ name, render }) => ({ name, text: render(content, sha256Base64) }));
