import type { Command } from 'commander';
import type { Client } from '../../../../shared/contract/client.ts';
import { CodedError } from '../../../../shared/contract/errors.ts';
import type { CyclictestOptions, Run, RunResult } from '../../../../shared/model/run.ts';
import { parseCpuList } from '../../../../shared/parsers/cpu-list.ts';
import { findBoard, followJob, type CliContext, type GlobalOptions } from '../cli-context.ts';
import { columns } from '../columns.ts';
import { describeResult, describeStatus } from '../describe-result.ts';
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
  preview?: boolean;
  detach?: boolean;
}

export function runVerbs(program: Command, cli: CliContext): void {
  program.command('run <benchmark> <board>')
    .description('run a benchmark on a board, detached: it goes on when this command or the link ends. Benchmarks: cyclictest')
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
    .option('--preview', 'show the command and what speaks against it; start nothing')
    .option('--detach', 'start and return; see it later with attach')
    .action(async (benchmark: string, name: string, _options: RunOptions, command: Command) => {
      const options = command.optsWithGlobals<RunOptions>();
      if (benchmark !== 'cyclictest') throw new CodedError('bad-usage', `There is no benchmark “${benchmark}”.`, { next: 'Benchmarks: cyclictest.' });
      await cli.withProject(options, async (client) => {
        const board = await findBoard(client, name);
        const proposed = await client.call('runs.propose', { boardId: board.id });
        const preview = await client.call('runs.preview', { boardId: board.id, options: chosen(proposed.options, options) });
        for (const problem of preview.problems) cli.terminal.note(`${problem.severity}: ${problem.message}`);
        if (options.preview) {
          cli.print(options, preview, () => preview.commandText);
          return;
        }
        cli.terminal.note(preview.commandText);
        const runId = newRunId(board.id, new Date());
        const started = await client.call('runs.start', { boardId: board.id, options: preview.options, runId });
        if (options.detach) {
          cli.print(options, started.run, () => `Started ${runId}. See it with: rtvm-bench attach ${runId}`);
          return;
        }
        await watch(cli, client, options, runId, started.jobId);
      });
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

async function outcome(client: Client, runId: string): Promise<{ run: Run; result: RunResult | null }> {
  return { run: await client.call('runs.get', { runId }), result: await client.call('runs.result', { runId }) };
}

function report(cli: CliContext, options: GlobalOptions, run: Run, result: RunResult | null): void {
  cli.print(options, { run, result }, () => (result ? describeResult(run, result) : `${run.id} is ${run.state}${run.stateReason ? `: ${run.stateReason}` : ''}. It has no result yet.`));
  const grade = result?.verdict.grade;
  if (run.state === 'failed' || grade === 'poor' || grade === 'not comparable') process.exitCode = 1;
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
