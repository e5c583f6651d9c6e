import type { RunProblem } from '../contract/methods.ts';
import type { CyclictestOptions } from '../model/run.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { named, openIdleStates, siblingsOf } from './cyclictest-board.ts';
import { isAtLeast, parseRtTestsVersion } from './cyclictest-version.ts';

/** What speaks against the options on this board, as it was when the snapshot was taken. */
export const checkOnBoard = (options: CyclictestOptions, snapshot: Snapshot): RunProblem[] => [
  ...checkOnline(options, snapshot),
  ...checkIsolation(options, snapshot),
  ...checkPermission(options, snapshot),
  ...checkTool(options, snapshot),
  ...checkIdle(options, snapshot),
  ...checkSystem(snapshot),
];

export function checkOnline({ cpus, mainCpus }: Pick<CyclictestOptions, 'cpus' | 'mainCpus'>, { cpus: board }: Snapshot): RunProblem[] {
  const problems: RunProblem[] = [];
  // A snapshot that could not read which CPUs are online cannot refuse any.
  if (board.online.length === 0) return problems;
  for (const [field, chosen] of [['cpus', cpus], ['mainCpus', mainCpus]] as const) {
    const offline = chosen.filter((cpu) => !board.online.includes(cpu));
    if (offline.length > 0) problems.push({ field, severity: 'error', message: `${named(offline)} ${offline.length === 1 ? 'is' : 'are'} not online on this board; online: ${named(board.online)}.` });
  }
  return problems;
}

export function checkIsolation({ cpus, mainCpus }: Pick<CyclictestOptions, 'cpus' | 'mainCpus'>, { cpus: board }: Snapshot): RunProblem[] {
  const problems: RunProblem[] = [];
  const isolated = new Set(board.isolated);
  const open = cpus.filter((cpu) => !isolated.has(cpu));
  if (open.length > 0) {
    const message = isolated.size === 0
      ? 'No CPU of this board is isolated: other work runs on the measured ones, and the result says so.'
      : `${named(open)} ${open.length === 1 ? 'is' : 'are'} not isolated; isolated: ${named(board.isolated)}.`;
    problems.push({ field: 'cpus', severity: isolated.size === 0 ? 'note' : 'warning', message });
  }
  const mainOnIsolated = mainCpus.filter((cpu) => isolated.has(cpu) && !cpus.includes(cpu));
  if (mainOnIsolated.length > 0) problems.push({ field: 'mainCpus', severity: 'warning', message: `The main thread belongs on housekeeping CPUs; ${named(mainOnIsolated)} ${mainOnIsolated.length === 1 ? 'is' : 'are'} isolated.` });
  const online = new Set(board.online);
  const others = cpus.map((cpu) => ({ cpu, siblings: siblingsOf(board.list, cpu).filter((sibling) => sibling !== cpu && online.has(sibling)) }));
  const disturbed = others.filter(({ siblings }) => siblings.some((sibling) => !isolated.has(sibling) && !cpus.includes(sibling)));
  if (disturbed.length > 0) {
    problems.push({ field: 'cpus', severity: 'warning', message: `${named(disturbed.map(({ cpu }) => cpu))} ${disturbed.length === 1 ? 'shares its core with a CPU' : 'share cores with CPUs'} that other work runs on (SMT): that slows the measurement at times.` });
  }
  const paired = others.filter(({ siblings }) => siblings.some((sibling) => cpus.includes(sibling)));
  if (paired.length > 0) problems.push({ field: 'cpus', severity: 'note', message: `${named(paired.map(({ cpu }) => cpu))} are hardware threads of the same cores and disturb each other while measured.` });
  return problems;
}

/** Resident memory of cyclictest with two threads, and what its histograms need: 16 bytes a bucket and thread. */
const lockedBytes = ({ histogramUs, cpus }: CyclictestOptions) => 20_000_000 + 16 * histogramUs * cpus.length;

