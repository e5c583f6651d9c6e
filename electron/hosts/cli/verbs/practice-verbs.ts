import type { Command } from 'commander';
import { setTimeout as delay } from 'node:timers/promises';
import { join, resolve } from 'node:path';
import { CodedError } from '../../../../shared/contract/errors.ts';
import { appPaths } from '../../../core/app-paths.ts';
import { newRunId } from '../../../core/runs/run-id.ts';
import { createPracticeBoard } from '../../../practice-board/practice-board.ts';
import { followJob, type CliContext, type GlobalOptions } from '../cli-context.ts';
import { describeResult, describeStatus } from '../describe-result.ts';
import { cyclictestOptionsOf, isCyclictestRun, isToolResult } from '../../../../shared/model/run.ts';
import { summaryOf } from '../../../../shared/planning/summary.ts';
import { stampOf } from '../../../../shared/model/stamp.ts';

interface DemoOptions extends GlobalOptions { seconds: string }
interface PracticeOptions extends GlobalOptions { machine: string; fault: string[] }

const faults = { 'disk-full': 'diskFull', 'wrong-password': 'wrongPassword', panic: 'newCommandLinePanics', 'no-network': 'newCommandLineLosesNetwork' } as const;
const isFault = (name: string): name is keyof typeof faults => Object.hasOwn(faults, name);

export function practiceVerbs(program: Command, cli: CliContext): void {
  program.command('practice')
    .description('run the practice board alone, so that it can be reached with any SSH client; ends with Ctrl-C')
    .option('--machine <id>', 'which machine it plays', 'dual-xeon')
    .option('--fault <name>', `what goes wrong; may be repeated: ${Object.keys(faults).join(', ')} (the last two at a start with a new command line)`, (name: string, before: string[]) => [...before, name], [])
    .action(async (_options: PracticeOptions, command: Command) => {
      const options = command.optsWithGlobals<PracticeOptions>();
      const practice = createPracticeBoard({ stateDir: appPaths().stateDirectory });
      const unknown = options.fault.find((name) => !isFault(name));
      if (unknown !== undefined) throw new CodedError('bad-usage', `There is no fault “${unknown}”.`, { next: `Faults: ${Object.keys(faults).join(', ')}.` });
      const login = await practice.ensure(options.machine);
      const chosen = Object.fromEntries(options.fault.filter(isFault).map((name) => [faults[name], true]));
      await practice.setFaults({ slowLinkMs: 0, dropAfterBytes: 0, diskFull: false, wrongPassword: false, ...chosen });
      cli.print(options, { host: '127.0.0.1', port: login.port, user: login.user, password: login.password }, () => [
        `The practice board “${options.machine}” listens on this computer only.`,
        `  ssh -p ${login.port} ${login.user}@127.0.0.1      password: ${login.password}`,
        'It ends with Ctrl-C.',
      ].join('\n'));
      const ended = new AbortController();
      process.once('SIGINT', () => { ended.abort(); });
      process.once('SIGTERM', () => { ended.abort(); });
      await delay(2 ** 31 - 1, undefined, { signal: ended.signal }).catch(() => undefined);
      await practice.stop();
    });

  program.command('demo')
    .description('the main job on the practice board in under a minute: add, inspect, run cyclictest, verdict, saved project')
    .option('--seconds <n>', 'how long cyclictest runs', '15')
    .action(async (_options: DemoOptions, command: Command) => {
      const options = command.optsWithGlobals<DemoOptions>();
      const directory = options.project ? resolve(options.project) : join(appPaths().stateDirectory, '..', 'demo', `${stampOf(new Date())}.rtvm`);
      await cli.withProject({ ...options, project: directory }, async (client) => {
        const say = cli.terminal.note;
        say(`1  Project        ${directory}`);
        const board = await client.call('boards.add', { name: 'Demo board', role: 'host', reach: { kind: 'practice', machine: 'dual-xeon' }, notes: '' });
        say(`2  Board added    ${board.name} (a pretend dual-socket Xeon inside RTVM Bench)`);
        const inspect = await client.call('inspect.start', { boardId: board.id, asRoot: false });
        await followJob(client, inspect.jobId, () => { /* a second or less: nothing to tell */ });
        const latest = await client.call('snapshots.latest', { boardId: board.id });
        if (latest) {
          say(`3  Inspected      ${summaryOf(latest.snapshot)}`);
          for (const remark of latest.remarks.slice(0, 5)) say(`     ${remark.severity}: ${remark.message}`);
        }
        const proposed = cyclictestOptionsOf(await client.call('runs.propose', { boardId: board.id }));
        if (proposed === null) throw new CodedError('internal', 'cyclictest was asked for and something else proposed.');
        const wanted = { ...proposed, cpus: proposed.cpus.slice(0, 4), durationSeconds: Number(options.seconds) };
        say(`4  Running        ${(await client.call('runs.preview', { boardId: board.id, options: wanted })).commandText}`);
        const runId = newRunId(board.id, new Date());
        const started = await client.call('runs.start', { boardId: board.id, options: wanted, runId });
        await followJob(client, started.jobId, (body) => { if (body.kind === 'live') say(`     ${describeStatus(body.status)}`); });
        const run = await client.call('runs.get', { runId });
        const result = await client.call('runs.result', { runId });
        say(`5  Saved          ${join(directory, 'runs', runId)}`);
        cli.print(options, { project: directory, run, result }, () => (result && !isToolResult(result) && isCyclictestRun(run) ? `\n${describeResult(run, result)}\n\nOpen it: npm start -- --project ${directory}` : 'The run has no result.'));
      });
    });
}
