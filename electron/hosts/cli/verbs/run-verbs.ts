import type { Command } from 'commander';
import type { Client } from '../../../../shared/contract/client.ts';
import { CodedError } from '../../../../shared/contract/errors.ts';
import { benchmarks, toolBenchmarkOf } from '../../../../shared/benchmarks/catalogue.ts';
import type { FormField } from '../../../../shared/benchmarks/fields.ts';
import { isCyclictestRun, isToolRequest, isToolResult, type AnyRunResult, type CyclictestOptions, type Run, type RunRequest, type ToolOptions } from '../../../../shared/model/run.ts';
import { parseCpuList } from '../../../../shared/parsers/cpu-list.ts';
import { findBoard, followJob, type CliContext, type GlobalOptions } from '../cli-context.ts';
import { columns } from '../columns.ts';
import { describeResult, describeStatus, describeToolResult } from '../describe-result.ts';
import { durationSeconds } from '../duration.ts';
import { newRunId } from '../../../core/runs/run-id.ts';

interface RunOptions extends GlobalOptions {
  cpus?: string;
  mainCpus?: string;
  priority?: string;
  interval?: string;
  duration?: string;
  histogram?: string;
  segment?: string;
  deadline?: string;
  fraction?: string;
  asIs?: boolean;
  lockMemory: boolean;
  set: string[];
  preview?: boolean;
  detach?: boolean;
}

export function runVerbs(program: Command, cli: CliContext): void {
  program.command('run <benchmark> <board>')
    .description(`run a benchmark on a board, detached: it goes on when this command or the link ends. Benchmarks: ${benchmarks.map(({ id }) => id).join(', ')}`)
    .option('--cpus <list>', 'CPUs to measure (default: the isolated ones)')
    .option('--main-cpus <list>', 'CPUs of the main thread (default: housekeeping)')
    .option('--priority <1-99>', 'SCHED_FIFO priority')
    .option('--interval <µs>', 'wake-up interval')
    .option('--duration <time>', 'how long: 60s, 10m, 24h')
    .option('--histogram <µs>', 'histogram bound; beyond it is overflow')
    .option('--segment <time>', 'length of one segment: a power cut costs at most one')
    .option('--deadline <µs>', 'your deadline; it decides the verdict')
    .option('--fraction <0-1>', 'fraction of responses that must meet the deadline (default 1)')
    .option('--as-is', 'do not hold /dev/cpu_dma_latency: measure with idle states as the system has them')
    .option('--no-lock-memory', 'do not lock memory (mlockall)')
    .option('--set <key=value>', 'a value of the benchmark’s own (see: benchmarks); may be repeated', (text: string, before: string[]) => [...before, text], [])
    .option('--preview', 'show the command and what speaks against it; start nothing')
    .option('--detach', 'start and return; see it later with attach')
    .action(async (benchmark: string, name: string, _options: RunOptions, command: Command) => {
      const options = command.optsWithGlobals<RunOptions>();
      if (!benchmarks.some(({ id }) => id === benchmark)) throw new CodedError('bad-usage', `There is no benchmark “${benchmark}”.`, { next: `Benchmarks: ${benchmarks.map(({ id }) => id).join(', ')}.` });
      await cli.withProject(options, async (client) => {
        const board = await findBoard(client, name);
        const request = requestOf(await client.call('runs.propose', { boardId: board.id, benchmark }), options);
        const preview = await client.call('runs.preview', isToolRequest(request) ? { boardId: board.id, ...request } : { boardId: board.id, ...request });
        for (const problem of preview.problems) cli.terminal.note(`${problem.severity}: ${problem.message}`);
        if (options.preview) {
          cli.print(options, preview, () => preview.commandText);
          return;
        }
        cli.terminal.note(preview.commandText);
        const runId = newRunId(board.id, new Date());
        const started = await client.call('runs.start', isToolRequest(request) ? { boardId: board.id, runId, ...request } : { boardId: board.id, runId, ...request });
        if (options.detach) {
          cli.print(options, started.run, () => `Started ${runId}. See it with: rtvm-bench attach ${runId}`);
          return;
        }
        await watch(cli, client, options, runId, started.jobId);
      });
    });

  program.command('benchmarks [benchmark]').description('the benchmarks there are and what each answers; with a name, its values')
    .action((id: string | undefined, _options: GlobalOptions, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const known = benchmarks.filter((one) => id === undefined || one.id === id).map((one) => ({ ...one, fields: toolBenchmarkOf(one.id)?.fields ?? [], defaults: toolBenchmarkOf(one.id)?.defaults ?? {} }));
      if (known.length === 0) throw new CodedError('bad-usage', `There is no benchmark “${id ?? ''}”.`, { next: `Benchmarks: ${benchmarks.map((one) => one.id).join(', ')}.` });
      const told = known.map(({ id: name, title, answers, program: tool, packages, fields, defaults }) => ({ id: name, title, answers, program: tool, packages, values: fields.map((one) => ({ ...one, default: defaults[one.name] ?? null })) }));
      cli.print(options, { benchmarks: told }, () => (id === undefined
        ? columns(['benchmark', 'answers'], told.map((one) => [one.id, one.answers]))
        : told.map((one) => [`${one.title}: ${one.answers}`, `It takes ${one.program} (package ${one.packages.debian}).`, '', columns(['value', 'unset', 'meaning'], one.values.map((value) => [value.name, String(value.default), `${value.label}${value.unit === '' ? '' : `, ${value.unit}`}${value.choices.length > 0 ? ` (${value.choices.join(', ')})` : value.kind === 'switch' ? ' (yes, no)' : ''}: ${value.help}`]))].join('\n')).join('\n\n')));
    });

  program.command('attach <run>').description('continue watching a run, or bring home what the board has of it')
    .action(async (runId: string, _options: GlobalOptions, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      await cli.withProject(options, async (client) => {
        const { jobId } = await client.call('runs.attach', { runId });
        await watch(cli, client, options, runId, jobId);
      });
    });

  program.command('stop <run>').description('stop a run early; what was measured is kept')
    .action(async (runId: string, _options: GlobalOptions, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      await cli.withProject(options, async (client) => {
        const { jobId } = await client.call('runs.attach', { runId });
        await client.call('runs.stop', { runId });
        await watch(cli, client, options, runId, jobId);
      });
    });

  program.command('runs').description('the runs of the project').action(async (_options: GlobalOptions, command: Command) => {
    const options = command.optsWithGlobals<GlobalOptions>();
    const runs = await cli.withProject(options, (client) => client.call('runs.list', {}));
    cli.print(options, { runs }, () => (runs.length > 0 ? columns(['run', 'board', 'state', ''], runs.map((run) => [run.id, run.boardName, run.state, run.stateReason ?? ''])) : 'No runs yet.'));
  });

  program.command('result <run>').description('the result of a run that has been brought home')
    .action(async (runId: string, _options: GlobalOptions, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const { run, result } = await cli.withProject(options, (client) => outcome(client, runId));
      report(cli, options, run, result);
    });
}

