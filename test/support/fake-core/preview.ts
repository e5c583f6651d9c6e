import type { RunPreview } from '../../../shared/contract/methods.ts';
import type { CyclictestOptions } from '../../../shared/model/run.ts';
import { commandOf, defaultOptions, stampAgo } from './data.ts';
import { snapshotOf } from './machines.ts';
import type { FakeState } from './state.ts';

/** What the planner would say of these options on this board: the same kinds of problems, fewer of them. */
export function previewOf(state: FakeState, boardId: string, wanted: CyclictestOptions): RunPreview {
  const { machine } = state.boardOf(boardId);
  const cpus = machine === null ? undefined : snapshotOf(machine, stampAgo(0)).cpus;
  const missing = wanted.cpus.filter((cpu) => !(cpus?.online ?? []).includes(cpu));
  const loose = wanted.cpus.filter((cpu) => !(cpus?.isolated ?? []).includes(cpu));
  const shared = wanted.mainCpus.filter((cpu) => wanted.cpus.includes(cpu));
  const busy = state.runs.some((run) => run.boardId === boardId && run.state === 'running');
  return {
    benchmark: 'cyclictest', options: wanted, command: commandOf(wanted), commandText: commandOf(wanted).join(' '),
    conditions: [
      ...(wanted.holdDmaLatency ? ['cyclictest holds /dev/cpu_dma_latency at 0: idle states the product would enter are shut.'] : []),
      ...(loose.length > 0 ? [`not isolated: CPU ${loose.join(', ')}`] : []),
    ],
    problems: [
      ...(missing.length > 0 ? [{ field: 'cpus', severity: 'error' as const, message: `CPU ${missing.join(', ')} is not online on this board.` }] : []),
      ...(shared.length > 0 ? [{ field: 'mainCpus', severity: 'error' as const, message: `CPU ${shared.join(', ')} is measured: the main thread would disturb it.` }] : []),
      ...(wanted.histogramUs < 2 * (wanted.deadlineUs ?? 0) ? [{ field: 'histogramUs', severity: 'warning' as const, message: 'The histogram should reach twice the deadline.' }] : []),
      ...(busy ? [{ field: 'board', severity: 'error' as const, message: 'Another run is going on on this board.' }] : []),
    ],
    expectedSamples: Math.floor((wanted.durationSeconds * 1e6) / wanted.intervalUs) * wanted.cpus.length, boardBytes: 240_000,
  };
}

/** Defaults: the first isolated CPUs, or all but the first where none is isolated. */
export function proposalOf(state: FakeState, boardId: string): CyclictestOptions {
  const { machine } = state.boardOf(boardId);
  const cpus = machine === null ? { isolated: [4, 5, 6, 7], online: [0, 1, 2, 3] } : snapshotOf(machine, stampAgo(0)).cpus;
  const measured = cpus.isolated.length > 0 ? cpus.isolated.slice(0, 8) : cpus.online.slice(1);
  return defaultOptions(measured, cpus.online.filter((cpu) => !measured.includes(cpu)).slice(0, 2));
}
