import { createHash } from 'node:crypto';
import type { Command } from 'commander';
import { CodedError } from '../../../../shared/contract/errors.ts';
import { planSchema, type Plan } from '../../../../shared/model/plan.ts';
import { exportAnsible } from '../../../../shared/planning/export/export-ansible.ts';
import type { PlanExport, Sha256 } from '../../../../shared/planning/export/export-result.ts';
import { exportShell } from '../../../../shared/planning/export/export-shell.ts';
import { readInput, type CliContext, type GlobalOptions } from '../cli-context.ts';

interface ExportOptions extends GlobalOptions { format: string }

const formats: Readonly<Record<string, (plan: Plan, sha256: Sha256) => PlanExport>> = { shell: exportShell, ansible: exportAnsible };

const help = `
The text goes to standard output. Read it before it is run anywhere; both forms can be rehearsed:
  rtvm-bench plan export plan.json --format shell >plan.sh      sh plan.sh --dry-run
  rtvm-bench plan export plan.json --format ansible >plan.yml   ansible-playbook --check --diff -i HOSTS plan.yml
Run again they change nothing. They restart a machine only when told to. What needs a password is left out and named.`;

/** `plan export`: a plan for machines that RTVM Bench does not reach. */
export function planExportVerbs(program: Command, cli: CliContext): void {
  const plan = program.commands.find((command) => command.name() === 'plan') ?? program.command('plan');
  plan.command('export <file>').description('a plan as a shell script or an Ansible playbook, for fleets; changes nothing')
    .option('--format <form>', `one of ${Object.keys(formats).join(', ')}`, 'shell')
    .addHelpText('after', help)
    .action(async (file: string, _options: ExportOptions, command: Command) => {
      const options = command.optsWithGlobals<ExportOptions>();
      const write = Object.hasOwn(formats, options.format) ? formats[options.format] : undefined;
      if (write === undefined) throw new CodedError('bad-usage', `There is no form “${options.format}”.`, { next: `Forms: ${Object.keys(formats).join(', ')}.` });
      const made = write(await planFrom(cli, file), (bytes) => createHash('sha256').update(bytes).digest('hex'));
      for (const { step, title, why } of made.leftOut) cli.terminal.note(`Left out: step ${step}, ${title}. ${why}`);
      cli.print(options, made, ({ text }) => text.trimEnd());
    });
}

async function planFrom(cli: CliContext, file: string): Promise<Plan> {
  const text = await readInput(cli.terminal, file);
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    data = undefined;
  }
  const read = planSchema.safeParse(data);
  if (read.success) return read.data;
  throw new CodedError('file-unreadable', `${file} is not a plan of RTVM Bench.`, {
    next: 'Plans are in a project below boards/BOARD/plans/, and as plan.json in each of boards/BOARD/changes/.', details: { problem: read.error.issues[0]?.message ?? '' },
  });
}
