import type { ReportContent } from './report-content.ts';
import { histogramsCsv, runsCsv, settingsCsv } from './render-csv.ts';
import { renderHtml } from './render-html.ts';
import { renderJunit } from './render-junit.ts';

export interface ReportFile { readonly name: string; readonly text: string }

/** The names of a report's files: what a report writes, and all it ever overwrites. */
export const reportFileNames = ['report.html', 'report.json', 'runs.csv', 'settings.csv', 'histograms.csv', 'junit.xml'] as const;

/** A report in all its forms. The same content gives the same bytes. */
export function renderReport(content: ReportContent, sha256Base64: (text: string) => string): ReportFile[] {
  const texts: Readonly<Record<typeof reportFileNames[number], string>> = {
    'report.html': renderHtml(content, sha256Base64),
    'report.json': `${JSON.stringify(content, null, 1)}\n`,
    'runs.csv': runsCsv(content),
    'settings.csv': settingsCsv(content),
    'histograms.csv': histogramsCsv(content),
    'junit.xml': renderJunit(content),
  };
  return reportFileNames.map((name) => ({ name, text: texts[name] }));
}
