import type { GuideCheck, SettingReport } from '../../model/setting.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { stepZero, type StepZero } from './step-zero.ts';

export interface SheetItem { readonly id: string; readonly title: string; readonly menu: string; readonly option: string; readonly caution: string; readonly found: string }

/** No work at the menu of their own: the one is step 0, the other a warning that stands at the end of the sheet. */
const notOnSheet = ['firmware.load-defaults', 'firmware.smi-wholesale'];

/** Said at the end of every sheet. */
export const sheetWarning = 'Do not switch SMIs off wholesale, and no thermal protection: they keep the machine from damage.';

/** One page to carry to the firmware's set-up: only what needs a person, in the order of the menus. */
export interface FirmwareSheet {
  readonly board: string;
  readonly machine: string;
  readonly firmware: string;
  readonly readAt: string;
  readonly stepZero: StepZero;
  readonly items: readonly SheetItem[];
}

const needsPerson = ({ status, stuckAt }: SettingReport) => status === 'manual' || status === 'unknown' || ((status === 'change' || status === 'blocked') && stuckAt !== 'booted');
const known = (...parts: Array<string | null>) => parts.filter((part) => part !== null && part !== '').join(' ') || 'unknown';

export function firmwareSheet(snapshot: Pick<Snapshot, 'identity' | 'hostname' | 'takenAt'>, check: GuideCheck, boardName: string | null): FirmwareSheet {
  const { identity } = snapshot;
  const items = check.settings.flatMap((setting): SheetItem[] => {
    const { firmware } = setting;
    if (!firmware || !needsPerson(setting) || notOnSheet.includes(setting.id)) return [];
    return [{ id: setting.id, title: setting.title, menu: firmware.menu, option: firmware.option, caution: firmware.caution, found: setting.states.effective ?? firmware.attribute?.value ?? '' }];
  });
  return {
    board: boardName ?? snapshot.hostname ?? 'unknown', machine: known(identity.vendor, identity.product), firmware: known(identity.firmware.vendor, identity.firmware.version, identity.firmware.date),
    readAt: snapshot.takenAt, stepZero: stepZero(identity), items: items.sort((a, b) => a.menu.localeCompare(b.menu, 'en') || a.title.localeCompare(b.title, 'en')),
  };
}

/** The sheet as text, for a terminal or a printer. */
export function sheetText(sheet: FirmwareSheet): string {
  const items = sheet.items.flatMap(({ title, option, menu, caution, found }) => [
    `[ ] ${title}: ${option}`, `    ${menu}`, ...(found === '' ? [] : [`    Linux shows: ${found}`]), ...(caution === '' ? [] : [`    Caution: ${caution}`]), '    Seen: ______________________________________', '',
  ]);
  return [
    `Firmware of ${sheet.board}`, `${sheet.machine} · ${sheet.firmware} · read ${sheet.readAt}`, '',
    ...sheet.stepZero.steps.map((step, index) => `${index + 1}. ${step}`), '',
    ...(items.length > 0 ? items : ['Nothing needs a person at the set-up.', '']),
    sheetWarning, '', 'Looked at by: ____________________   Date: ______________',
  ].join('\n');
}

/** The sheet as one self-contained page. Every text is escaped: a board's words are no markup. */
export function sheetHtml(sheet: FirmwareSheet): string {
  const rows = sheet.items.map(({ title, option, menu, caution, found }) => `<tr><td class="box">☐</td><td><b>${escape(title)}</b><br><small>${escape(menu)}</small>${caution === '' ? '' : `<br><small>Caution: ${escape(caution)}</small>`}</td><td>${escape(option)}</td><td><small>${escape(found)}</small></td><td class="space"></td></tr>`);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Firmware of ${escape(sheet.board)}</title>
<style>@page{margin:10mm}body{font:8.5pt/1.25 sans-serif;margin:0}h1{font-size:13pt;margin:0}p{margin:3px 0 6px}ol{margin:0 0 6px}small{font-size:7.5pt}table{border-collapse:collapse;width:100%}td,th{border:1px solid #888;padding:1px 4px;text-align:left;vertical-align:top}.box{font-size:11pt;line-height:1}.space{width:30%}ol{padding-left:1.3em}tr{break-inside:avoid}</style></head><body>
<h1>Firmware of ${escape(sheet.board)}</h1><p>${escape(`${sheet.machine} · ${sheet.firmware} · read ${sheet.readAt}`)}</p>
<ol>${sheet.stepZero.steps.map((step) => `<li>${escape(step)}</li>`).join('')}</ol>
<table><thead><tr><th></th><th>Item and menu</th><th>Option</th><th>Linux shows</th><th>Seen</th></tr></thead><tbody>${rows.join('\n')}</tbody></table>
<p>${escape(sheetWarning)}</p><p>Looked at by: ____________________ Date: ______________</p></body></html>
`;
}

const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
