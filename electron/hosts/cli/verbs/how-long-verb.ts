import type { Command } from 'commander';
import { CodedError } from '../../../../shared/contract/errors.ts';
import { runLengthFor } from '../../../../shared/statistics/run-length.ts';
import { fractionOf } from '../fraction.ts';
import type { CliContext, GlobalOptions } from '../cli-context.ts';

interface HowLongOptions extends GlobalOptions { fraction?: string; meanInterval?: string; interval: string; allowed: string }

export function howLongVerb(program: Command, cli: CliContext): void {
  program.command('how-long')
    .description('how long each CPU must be measured to show a claim with 95 % confidence')
    .option('--fraction <0-1>', 'fraction of responses within the deadline, as 0.9999 or 99.99%')
    .option('--mean-interval <seconds>', 'late responses come no more often than this on average')
    .option('--interval <µs>', 'wake-up interval of the measurement', '1000')
    .option('--allowed <n>', 'late responses that the run may have', '0')
    .action((_options: HowLongOptions, command: Command) => {
      const options = command.optsWithGlobals<HowLongOptions>();
      if (options.fraction === undefined && options.meanInterval === undefined) throw new CodedError('bad-usage', 'What is to be shown?', { next: 'Give --fraction 99.99%, or --mean-interval 3600, or both.' });
      const length = runLengthFor({
        fraction: options.fraction === undefined ? null : fractionOf(options.fraction),
        meanIntervalSeconds: options.meanInterval === undefined ? null : positive(options.meanInterval, 'mean interval'),
        intervalUs: positive(options.interval, 'interval'), allowed: wholeOf(options.allowed),
      });
      cli.print(options, length, ({ sentence }) => sentence);
    });
}

function positive(text: string, what: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0) throw new CodedError('bad-usage', `“${text}” is no ${what}.`);
  return value;
}

function wholeOf(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new CodedError('bad-usage', `“${text}” is no count.`);
  return Number(text);
}
