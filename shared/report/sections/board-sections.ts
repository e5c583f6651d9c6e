import { formatCpuList } from '../../parsers/cpu-list.ts';
import { html, type Html, type HtmlPart } from '../html.ts';
import type { ReportBoard, ReportContent } from '../report-content.ts';
import { code, dateInWords, facts, list, section } from './parts.ts';
import { roleInWords } from './summary-section.ts';

export function boardsSection({ boards }: ReportContent): Html {
  return section('boards', 'Boards', boards.length === 0 ? html`<p>The project has no board.</p>` : boards.map(oneBoard));
}

function oneBoard({ board, reachedBy, hostKeys, snapshot, snapshotId, remarks, readings }: ReportBoard): Html {
  const head = html`<h3>${board.name}</h3>`;
  const about: Array<readonly [string, HtmlPart]> = [
    ['role', roleInWords[board.role]], ['reached by', reachedBy], ['host keys', hostKeys.length === 0 ? null : hostKeys.map((key) => html`${code(key)} `)], ['notes', board.notes === '' ? null : html`<span class="pre">${board.notes}</span>`],
  ];
  if (snapshot === null) return html`<article>${head}${facts(about)}<p>It has not been read, so nothing more is known of it.</p></article>`;
  const { identity, kernel, cpus, numaNodes, distribution, clock, virtualisation, memory, idle, frequency } = snapshot;
  const known = (...parts: Array<string | null>) => parts.filter((part) => part !== null && part !== '').join(' ') || 'unknown';
  const cpuList = (numbers: readonly number[]) => (numbers.length === 0 ? 'none' : formatCpuList(numbers));
  return html`<article>${head}
${facts([
    ...about,
    ['last read', snapshotId === null ? null : `${dateInWords(snapshotId)}${snapshot.asRoot ? ', as root' : ', not as root'}; ${readings.length === 1 ? 'the only reading' : `the last of ${readings.length} readings`}`],
    ['machine', known(identity.vendor, identity.product, identity.board)], ['serial number', identity.serial],
    ['firmware', `${known(identity.firmware.vendor, identity.firmware.version, identity.firmware.date)}${identity.firmware.kind === null ? '' : `, ${identity.firmware.kind.toUpperCase()}`}`],
    ['microcode', identity.microcode ?? 'unknown'], ['secure boot', yesNo(identity.secureBoot)],
    ['system', distribution.name ?? 'unknown'], ['it is', known(virtualisation.kind, virtualisation.name)],
    ['kernel', known(kernel.release, kernel.version)], ['real-time kernel', `${yesNo(kernel.realtime)}${kernel.realtimeEvidence === null ? '' : ` (${kernel.realtimeEvidence})`}`],
    ['command line', code(kernel.commandLine ?? 'unknown')],
    ['next start', kernel.pending.commandLine === null ? 'unknown' : kernel.pending.commandLine === kernel.commandLine ? 'the same' : code(kernel.pending.commandLine)],
    ['processor', `${known(cpus.model)}, ${cpus.online.length} CPUs online, ${numaNodes.length} ${numaNodes.length === 1 ? 'node' : 'nodes'}`],
    ['isolated CPUs', cpuList(cpus.isolated)], ['nohz_full CPUs', cpuList(cpus.nohzFull)], ['hyper-threading', yesNo(cpus.smt.active)],
    ['memory', memory.totalBytes === null ? 'unknown' : `${(memory.totalBytes / 2 ** 30).toFixed(1)} GiB`],
    ['clocksource', clock.source ?? 'unknown'], ['idle', known(idle.driver, idle.governor)], ['frequency', known(frequency.driver, frequency.status, frequency.governors.join(', '))],
  ])}
${remarks.length === 0 ? null : html`<h4>What stands in the way</h4>${list(remarks.map(({ severity, message, evidence }) => html`<span class="tag ${severity === 'error' ? 'bad' : severity === 'warning' ? 'warn' : 'none'}">${severity}</span> ${message}${evidence === null ? null : html`<br>${code(evidence)}`}`), 'plain')}`}
</article>
`;
}

const yesNo = (value: boolean | null) => (value === null ? 'unknown' : value ? 'yes' : 'no');
