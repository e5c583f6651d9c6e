import type { CyclictestOptions } from '../model/run.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { formatCpuList } from '../parsers/cpu-list.ts';

/** CPUs that can be measured without asking anything of the board, and those left to everything else. */
export interface CpuChoice { readonly measured: number[]; readonly housekeeping: number[] }

/**
 * Measured are the isolated CPUs that are online. On a board without any: all but CPU 0 and its hardware threads; where that
 * leaves none, all but CPU 0; on a board with one CPU, that one.
 */
export function chooseCpus({ cpus }: Snapshot): CpuChoice {
  const online = [...cpus.online].sort((a, b) => a - b);
  const [first = 0] = online;
  const without = (taken: readonly number[]) => online.filter((cpu) => !taken.includes(cpu));
  const isolated = online.filter((cpu) => cpus.isolated.includes(cpu));
  if (isolated.length > 0) return { measured: isolated, housekeeping: notEmpty(without(isolated), isolated.slice(0, 1)) };
  const core = siblingsOf(cpus.list, first);
  const measured = notEmpty(without(core), without([first]));
  return measured.length > 0 ? { measured, housekeeping: without(measured) } : { measured: [first], housekeeping: [first] };
}

/** A CPU and the other hardware threads of its core; only itself where the board does not tell. */
export function siblingsOf(list: Snapshot['cpus']['list'], cpu: number): number[] {
  const siblings = list.find((one) => one.cpu === cpu)?.siblings ?? [];
  return siblings.includes(cpu) ? siblings : [cpu, ...siblings];
}

/** Idle states that are open on a measured CPU and take longer than this to leave are felt in the result. */
const noticeableExitLatencyUs = 10;

export function openIdleStates({ idle }: Snapshot, cpus: readonly number[]): Snapshot['idle']['states'] {
  return idle.states.filter(({ exitLatencyUs, disabledOn }) => (exitLatencyUs ?? 0) > noticeableExitLatencyUs && cpus.some((cpu) => !disabledOn.includes(cpu)));
}

/**
 * What the result of a run must state, because it limits what the figures mean. In plain words, for options on a board as
 * it was when the snapshot was taken; without a snapshot, only what the options say.
 */
export function conditionsOf(options: CyclictestOptions, snapshot: Snapshot | null): string[] {
  const held = options.holdDmaLatency
    ? 'Idle states held shut: cyclictest keeps /dev/cpu_dma_latency at 0 while it measures. The product sees these latencies only if it does the same.'
    : 'Idle states as the system has them: cyclictest leaves /dev/cpu_dma_latency alone.';
  return snapshot === null ? [held] : [...boardConditions(options, snapshot), held];
}

/** What the board itself adds to the meaning of figures that are taken on these CPUs. */
export function boardConditions({ cpus, mainCpus }: Pick<CyclictestOptions, 'cpus' | 'mainCpus'>, { cpus: board, kernel, virtualisation }: Snapshot): string[] {
  const conditions: string[] = [];
  const open = cpus.filter((cpu) => !board.isolated.includes(cpu));
  if (open.length > 0) conditions.push(`Not isolated: other work may run on measured ${named(open)}.`);
  if (cpus.some((cpu) => mainCpus.includes(cpu))) conditions.push(`The main thread shares ${named(cpus.filter((cpu) => mainCpus.includes(cpu)))} with the measurement.`);
  const shared = cpus.filter((cpu) => siblingsOf(board.list, cpu).some((sibling) => !cpus.includes(sibling) && board.online.includes(sibling)));
  if (shared.length > 0) conditions.push(`Measured ${named(shared)} ${shared.length === 1 ? 'shares its core' : 'share their cores'} with CPUs that other work runs on.`);
  if (kernel.realtime === false) conditions.push('The kernel is not a real-time kernel (PREEMPT_RT).');
  if (kernel.realtime === null) conditions.push('It is not known whether the kernel is a real-time kernel.');
  if (virtualisation.kind === 'vm') conditions.push('Measured in a virtual machine: the host is part of the result.');
  if (virtualisation.kind === 'container') conditions.push('Measured in a container: its limits are part of the result.');
  return conditions;
}

export const named = (cpus: readonly number[]) => `CPU${cpus.length === 1 ? '' : 's'} ${formatCpuList(cpus)}`;

const notEmpty = (preferred: number[], otherwise: number[]) => (preferred.length > 0 ? preferred : otherwise);
