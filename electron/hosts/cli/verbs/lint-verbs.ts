import type { Command } from 'commander';
import { snapshotFromCapture } from '../../../../shared/parsers/snapshot-from-capture.ts';
import { lintCommandLine, lintContextOf } from '../../../../shared/planning/kernel-command-line/lint.ts';
import { nothingKnown, type LintContext } from '../../../../shared/planning/kernel-command-line/lint-finding.ts';
import { readInput, type CliContext, type GlobalOptions } from '../cli-context.ts';

interface LintOptions extends GlobalOptions { capture?: string }

export function lintVerbs(program: Command, cli: CliContext): void {
  const lint = program.command('lint').description('find what is wrong with a configuration text');
  lint.command('cmdline <line>')
    .description('problems of a kernel command line: misspelt, ignored, contradictory, without effect, dangerous')
    .option('--capture <file>', 'a capture of the board: says also what its kernel and CPUs make of the line')
    .action(async (line: string, _options: LintOptions, command: Command) => {
      const options = command.optsWithGlobals<LintOptions>();
      const findings = lintCommandLine(line, options.capture === undefined ? nothingKnown : await contextFrom(cli, options.capture));
      cli.print(options, { findings }, () => (findings.length === 0
        ? 'Nothing is wrong with this line.'
        : findings.map(({ severity, parameter, message, suggestion }) => `${severity.padEnd(7)}  ${parameter}: ${message}${suggestion === undefined ? '' : suggestion === '' ? ' Leave it out.' : ` Write: ${suggestion}`}`).join('\n')));
      if (findings.some(({ severity }) => severity === 'error')) process.exitCode = 1;
    });
}

async function contextFrom(cli: CliContext, file: string): Promise<LintContext> {
  return lintContextOf(snapshotFromCapture(await readInput(cli.terminal, file)));
}
