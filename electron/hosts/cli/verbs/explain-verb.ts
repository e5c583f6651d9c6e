import type { Command } from 'commander';
import { CodedError } from '../../../../shared/contract/errors.ts';
import type { CliContext, GlobalOptions } from '../cli-context.ts';
import { describeExplanation } from '../describe-explanation.ts';

export function explainVerb(program: Command, cli: CliContext): void {
  program.command('explain <run>').description('why a run is as it is: what else happened on its CPUs, which setting addresses it, and whether the run is valid')
    .action(async (runId: string, _options: GlobalOptions, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const { run, explanation } = await cli.withProject(options, async (client) => ({ run: await client.call('runs.get', { runId }), explanation: await client.call('runs.explain', { runId }) }));
      if (explanation === null) throw new CodedError('run-unknown', `Nothing of ${runId} has been brought home yet.`, { next: `See it with: rtvm-bench attach ${runId}` });
      cli.print(options, { run, explanation }, () => describeExplanation(run, explanation));
    });
}
