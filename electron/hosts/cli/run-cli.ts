import { Command, CommanderError } from 'commander';
import { CodedError } from '../../../shared/contract/errors.ts';
import { createCliContext } from './cli-context.ts';
import { exitCodeFor, exitCodes } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';
import { abVerbs } from './verbs/ab-verbs.ts';
import { boardVerbs } from './verbs/board-verbs.ts';
import { campaignVerbs } from './verbs/campaign-verbs.ts';
import { changeVerbs } from './verbs/change-verbs.ts';
import { checkVerbs } from './verbs/check-verbs.ts';
import { compareVerbs } from './verbs/compare-verbs.ts';
import { explainVerb } from './verbs/explain-verb.ts';
import { firmwareVerbs } from './verbs/firmware-verbs.ts';
import { howLongVerb } from './verbs/how-long-verb.ts';
import { importVerbs } from './verbs/import-verbs.ts';
import { inspectVerbs } from './verbs/inspect-verbs.ts';
import { lintVerbs } from './verbs/lint-verbs.ts';
import { parseVerbs } from './verbs/parse-verbs.ts';
import { planExportVerbs } from './verbs/plan-export-verbs.ts';
import { planVerbs } from './verbs/plan-verbs.ts';
import { practiceVerbs } from './verbs/practice-verbs.ts';
import { reportVerbs } from './verbs/report-verbs.ts';
import { runVerbs } from './verbs/run-verbs.ts';
import { vmVerbs } from './verbs/vm-verbs.ts';
import { workloadVerbs } from './verbs/workload-verbs.ts';

const help = `
Data goes to standard output, messages to standard error.
Exit codes: 0 done, 1 a check or verdict failed, 2 wrong usage, 3 board unreachable or refused, 4 project unreadable.

First steps without hardware:
  rtvm-bench inspect practice
  rtvm-bench run cyclictest practice --duration 20s
  rtvm-bench demo`;

/** Runs one command line. Gives the exit code; prints nothing but through `terminal`. */
export async function runCli(argv: readonly string[], terminal: Terminal, version: string): Promise<number> {
  const program = new Command('rtvm-bench')
    .description('RTVM Bench: make x86 boards run real-time virtual machines, and prove that they do.')
    .version(version)
    .addHelpText('after', help)
    .showHelpAfterError('(see --help)')
    .exitOverride()
    .configureOutput({ writeOut: (text) => { terminal.data(text); }, writeErr: (text) => { terminal.note(text.trimEnd()); } });
  const cli = createCliContext(terminal, version);
  for (const add of [boardVerbs, inspectVerbs, checkVerbs, firmwareVerbs, runVerbs, explainVerb, campaignVerbs, importVerbs, compareVerbs, abVerbs, howLongVerb, reportVerbs, lintVerbs, parseVerbs, planVerbs, planExportVerbs, changeVerbs, vmVerbs, workloadVerbs, practiceVerbs]) add(program, cli);
  addCommonOptions(program, program);

  try {
    await program.parseAsync(argv, { from: 'user' });
    return typeof process.exitCode === 'number' ? process.exitCode : exitCodes.done;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    const error = CodedError.from(thrown);
    if (argv.includes('--json')) terminal.data(JSON.stringify({ error: error.toData() }));
    terminal.note(describe(error));
    return exitCodeFor(error.code);
  }
}

/** The options of every verb may stand before or after it. Subcommands end with an exception too, as the root does. */
function addCommonOptions(command: Command, root: Command): void {
  if (command !== root) {
    command.exitOverride();
    command.copyInheritedSettings(root);
  }
  command
    .option('--json', 'print data as JSON')
    .option('--project <folder>', 'the project to work in (default: the one of the first start)')
    .option('--accept-host-key <SHA256:…>', 'accept a host key with this fingerprint without asking', (value: string, previous: string[] | undefined) => [...previous ?? [], value])
    .option('--secrets-stdin', 'read passwords and passphrases from standard input, one a line, in the order they are asked for');
  for (const child of command.commands) addCommonOptions(child, root);
}

function describe(error: CodedError): string {
  const { board, state, next } = error.extras;
  return [
    `${board && !error.message.startsWith(board) ? `${board}: ` : ''}${error.message}`,
    ...(state ? [state] : []),
    ...(next ? [`Next: ${next}`] : []),
    `(${error.code})`,
  ].join('\n');
}
