import { cssString } from './html.ts';
import { dateInWords } from './sections/parts.ts';
import type { ReportContent } from './report-content.ts';

/** The style of a report, with the header and footer of its printed pages. */
export function reportStyle({ project, date }: Pick<ReportContent, 'project' | 'date'>): string {
  return `${look}
@page { size: A4; margin: 22mm 14mm 18mm;
  @top-left { content: ${cssString(project.name)}; font: 9px system-ui, sans-serif; color: #5b636d; }
  @top-right { content: ${cssString(dateInWords(date))}; font: 9px system-ui, sans-serif; color: #5b636d; }
  @bottom-left { content: "RTVM Bench"; font: 9px system-ui, sans-serif; color: #5b636d; }
  @bottom-right { content: counter(page) " of " counter(pages); font: 9px system-ui, sans-serif; color: #5b636d; } }
`;
}

const light = '--paper:#fff;--panel:#f6f6f3;--line:#dcdcd6;--ink:#1d2126;--ink-2:#505861;--accent:#0b6bcb;--good:#146b3e;--good-weak:#e4f3ea;--warn:#835300;--warn-weak:#fbf0d9;--bad:#b3261e;--bad-weak:#fbe6e4;--vm:#7a4fc0;--stress:#b5541b;--emu:#2f6f6c;';
const dark = '--paper:#15181c;--panel:#1c2025;--line:#343b43;--ink:#e7eaee;--ink-2:#a9b1bb;--accent:#6cb2f7;--good:#63c48f;--good-weak:#1c3327;--warn:#e0b25c;--warn-weak:#37301c;--bad:#f0857d;--bad-weak:#3b2222;--vm:#b295ea;--stress:#e39a6b;--emu:#77bdb9;';

const look = `:root{${light}color-scheme:light dark}
@media screen and (prefers-color-scheme:dark){:root{${dark}}}
*{box-sizing:border-box}
body{overflow-wrap:break-word;margin:0 auto;max-width:1040px;padding:28px 24px 60px;font:14px/1.5 system-ui,"Segoe UI","Noto Sans",sans-serif;color:var(--ink);background:var(--paper)}
h1{font-size:26px;line-height:1.2;margin:2px 0 4px}h2{font-size:19px;margin:40px 0 10px;padding-bottom:5px;border-bottom:2px solid var(--ink)}
h3{font-size:16px;margin:26px 0 8px}h4{font-size:14px;margin:18px 0 6px}p{margin:6px 0}a{color:var(--accent)}
.kicker{color:var(--ink-2);margin:0}.contents{display:flex;flex-wrap:wrap;gap:4px 18px;padding:0;margin:14px 0;list-style:none}
code{font:.86em/1.45 "JetBrains Mono",ui-monospace,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}.pre{white-space:pre-line}
dl{display:grid;grid-template-columns:max-content 1fr;gap:3px 18px;margin:8px 0}dt{color:var(--ink-2)}dd{margin:0;overflow-wrap:anywhere}
.table{overflow-x:auto;margin:8px 0}table{border-collapse:collapse;width:100%;font-size:13px}
th,td{text-align:left;vertical-align:top;padding:5px 12px 5px 0;border-bottom:1px solid var(--line)}th{font-weight:600}thead th{font-weight:500;color:var(--ink-2);font-size:.92em}
.figures{font-variant-numeric:tabular-nums;width:auto}.figures th,.figures td{text-align:right;white-space:nowrap;padding-right:16px}.figures th:first-child,.figures td:first-child{text-align:left}
.settings{table-layout:fixed}.settings td{overflow-wrap:anywhere}.settings .detail td{padding:0 12px 9px 0;color:var(--ink-2);line-height:1.4}.settings tr:first-child th,.settings tr:first-child td{border-bottom:0}
.settings td.bad{color:var(--bad);font-weight:600}.settings td.good{color:var(--good)}.note{font-size:.92em;color:var(--ink-2);font-weight:400}.settings td.bad .note{color:var(--bad)}
ul,ol{margin:6px 0;padding-left:20px}.evidence{list-style:none;padding:0;margin:3px 0}.plain{list-style:none;padding:0}.plain li{margin:5px 0}.quiet{color:var(--ink-2)}.hashes td:nth-child(n+2){white-space:nowrap}.hashes code{display:block}.hash{color:var(--ink-2)}
.tag{display:inline-block;border-radius:999px;padding:0 .7em;font-size:.86em;font-weight:600;background:var(--panel);color:var(--ink-2);border:1px solid var(--line);white-space:nowrap}
.tag.good{background:var(--good-weak);color:var(--good)}.tag.warn{background:var(--warn-weak);color:var(--warn)}.tag.bad{background:var(--bad-weak);color:var(--bad)}
.verdict,.sign-off{background:var(--panel);border:1px solid var(--line);border-radius:6px;padding:8px 14px;margin:12px 0}.warning{color:var(--bad)}
figure{margin:14px 0}figcaption{color:var(--ink-2);font-size:.88em}.plot{display:block;width:100%;height:auto}.legend{display:flex;flex-wrap:wrap;gap:2px 16px;margin:0;font-size:.88em}.key{width:26px;height:8px;margin-right:6px}
.tick,.limit-name,.warn-text{font-size:10.5px;fill:var(--ink-2)}.end{text-anchor:end}.mid{text-anchor:middle}.limit-name,.warn-text{paint-order:stroke;stroke:var(--paper);stroke-width:3px}.warn-text{fill:var(--bad)}
.grid{stroke:var(--line);stroke-width:1;fill:none}.axis{stroke:var(--ink-2);stroke-width:1;fill:none}.limit{stroke:var(--accent);stroke-width:1;stroke-dasharray:4 3;fill:none}.overflow{fill:var(--bad-weak)}.worst,.dot{fill:var(--ink)}
.line{fill:none;stroke-width:1.4}.c0{stroke:var(--accent)}.c1{stroke:var(--stress)}.c2{stroke:var(--vm)}.c3{stroke:var(--emu)}.c4{stroke:var(--good)}.c5{stroke:var(--warn)}.d1{stroke-dasharray:6 3}.d2{stroke-dasharray:2 2}.d3{stroke-dasharray:8 3 2 3}.hidden{stroke-dasharray:3 4}
.bar{stroke:var(--accent);stroke-width:1.6;fill:none}.over{stroke:var(--bad)}
@media print{body{max-width:none;padding:0;font-size:11px}h1{font-size:20px}h2{font-size:15px;margin-top:26px}h3{font-size:13px}table{font-size:9.5px}.settings{font-size:9px}.table{overflow:visible}.contents{display:none}
h2,h3,h4,thead{break-after:avoid}figure,tr,.verdict,.settings tbody,dl>*{break-inside:avoid}thead{display:table-header-group}a{color:inherit;text-decoration:none}.tag{print-color-adjust:exact;-webkit-print-color-adjust:exact}}`;
