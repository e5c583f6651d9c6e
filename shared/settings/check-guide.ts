import type { GuideCheck, GuideId, Layer, SettingReport } from '../model/setting.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { Capture } from '../parsers/capture.ts';
import { splitCommandLine } from '../planning/kernel-command-line/command-line.ts';
import { lintCommandLine, lintContextOf } from '../planning/kernel-command-line/lint.ts';
import { splitIsolcpus } from '../planning/kernel-command-line/checks/cpu-lists.ts';
import { parseCpuList } from '../parsers/cpu-list.ts';
import { catalogue } from './catalogue.ts';

export interface CheckRequest {
  readonly snapshot: Snapshot;
  readonly capture: Capture;
  readonly guide: GuideId;
  /** CPUs the host keeps; null: what the board's command line says, else the lowest core of each node. */
  readonly housekeeping: readonly number[] | null;
}

/** Guide × snapshot: every setting of the guide judged on this board, in the order of work. Total. */
export function checkGuide({ snapshot, capture, guide, housekeeping }: CheckRequest): GuideCheck {
  const split = splitCpus(snapshot, housekeeping);
  const { pending, commandLine } = snapshot.kernel;
  const view = {
    snapshot, capture, guide, ...split,
    pending: pending.commandLine === null ? null : splitCommandLine(pending.commandLine),
    running: commandLine === null ? null : splitCommandLine(commandLine),
    mistakes: lintCommandLine(commandLine ?? '', lintContextOf(snapshot)).filter(({ severity }) => severity === 'error'),
  };
  const settings = catalogue.filter((setting) => setting.guides.includes(guide)).map((setting): SettingReport => {
    const { id, title, why, source } = setting;
    return { id, layer: layerIn(guide, setting.layer), title, why, source, ...setting.assess(view) };
  });
  return { guide, ...split, settings };
}

/** The same parameter is a matter of the guest's kernel in a guest's guide. */
function layerIn(guide: GuideId, layer: Layer): Layer {
  if (guide !== 'kvm-guest' && guide !== 'acrn-rtvm') return layer;
  return layer === 'host kernel' ? 'guest kernel' : layer === 'host runtime' ? 'guest runtime' : layer;
}

/** Which CPUs are the host's: as told, else as the board is or will be started, else the first core of every node. */
export function splitCpus(snapshot: Snapshot, told: readonly number[] | null): { housekeeping: number[]; isolated: number[] } {
  const { online, list } = snapshot.cpus;
  const asked = told ?? hostCpusOf(snapshot);
  const housekeeping = asked.filter((cpu) => online.includes(cpu));
  if (housekeeping.length > 0) return { housekeeping: [...housekeeping], isolated: online.filter((cpu) => !housekeeping.includes(cpu)) };
  const firsts = [...new Set(list.filter((cpu) => cpu.online).map((cpu) => cpu.node ?? 0))].map((node) => list.find((cpu) => cpu.online && (cpu.node ?? 0) === node));
  const kept = [...new Set(firsts.flatMap((cpu) => (cpu ? [cpu.cpu, ...cpu.siblings] : [])))].filter((cpu) => online.includes(cpu)).sort((a, b) => a - b);
  const chosen = kept.length === online.length ? online.slice(0, 1) : kept;
  return { housekeeping: chosen, isolated: online.filter((cpu) => !chosen.includes(cpu)) };
}

/** The CPUs left over by the isolcpus= of the next start, or of this one. Empty when there is none that can be read. */
function hostCpusOf({ kernel, cpus }: Snapshot): number[] {
  for (const line of [kernel.pending.commandLine, kernel.commandLine]) {
    const value = splitCommandLine(line ?? '').find(({ name }) => name === 'isolcpus')?.value;
    if (value === null || value === undefined) continue;
    const list = parseCpuList(splitIsolcpus(value).list);
    const isolated = list.ok ? list.value.filter((cpu) => cpus.online.includes(cpu)) : [];
    if (isolated.length > 0 && isolated.length < cpus.online.length) return cpus.online.filter((cpu) => !isolated.includes(cpu));
  }
  return [];
}
