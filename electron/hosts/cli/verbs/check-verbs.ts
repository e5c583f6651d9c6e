import type { Command } from 'commander';
import { CodedError } from '../../../../shared/contract/errors.ts';
import { guideIds, guideIdSchema, type GuideCheck, type SettingReport } from '../../../../shared/model/setting.ts';
import { parseCapture } from '../../../../shared/parsers/capture.ts';
import { formatCpuList, parseCpuList } from '../../../../shared/parsers/cpu-list.ts';
import { snapshotOf } from '../../../../shared/parsers/snapshot/snapshot.ts';
import { checkGuide } from '../../../../shared/settings/check-guide.ts';
import { findBoard, readInput, type CliContext, type GlobalOptions } from '../cli-context.ts';

interface CheckOptions extends GlobalOptions { capture?: string; guide: string; housekeeping?: string; all?: boolean }

const marks: Readonly<Record<SettingReport['status'], string>> = { ok: '✓', change: '✕', blocked: '⊘', manual: '?', unknown: '·', 'not-applicable': '–' };

export function checkVerbs(program: Command, cli: CliContext): void {
  program.command('check [board]')
    .description('judge every setting of a guide on the last reading of a board, or on a capture; nothing is changed')
    .option('--capture <file>', 'a capture instead of a board')
    .requiredOption('--guide <id>', `one of ${guideIds.join(', ')}`)
    .option('--housekeeping <list>', 'CPUs the host keeps (default: what the board’s command line says)')
    .option('--all', 'show also what is in order or does not apply')
    .action(async (name: string | undefined, _options: CheckOptions, command: Command) => {
      const options = command.optsWithGlobals<CheckOptions>();
      const told = options.housekeeping === undefined ? null : parseCpuList(options.housekeeping);
      if (told && !told.ok) throw new CodedError('bad-usage', told.error.message, told.error.extras);
      const value = await checked(cli, options, name, told ? told.value : null);
      cli.print(options, value, () => [
        `housekeeping CPUs ${formatCpuList(value.housekeeping)}, real-time CPUs ${formatCpuList(value.isolated) || 'none'}`, '',
        ...value.settings.filter(({ status }) => (options.all ?? false) || !['ok', 'not-applicable'].includes(status)).map(describe),
        '', summary(value.settings),
      ].join('\n'));
      if (value.settings.some(({ status }) => status === 'change' || status === 'blocked')) process.exitCode = 1;
    });
}

async function checked(cli: CliContext, options: CheckOptions, name: string | undefined, housekeeping: number[] | null): Promise<GuideCheck> {
  const guide = guideIdSchema.safeParse(options.guide);
  if (!guide.success) throw new CodedError('bad-usage', `There is no guide “${options.guide}”.`, { next: `Guides: ${guideIds.join(', ')}.` });
  if (options.capture !== undefined) {
    const capture = parseCapture(await readInput(cli.terminal, options.capture));
    if (!capture.ok) throw capture.error;
    return checkGuide({ capture: capture.value, snapshot: snapshotOf(capture.value), guide: guide.data, housekeeping });
  }
  if (name === undefined) throw new CodedError('bad-usage', 'Which board? Give its name, or --capture FILE.');
  return cli.withProject(options, async (client) => {
    const board = await findBoard(client, name);
    const answer = await client.call('guides.check', { boardId: board.id, guide: guide.data, housekeeping });
    if (!answer) throw new CodedError('bad-usage', `${board.name} has not been read yet.`, { board: board.name, next: `rtvm-bench inspect ${board.id}` });
    return answer;
  });
}

function describe(report: SettingReport): string {
  const detail = [report.message, ...report.evidence.map((line) => line), ...(report.fix ? [`Fix: ${report.fix}`] : [])];
  return [`${marks[report.status]} ${report.title}  (${report.id}, ${report.status}${report.stuckAt ? `, stuck at ${report.stuckAt}` : ''})`, ...detail.map((line) => `    ${line}`)].join('\n');
}

function summary(settings: readonly SettingReport[]): string {
  const counts = new Map<string, number>();
  for (const { status } of settings) counts.set(status, (counts.get(status) ?? 0) + 1);
  return `${settings.length} settings: ${[...counts].map(([status, count]) => `${count} ${status}`).join(', ')}`;
}
