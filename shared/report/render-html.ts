import type { ReportSection } from '../model/report.ts';
import { html, type Html } from './html.ts';
import type { ReportContent } from './report-content.ts';
import { boardsSection } from './sections/board-sections.ts';
import { changesSection } from './sections/changes-section.ts';
import { evidenceSection, referencesSection, unknownSection } from './sections/closing-sections.ts';
import { comparisonSection } from './sections/comparison-section.ts';
import { runsSection } from './sections/run-section.ts';
import { settingsSection } from './sections/settings-section.ts';
import { summarySection } from './sections/summary-section.ts';
import { reportStyle } from './style.ts';

const sections: Readonly<Record<ReportSection, { readonly title: string; readonly render: (content: ReportContent) => Html | null }>> = {
  summary: { title: 'In short', render: summarySection },
  boards: { title: 'Boards', render: boardsSection },
  settings: { title: 'Settings', render: settingsSection },
  runs: { title: 'Runs', render: runsSection },
  comparison: { title: 'Comparison', render: comparisonSection },
  changes: { title: 'What was changed', render: changesSection },
  unknown: { title: 'What is unknown', render: unknownSection },
  references: { title: 'Published figures', render: referencesSection },
  evidence: { title: 'Evidence', render: evidenceSection },
};

/**
 * A report as one page that needs nothing else: no script, no image, no address is loaded, and its own policy forbids any.
 * `sha256Base64` hashes the style, which alone the policy allows.
 */
export function renderHtml(content: ReportContent, sha256Base64: (text: string) => string): string {
  const style = reportStyle(content);
  const parts = content.sections.flatMap((name) => {
    const rendered = sections[name].render(content);
    return rendered === null ? [] : [{ name, title: sections[name].title, rendered }];
  });
  const body = html`<header><p class="kicker">RTVM Bench · report</p><h1>${content.project.name}</h1>
<nav aria-label="Contents"><ul class="contents">${parts.map(({ name, title }) => html`<li><a href="#${name}">${title}</a></li>`)}</ul></nav></header>
<main>
${parts.map(({ rendered }) => rendered)}</main>
`;
  const policy = `default-src 'none'; style-src 'sha256-${sha256Base64(style)}'; base-uri 'none'; form-action 'none'`;
  const head = html`<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="referrer" content="no-referrer"><title>${content.project.name}: report</title>`;
  // The style is ours, its strings are written as codes: nothing in it can end the element.
  return `<!doctype html>\n<html lang="en"><head>${head.text}<style>${style}</style></head>\n<body>\n${body.text}</body></html>\n`;
}
