import type { FirmwareReport } from '../../model/checklist.ts';
import type { GuideCheck, SettingReport, StateVerdict } from '../../model/setting.ts';
import { formatCpuList } from '../../parsers/cpu-list.ts';
import { html, type Html } from '../html.ts';
import type { ReportContent } from '../report-content.ts';
import { code, dateInWords, list, pressing, section, statusCounts, statusTag } from './parts.ts';

/** Every setting with its four states and the lines it was read from; what does not apply is named only. */
export function settingsSection({ boards }: ReportContent): Html {
  return section('settings', 'Settings', boards.map(({ board, checks, snapshot }) => html`<article><h3>${board.name}</h3>
${checks.length === 0 ? html`<p>${snapshot === null ? 'It has not been read.' : 'No guide was applied.'}</p>` : checks.map(oneGuide)}</article>
`));
}

const guideTitles: Readonly<Record<GuideCheck['guide'], string>> = {
  firmware: 'Firmware', 'kvm-host': 'KVM host', 'kvm-guest': 'KVM guest', 'bare-metal': 'Bare metal', 'acrn-service-vm': 'ACRN Service VM', 'acrn-rtvm': 'ACRN RTVM',
};

function oneGuide({ guide, settings, housekeeping, isolated, cpusFrom }: GuideCheck): Html {
  const applying = pressing.filter((status) => status !== 'not-applicable').flatMap((status) => settings.filter((setting) => setting.status === status));
  const others = settings.filter(({ status }) => status === 'not-applicable');
  return html`<h4>Guide: ${guideTitles[guide]}</h4>
<p>${settings.length} settings: ${statusCounts(settings)}. Housekeeping CPUs ${formatCpuList(housekeeping) || 'none'}, real-time CPUs ${formatCpuList(isolated) || 'none'}${cpusFrom === 'cpu-map' ? ', by the saved CPU map' : cpusFrom === 'board' ? ', by what the board says' : ''}.</p>
<div class="table" tabindex="0"><table class="settings"><thead><tr><th scope="col">setting</th><th scope="col">requested</th><th scope="col">written</th><th scope="col">booted</th><th scope="col">effective</th></tr></thead>
${applying.map(oneSetting)}</table></div>
${others.length === 0 ? null : html`<p class="quiet">Does not apply here: ${others.map(({ title }) => title).join(', ')}.</p>`}
`;
}

function oneSetting({ title, id, layer, status, states, verdicts, stuckAt, evidence, message, fix, source, firmware }: SettingReport): Html {
  const cells = stateNames.map((name) => {
    const verdict = name === 'requested' ? 'none' : verdicts[name];
    return html`<td class="${verdict}">${states[name] === null ? (verdict === 'unknown' ? 'not known' : '–') : `${marks[verdict]}${states[name]}`}${name === stuckAt ? html`<br><span class="note">stuck here</span>` : null}</td>`;
  });
  return html`<tbody><tr><th scope="row">${title}<br>${statusTag(status)}</th>${cells}</tr>
<tr class="detail"><td colspan="5">${message}${fix === null ? null : html` <strong>To do:</strong> ${fix}`}${list(evidence.map((line) => html`<code>${line}</code>`), 'evidence')}${attestedBy(firmware?.attested ?? null)}<div class="note">${id} · ${layer} · ${source}</div></td></tr></tbody>
`;
}

/** Who said so, when, and with what picture. */
function attestedBy(attested: FirmwareReport['attested']): Html | null {
  if (attested === null) return null;
  const { by, at, value, note, photo, stale } = attested;
  return html`<div>Attested by <strong>${by}</strong>, ${dateInWords(at)}${value === '' ? '' : `: ${value}`}${note === '' ? '' : ` (${note})`}${photo === null ? null : html`, photo ${code(photo.file)}`}.${stale === null ? null : html` <strong>No longer counts:</strong> ${stale}`}</div>`;
}

const stateNames = ['requested', 'written', 'booted', 'effective'] as const;
const marks: Readonly<Record<StateVerdict, string>> = { good: '✓ ', bad: '✕ ', unknown: '? ', none: '' };
