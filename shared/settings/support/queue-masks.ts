import { formatCpuList, parseCpuList, parseCpuMask } from '../../parsers/cpu-list.ts';
import { formatCpuMask } from '../../parsers/cpu-mask.ts';
import { lines, noVerdicts, notApplicable, verdictOf, type BoardView, type ChangeOffer, type Setting } from '../setting.ts';
import { maskWritten } from './cpu-masks.ts';
import { withoutSystemd } from './init-system.ts';
import { pathsBelow } from './paths-below.ts';
import { fileStep, generateStep, header, nameOf, valueStep } from './steps.ts';

export interface QueueMasksSpec {
  readonly id: string;
  readonly queue: 'rx' | 'tx';
  readonly file: 'rps_cpus' | 'xps_cpus';
  readonly title: string;
  readonly why: string;
  readonly source: string;
  /** Whether a queue with these CPUs is as it should be; none is off. */
  readonly matches: (cpus: readonly number[], isolated: readonly number[]) => boolean;
}

/** The masks of all queues of the network devices: now by writing them, for devices that appear by a rule of udev. */
export function queueMasks(spec: QueueMasksSpec): Setting {
  const rule = `/etc/udev/rules.d/99-rtvm-bench-${nameOf(spec.id)}.rules`;
  return {
    id: spec.id, layer: 'host runtime', title: spec.title, why: spec.why, source: spec.source, guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
    assess: (board) => {
      const { capture, isolated, housekeeping } = board;
      if (isolated.length === 0) return notApplicable('No CPU is to be isolated.');
      const queues = queuesOf(board, spec);
      if (queues.length === 0) return notApplicable('No network device shows such queues.');
      const bad = queues.filter(({ cpus }) => !spec.matches(cpus, isolated));
      const kept = ruledCpus(board, spec, rule);
      const lasts = kept === null ? null : spec.matches(kept, isolated);
      const found = {
        states: { requested: `CPU ${formatCpuList(housekeeping)} at most`, written: kept === null ? null : `CPU ${formatCpuList(kept)}`, booted: null, effective: bad.length === 0 ? queues.every(({ cpus }) => cpus.length === 0) ? 'off' : 'so' : `${String(bad.length)} of ${String(queues.length)} queues name others` },
        verdicts: { ...noVerdicts, ...(lasts === null ? {} : { written: verdictOf(lasts) }), effective: verdictOf(bad.length === 0) },
        evidence: lines(kept === null ? null : capture.evidence(rule, /^ACTION/), ...bad.slice(0, 6).map(({ path }) => capture.evidence(path))),
      };
      if (bad.length === 0) return { ...found, status: 'ok', stuckAt: null, message: found.states.effective === 'off' ? 'It is off.' : `No queue mixes in CPU ${formatCpuList(isolated)}.`, fix: null };
      return { ...found, status: 'change', stuckAt: lasts ? 'effective' : 'written', message: `Queues that name isolated CPUs: ${bad.slice(0, 6).map(({ device, queue }) => `${device} ${queue}`).join(', ')}${bad.length > 6 ? ` and ${String(bad.length - 6)} more` : ''}.`, fix: `Write the mask of CPU ${formatCpuList(housekeeping)} to ${spec.file} of these queues, and by a rule of udev to those that appear.` };
    },
    change: (board) => change(spec, rule, board),
  };
}

function change(spec: QueueMasksSpec, rule: string, board: BoardView): ChangeOffer {
  const refused = withoutSystemd(board);
  if (refused) return refused;
  const bad = queuesOf(board, spec).filter(({ cpus }) => !spec.matches(cpus, board.isolated));
  if (bad.length === 0) return { refused: 'No queue names isolated CPUs.', next: 'Nothing is to be done.' };
  const wanted = formatCpuList(board.housekeeping);
  const cpus = parseCpuList(wanted);
  const match = bad.map(({ device }) => device).filter((device, index, all) => all.indexOf(device) === index);
  return {
    steps: [
      // Of a device that is there already udev says nothing more; its queues are written below.
      fileStep(spec, rule, [header(spec.title), ...match.map((device) => `ACTION=="add|change|move", SUBSYSTEM=="queues", KERNEL=="${spec.queue}-*", DEVPATH=="*/net/${device}/queues/*", ATTR{${spec.file}}="${cpus.ok ? formatCpuMask(cpus.value) : ''}"`)]),
      generateStep(spec, 'udev-reload', 'Let udev read its rules again'),
      ...bad.map(({ path, text }) => valueStep(spec, path, maskWritten(wanted, text))),
    ],
    restart: 'none',
  };
}

/** Queues with names that neither a rule nor a path reads as anything else; the kernel takes odder ones. */
function queuesOf({ capture }: BoardView, { queue, file }: QueueMasksSpec): Array<{ path: string; device: string; queue: string; text: string; cpus: readonly number[] }> {
  return pathsBelow(capture, '/sys/class').filter((path) => path.endsWith(file)).flatMap((path) => {
    const match = /^\/sys\/class\/net\/([A-Za-z0-9_.:-]{1,15})\/queues\/((?:rx|tx)-\d{1,4})\/([rx]ps_cpus)$/.exec(path);
    const text = capture.value(path);
    const cpus = text === null ? null : parseCpuMask(text);
    if (match?.[3] !== file || !match[2]?.startsWith(queue) || text === null || !cpus?.ok) return [];
    return [{ path, device: match[1] ?? '', queue: match[2], text, cpus: cpus.value }];
  });
}

/** What our rule gives queues that appear; null when there is none. */
function ruledCpus({ capture }: BoardView, { file }: QueueMasksSpec, rule: string): readonly number[] | null {
  const line = capture.lines(rule)?.find((candidate) => candidate.startsWith('ACTION=='));
  const mask = new RegExp(`ATTR\\{${file}\\}="([0-9a-f,]+)"`).exec(line ?? '')?.[1];
  const cpus = mask === undefined ? null : parseCpuMask(mask);
  return cpus?.ok ? cpus.value : null;
}
