import type { Command } from 'commander';
import type { Client } from '../../../../shared/contract/client.ts';
import { CodedError } from '../../../../shared/contract/errors.ts';
import { benchmarks, toolBenchmarkOf } from '../../../../shared/benchmarks/catalogue.ts';
import { isCyclictestRun, isToolRequest, isToolResult, type AnyRunResult, type Run } from '../../../../shared/model/run.ts';
import { findBoard, followJob, mustOutlive, type CliContext, type GlobalOptions } from '../cli-context.ts';
import { columns } from '../columns.ts';
import { describeResult, describeStatus, describeToolResult } from '../describe-result.ts';
import { requestOf, withRequestOptions, type RequestOptions } from '../run-request.ts';
import { newRunId } from '../../../core/runs/run-id.ts';

interface RunOptions extends RequestOptions { preview?: boolean; detach?: boolean }

export function runVerbs(program: Command, cli: CliContext): void {
  withRequestOptions(program.command('run <benchmark> <board>'))
    .description(`run a benchmark on a board, detached: it goes on when this command or the link ends. Benchmarks: ${benchmarks.map(({ id }) => id).join(', ')}`)
    .option('--preview', 'show the command and what speaks against it; start nothing')
    .option('--detach', 'start and return; see it later with attach')
    .action(async (benchmark: string, name: string, _options: RunOptions, command: Command) => {
      const options = command.optsWithGlobals<RunOptions>();
      if (!benchmarks.some(({ id }) => id === benchmark)) throw new CodedError('bad-usage', `There is no benchmark “${benchmark}”.`, { next: `Benchmarks: ${benchmarks.map(({ id }) => id).join(', ')}.` });
      await cli.withProject(options, async (client) => {
        const board = await findBoard(client, name);
        if (options.detach) mustOutlive(board);
        const request = requestOf(await client.call('runs.propose', { boardId: board.id, benchmark }), options);
        const preview = await client.call('runs.preview', isToolRequest(request) ? { boardId: board.id, ...request } : { boardId: board.id, ...request });
        for (const problem of preview.problems) cli.terminal.note(`${problem.severity}: ${problem.message}`);
        if (options.preview) {
          cli.print(options, preview, () => preview.commandText);
          if (preview.problems.some(({ severity }) => severity === 'error')) process.exitCode = 1;
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
        ? [columns(['benchmark', 'answers'], told.map((one) => [one.id, one.answers])), '', 'What one can be told: rtvm-bench benchmarks NAME. What would run: rtvm-bench run NAME BOARD --preview'].join('\n')
        : told.map((one) => [`${one.title}: ${one.answers}`, `It takes ${one.program} (package ${one.packages.debian}).`, '', one.values.length === 0 ? 'It has no values for --set: all it takes are options of run (rtvm-bench run --help).' : columns(['value', 'unset', 'meaning'], one.values.map((value) => [value.name, String(value.default), `${value.label}${value.unit === '' ? '' : `, ${value.unit}`}${value.choices.length > 0 ? ` (${value.choices.join(', ')})` : value.kind === 'switch' ? ' (yes, no)' : ''}: ${value.help}`]))].join('\n')).join('\n\n')));
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
    cli.print(options, { runs }, () => (runs.length > 0 ? columns(['run', 'benchmark', 'board', 'state', ''], runs.map((run) => [run.id, run.benchmark, run.boardName, run.state, run.stateReason ?? ''])) : 'No runs yet. Start one: rtvm-bench run cyclictest practice --duration 20s'));
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
  cli.print(options, { run, result }, () => describeOutcome(run, result) ?? `${run.id}: ${run.state}. ${run.stateReason === null ? '' : `${run.stateReason} `}It has no result${run.state === 'running' || run.state === 'starting' ? ` yet; follow it: rtvm-bench attach ${run.id}` : '.'}`);
  if (result !== null && !options.json) cli.terminal.note(`This is run ${run.id}. What else happened on its CPUs: rtvm-bench explain ${run.id}`);
  const grade = result?.verdict?.grade;
  if (run.state === 'failed' || grade === 'poor' || grade === 'not comparable') process.exitCode = 1;
}

function describeOutcome(run: Run, result: AnyRunResult | null): string | null {
  if (result === null) return null;
  if (isToolResult(result)) return describeToolResult(run, result);
  return isCyclictestRun(run) ? describeResult(run, result) : null;
}