async function watch(cli: CliContext, client: Client, options: GlobalOptions, runId: string, jobId: string | null): Promise<void> {
  if (jobId) {
    await followJob(client, jobId, (body) => {
      if (body.kind === 'live') cli.terminal.note(describeStatus(body.status));
      if (body.kind === 'progress' || body.kind === 'link') cli.terminal.note(body.message);
    });
  }
  const { run, result } = await outcome(client, runId);
  report(cli, options, run, result);
}

async function outcome(client: Client, runId: string): Promise<{ run: Run; result: AnyRunResult | null }> {
  return { run: await client.call('runs.get', { runId }), result: await client.call('runs.result', { runId }) };
}

function report(cli: CliContext, options: GlobalOptions, run: Run, result: AnyRunResult | null): void {
  cli.print(options, { run, result }, () => describeOutcome(run, result) ?? `${run.id} is ${run.state}${run.stateReason ? `: ${run.stateReason}` : ''}. It has no result yet.`);
  const grade = result?.verdict?.grade;
  if (run.state === 'failed' || grade === 'poor' || grade === 'not comparable') process.exitCode = 1;
}

function describeOutcome(run: Run, result: AnyRunResult | null): string | null {
  if (result === null) return null;
  if (isToolResult(result)) return describeToolResult(run, result);
  return isCyclictestRun(run) ? describeResult(run, result) : null;
}