function checkPermission(options: CyclictestOptions, { asRoot, limits }: Snapshot): RunProblem[] {
  if (asRoot) return [];
  const problems: RunProblem[] = [];
  const needsRoot = 'it takes root (sudo is asked for)';
  if (limits.rtPriority !== null && limits.rtPriority < options.priority) {
    const allowed = limits.rtPriority < 1 ? 'no real-time priority' : `real-time priority up to ${limits.rtPriority}`;
    problems.push({ field: 'priority', severity: 'warning', message: `This user is permitted ${allowed}: for ${options.priority} ${needsRoot}, or a higher RLIMIT_RTPRIO.` });
  }
  if (options.lockMemory && limits.lockedMemoryBytes !== null && limits.lockedMemoryBytes >= 0 && limits.lockedMemoryBytes < lockedBytes(options)) {
    problems.push({ field: 'lockMemory', severity: 'warning', message: `This user may lock ${Math.floor(limits.lockedMemoryBytes / 1024)} KiB of memory, too little for cyclictest: ${needsRoot}, or a higher RLIMIT_MEMLOCK.` });
  }
  return problems;
}

function checkTool({ holdDmaLatency }: CyclictestOptions, { tools }: Snapshot): RunProblem[] {
  const tool = tools.find(({ name }) => name === 'cyclictest');
  // A snapshot that lists no tools at all did not look.
  if (tool === undefined && tools.length === 0) return [];
  if (tool?.path === undefined || tool.path === null) return [{ field: 'board', severity: 'error', message: 'cyclictest is not installed on this board: install the package rt-tests (realtime-tests on RHEL).' }];
  const version = parseRtTestsVersion(tool.version);
  const problems: RunProblem[] = [];
  if (isAtLeast(version, 2, 0) === false) problems.push({ field: 'board', severity: 'error', message: `rt-tests ${tool.version ?? ''} is too old: before 2.0 the main thread cannot be kept off the measured CPUs.` });
  if (!holdDmaLatency && isAtLeast(version, 2, 3) === false) problems.push({ field: 'holdDmaLatency', severity: 'note', message: `rt-tests ${tool.version ?? ''} has no --default-system yet: --laptop is used, which does the same here.` });
  return problems;
}

function checkIdle({ holdDmaLatency, cpus }: CyclictestOptions, snapshot: Snapshot): RunProblem[] {
  const open = openIdleStates(snapshot, cpus);
  if (open.length === 0) return [];
  const states = open.map(({ name, exitLatencyUs }) => `${name} (${exitLatencyUs ?? 0} µs)`).join(', ');
  const message = holdDmaLatency
    ? `Idle states are open on the measured CPUs: ${states}. cyclictest holds them shut while it measures, so the result is better than what an application sees that does not.`
    : `Idle states are open on the measured CPUs: ${states}. Leaving them takes that long, and the result contains it.`;
  return [{ field: 'holdDmaLatency', severity: 'note', message }];
}

export function checkSystem({ kernel, virtualisation, clock }: Snapshot): RunProblem[] {
  const problems: RunProblem[] = [];
  if (kernel.realtime === false) problems.push({ field: 'board', severity: 'warning', message: 'The running kernel is not a real-time kernel (PREEMPT_RT): long latencies are to be expected.' });
  if (virtualisation.kind === 'vm') problems.push({ field: 'board', severity: 'note', message: 'This is a virtual machine: its latencies contain those of the host. Measure the host first.' });
  if (virtualisation.kind === 'container') problems.push({ field: 'board', severity: 'warning', message: 'This is a container: CPUs and real-time priority may be withheld from it, and cyclictest then measures another CPU with a warning only.' });
  const usual = virtualisation.kind === 'vm' ? ['tsc', 'kvm-clock'] : ['tsc'];
  if (clock.source !== null && !usual.includes(clock.source)) problems.push({ field: 'board', severity: 'warning', message: `The clock source is ${clock.source}, not tsc: reading the time is slow and coarse, which shows in the result.` });
  return problems;
}
