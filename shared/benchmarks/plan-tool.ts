import type { RunProblem } from '../contract/methods.ts';
import { ok, type Result } from '../contract/result.ts';
import type { ToolOptions } from '../model/run.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { boardConditions, chooseCpus } from '../planning/cyclictest-board.ts';
import { checkIsolation, checkOnline, checkSystem } from '../planning/cyclictest-check-board.ts';
import { secondsMark } from './arguments.ts';
import type { BenchmarkAbout, ToolBenchmark } from './benchmark.ts';
import { rtTests } from './packages.ts';

/** Options to begin with on this board: measured CPUs are the isolated ones, and what only runs on CPUs runs on all that are not. */
export function proposeTool(benchmark: ToolBenchmark, snapshot: Snapshot): ToolOptions {
  const { measured, housekeeping } = chooseCpus(snapshot);
  const open = snapshot.cpus.online.filter((cpu) => !snapshot.cpus.isolated.includes(cpu));
  const cpus = { 'measures each': measured, 'measures one': measured.slice(0, 1), 'runs on': open.length > 0 ? open : measured }[benchmark.cpus];
  return {
    cpus: cpus.length > 0 ? cpus : [0], mainCpus: housekeeping, priority: benchmark.priority === 'never' ? null : benchmark.priority,
    durationSeconds: benchmark.seconds, deadlineUs: null, deadlineFraction: 1, values: { ...benchmark.defaults },
  };
}

/** What is wrong with options, or will be with their result; as `checkCyclictest`. */
export function checkTool(benchmark: ToolBenchmark, options: ToolOptions, snapshot: Snapshot | null): RunProblem[] {
  const problems: RunProblem[] = [];
  const { cpus, mainCpus, priority, deadlineUs } = options;
  const only = snapshot?.cpus.online.length === 1;
  const shared = cpus.filter((cpu) => mainCpus.includes(cpu));
  if (mainCpus.length === 0) problems.push({ field: 'mainCpus', severity: 'error', message: 'No CPU is chosen for what else belongs to the run: it would disturb what is measured.' });
  if (benchmark.cpus !== 'runs on' && shared.length > 0 && !only) problems.push({ field: 'mainCpus', severity: 'error', message: `CPU ${shared.join(', ')} cannot be measured and do everything else of the run.` });
  if (benchmark.cpus === 'measures one' && cpus.length !== 1) problems.push({ field: 'cpus', severity: 'error', message: `${benchmark.title} measures one CPU in a run: choose one.` });
  if (benchmark.priority === 'never' && priority !== null) problems.push({ field: 'priority', severity: 'error', message: `${benchmark.title} takes no real-time priority.` });
  if (deadlineUs !== null && (benchmark.judged === 'none' || benchmark.judged === 'gate')) {
    problems.push({ field: 'deadlineUs', severity: 'note', message: benchmark.judged === 'gate' ? 'Gaps are held against the deadline instead of the limits of the firmware gate.' : `No deadline applies to ${benchmark.title}.` });
  }
  problems.push(...benchmark.check(options, snapshot));
  if (snapshot !== null) problems.push(...onBoard(benchmark, options, snapshot));
  return problems;
}

function onBoard(benchmark: ToolBenchmark, options: ToolOptions, snapshot: Snapshot): RunProblem[] {
  return [
    ...checkOnline(options, snapshot),
    ...(benchmark.cpus === 'runs on' ? [] : checkIsolation(options, snapshot)),
    ...missingProgram(benchmark, snapshot),
    ...(benchmark.root === 'needed' && !snapshot.asRoot ? [{ field: 'board', severity: 'note' as const, message: `${benchmark.title} runs as root: sudo is asked for.` }] : []),
    ...checkSystem(snapshot).filter(({ message }) => benchmark.cpus !== 'runs on' || !message.includes('PREEMPT_RT')),
  ];
}

/** A reading looks for some programs only: the others of rt-tests come and go with cyclictest, and what was not looked for is not missed. */
const lookedFor = new Set(['cyclictest', 'oslat', 'hwlatdetect', 'cyclicdeadline', 'hackbench', 'rtla', 'rdmsr', 'iperf3']);

function missingProgram({ program, packages, title }: ToolBenchmark, { tools }: Snapshot): RunProblem[] {
  const looked = lookedFor.has(program) ? program : packages === rtTests ? 'cyclictest' : null;
  if (looked === null || tools.length === 0 || tools.some(({ name, path }) => name === looked && path !== null)) return [];
  return [{ field: 'board', severity: 'error', message: `${title} is not installed on this board: install ${packageWords(packages)}.` }];
}

/** “the package rt-tests (realtime-tests on Red Hat’s family)”. */
export const packageWords = ({ debian, redHat }: BenchmarkAbout['packages']): string =>
  `the package ${debian}${redHat === null ? ' (Red Hat’s family has none)' : redHat === debian ? '' : ` (${redHat} on Red Hat’s family)`}`;

/** What the result of a run must state. */
export const toolConditions = (benchmark: ToolBenchmark, options: ToolOptions, snapshot: Snapshot | null): string[] =>
  [...(snapshot === null || benchmark.cpus === 'runs on' ? [] : boardConditions(options, snapshot)), ...benchmark.states];

/** The command of one part, as it is shown: with the seconds of that part. */
export const shownCommand = (benchmark: ToolBenchmark, options: ToolOptions, snapshot: Snapshot | null): Result<string[]> =>
  benchmark.command(options, { seconds: String(toolSegmentSeconds(benchmark, options)), toolVersion: versionOf(benchmark, snapshot) });

/** The command as the runner is given it, which puts in the seconds of each part. */
export const commandToRun = (benchmark: ToolBenchmark, options: ToolOptions, snapshot: Snapshot | null): Result<string[]> =>
  benchmark.command(options, { seconds: secondsMark, toolVersion: versionOf(benchmark, snapshot) });

/** How long one part of a run is: tools whose counts can be added up are cut into parts, so that a power cut costs at most one. */
export const toolSegmentSeconds = ({ segmentSeconds }: Pick<ToolBenchmark, 'segmentSeconds'>, { durationSeconds }: Pick<ToolOptions, 'durationSeconds'>): number =>
  Math.min(durationSeconds, segmentSeconds ?? durationSeconds);

const versionOf = ({ program }: ToolBenchmark, snapshot: Snapshot | null): string | null => snapshot?.tools.find(({ name }) => name === program)?.version ?? null;

/** Everything that a window shows before a run, or why there is no command. */
export function previewTool(benchmark: ToolBenchmark, options: ToolOptions, snapshot: Snapshot | null): Result<{ command: string[]; problems: RunProblem[]; conditions: string[] }> {
  const problems = checkTool(benchmark, options, snapshot);
  const command = shownCommand(benchmark, options, snapshot);
  if (!command.ok) return problems.some(({ severity }) => severity === 'error') ? ok({ command: [], problems, conditions: [] }) : command;
  return ok({ command: command.value, problems, conditions: toolConditions(benchmark, options, snapshot) });
}