/** What is to be run: the proposal with what was given on the command line. */
function requestOf(proposed: RunRequest, options: RunOptions): RunRequest {
  if (!isToolRequest(proposed)) {
    if (options.set.length > 0) throw new CodedError('bad-usage', 'cyclictest has options of its own, and no --set.', { next: 'See: run --help.' });
    return { benchmark: 'cyclictest', options: chosen(proposed.options, options) };
  }
  const own: Array<keyof RunOptions> = ['interval', 'histogram', 'segment', 'asIs'];
  const foreign = own.find((name) => options[name] !== undefined && options[name] !== false) ?? (options.lockMemory ? undefined : 'no-lock-memory');
  if (foreign !== undefined) throw new CodedError('bad-usage', `--${foreign === 'asIs' ? 'as-is' : foreign} is an option of cyclictest’s.`, { next: `${proposed.benchmark} takes --set key=value; see: benchmarks ${proposed.benchmark}` });
  const fields = toolBenchmarkOf(proposed.benchmark)?.fields ?? [];
  const values: ToolOptions['values'] = { ...proposed.options.values };
  for (const text of options.set) {
    const [name, value] = setting(text, fields);
    values[name] = value;
  }
  const { benchmark, options: before } = proposed;
  return {
    benchmark,
    options: {
      ...before, values,
      ...(options.cpus !== undefined && { cpus: cpusOf(options.cpus) }),
      ...(options.mainCpus !== undefined && { mainCpus: cpusOf(options.mainCpus) }),
      ...(options.priority !== undefined && { priority: options.priority === 'none' ? null : numberOf(options.priority, 'priority') }),
      ...(options.duration !== undefined && { durationSeconds: durationSeconds(options.duration) }),
      ...(options.deadline !== undefined && { deadlineUs: numberOf(options.deadline, 'deadline') }),
      ...(options.fraction !== undefined && { deadlineFraction: numberOf(options.fraction, 'fraction') }),
    },
  };
}

/** `key=value` of a value that the benchmark has, in the kind that it has. */
function setting(text: string, fields: readonly FormField[]): [string, string | number | boolean] {
  const at = text.indexOf('=');
  const known = fields.find(({ name }) => name === text.slice(0, at));
  const value = text.slice(at + 1);
  if (at < 1 || known === undefined) throw new CodedError('bad-usage', `“${text}” sets nothing of this benchmark.`, { next: fields.length === 0 ? 'It has no values of its own.' : `Write key=value; keys: ${fields.map(({ name }) => name).join(', ')}.` });
  if (known.kind === 'number') return [known.name, numberOf(value, known.label)];
  if (known.kind !== 'switch') return [known.name, value];
  if (value !== 'yes' && value !== 'no') throw new CodedError('bad-usage', `${known.label} is yes or no.`);
  return [known.name, value === 'yes'];
}

function chosen(proposed: CyclictestOptions, options: RunOptions): CyclictestOptions {
  return {
    ...proposed,
    ...(options.cpus !== undefined && { cpus: cpusOf(options.cpus) }),
    ...(options.mainCpus !== undefined && { mainCpus: cpusOf(options.mainCpus) }),
    ...(options.priority !== undefined && { priority: numberOf(options.priority, 'priority') }),
    ...(options.interval !== undefined && { intervalUs: numberOf(options.interval, 'interval') }),
    ...(options.duration !== undefined && { durationSeconds: durationSeconds(options.duration) }),
    ...(options.histogram !== undefined && { histogramUs: numberOf(options.histogram, 'histogram bound') }),
    ...(options.segment !== undefined && { segmentSeconds: durationSeconds(options.segment) }),
    ...(options.deadline !== undefined && { deadlineUs: numberOf(options.deadline, 'deadline') }),
    ...(options.fraction !== undefined && { deadlineFraction: numberOf(options.fraction, 'fraction') }),
    ...(options.asIs && { holdDmaLatency: false }),
    ...(!options.lockMemory && { lockMemory: false }),
  };
}

function cpusOf(text: string): number[] {
  const parsed = parseCpuList(text);
  if (!parsed.ok) throw new CodedError('bad-usage', parsed.error.message, parsed.error.extras);
  return parsed.value;
}

function numberOf(text: string, what: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || text.trim() === '') throw new CodedError('bad-usage', `“${text}” is not a number (${what}).`);
  return value;
}
