import type { Command } from 'commander';
import { CodedError } from '../../../../shared/contract/errors.ts';
import { workloadKindSchema, type Workload } from '../../../../shared/model/vm.ts';
import { findBoard, followJob, type CliContext, type GlobalOptions } from '../cli-context.ts';
import { durationSeconds } from '../duration.ts';
import { tellProgress } from '../tell-progress.ts';

interface StartOptions extends GlobalOptions { for: string }

/** Load on a board or in a VM: started detached, watched, stopped. */
export function workloadVerbs(program: Command, cli: CliContext): void {
  const workload = program.command('workload').description('load on a board or in a VM, such as a stressor VM');

  workload.command('start <board> <kind>').description(`start one of ${workloadKindSchema.options.join(', ')}`)
    .option('--for <time>', 'ends by itself after this, such as 90s, 10m, 24h', '1h')
    .action(async (name: string, kind: string, _options: StartOptions, command: Command) => {
      const options = command.optsWithGlobals<StartOptions>();
      const wanted = workloadKindSchema.safeParse(kind);
      if (!wanted.success) throw new CodedError('bad-usage', `There is no load “${kind}”.`, { next: `Loads: ${workloadKindSchema.options.join(', ')}.` });
      await cli.withProject(options, async (client) => {
        const board = await findBoard(client, name);
        const { jobId } = await client.call('workloads.start', { boardId: board.id, workload: wanted.data, seconds: durationSeconds(options.for) });
        await followJob(client, jobId, tellProgress(cli));
        cli.print(options, await client.call('workloads.read', { boardId: board.id }), describe);
      });
    });
  workload.command('show <board>').description('the load that runs, and how much CPU time it uses')
    .action(async (name: string, _options: GlobalOptions, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      await cli.withProject(options, async (client) => {
        cli.print(options, await client.call('workloads.read', { boardId: (await findBoard(client, name)).id }), describe);
      });
    });
  workload.command('stop <board>').description('stop the load, and take away what it made')
    .action(async (name: string, _options: GlobalOptions, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      await cli.withProject(options, async (client) => {
        const { jobId } = await client.call('workloads.stop', { boardId: (await findBoard(client, name)).id });
        cli.print(options, await followJob(client, jobId, tellProgress(cli)), () => 'stopped');
      });
    });
}

const describe = (workload: Workload | null) => (workload === null ? 'none' : `${workload.kind}: ${workload.running ? `runs, ${workload.busyCpus === null ? 'its CPU time was not read' : `${workload.busyCpus.toFixed(2)} CPUs busy`}` : `ended. ${workload.ending?.message ?? workload.said}`}, since ${workload.startedAt}\n${workload.command}`);
