import type { Command } from 'commander';
import { CodedError } from '../../../../shared/contract/errors.ts';
import { findBoard, followJob, type CliContext, type GlobalOptions } from '../cli-context.ts';
import { durationSeconds } from '../duration.ts';

interface MeasureOptions extends GlobalOptions { duration: string }

/** `firmware measure`: hwlatdetect and SMI counts on the board, judged and kept; later results state what was found. */
export function firmwareMeasureVerb(firmware: Command, cli: CliContext): void {
  firmware.command('measure <board>').description('measure on the board whether the firmware leaves the CPUs alone; results of the board state a limit that is found')
    .option('--duration <time>', 'how long hwlatdetect watches; ten minutes or more for a verdict that nothing is in the way', '10m')
    .action(async (name: string, _options: MeasureOptions, command: Command) => {
      const options = command.optsWithGlobals<MeasureOptions>();
      const seconds = durationSeconds(options.duration);
      await cli.withProject(options, async (client) => {
        const board = await findBoard(client, name);
        const { jobId } = await client.call('firmware.measure', { boardId: board.id, seconds });
        await followJob(client, jobId, (body) => { if (body.kind === 'progress') cli.terminal.note(body.message); });
        const gate = await client.call('firmware.gate', { boardId: board.id });
        if (!gate) throw new CodedError('internal', 'The measurement was not stored.');
        cli.print(options, gate, ({ verdict, evidence, next }) => [verdict, ...evidence.map((line) => `  ${line}`), next].join('\n'));
        if (gate.verdict === 'firmware-limited' || gate.verdict === 'not suitable for real-time') process.exitCode = 1;
      });
    });
}
