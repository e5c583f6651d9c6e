import type { Command } from 'commander';
import { formats, parseOutput } from '../../../../shared/parsers/parse-output.ts';
import { readInput, type CliContext, type GlobalOptions } from '../cli-context.ts';

export function parseVerbs(program: Command, cli: CliContext): void {
  program.command('parse <format> <file>')
    .description(`turn a tool's output into data; formats: ${Object.keys(formats).join(', ')} (- reads standard input)`)
    .action(async (format: string, file: string, _options: GlobalOptions, command: Command) => {
      // A format that does not exist is told before the file is looked for.
      const known = Object.hasOwn(formats, format);
      const parsed = parseOutput(format, known ? await readInput(cli.terminal, file) : '');
      if (!parsed.ok) throw parsed.error;
      cli.print(command.optsWithGlobals<GlobalOptions>(), parsed.value, (value) => JSON.stringify(value, null, 2));
    });
}
