import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { CodedError } from '../../../../shared/contract/errors.ts';
import { stampSchema } from '../../../../shared/model/board.ts';
import { reportFormats, reportFormatSchema, reportSectionSchema, reportSections, usualFormats, type ReportFormat, type ReportSection } from '../../../../shared/model/report.ts';
import type { CliContext, GlobalOptions } from '../cli-context.ts';

interface ReportOptions extends GlobalOptions { out?: string; signedOffBy?: string; date?: string; sections?: string; runs?: string[]; format?: string }

export function reportVerbs(program: Command, cli: CliContext): void {
  program.command('report')
    .description('write the report of a project: boards, settings with their four states, runs with plots, verdicts, what was changed, what is unknown, evidence')
    .option('--out <folder>', 'where its files go (default: a new folder in reports/ of the project)')
    .option('--signed-off-by <name>', 'who answers for it')
    .option('--date <stamp>', 'the date it bears, as 20261120T141000Z (default: now). All else is decided by the project: the same date gives the same bytes')
    .option('--sections <list>', `only these, with commas: ${reportSections.join(',')}`)
    .option('--runs <run...>', 'only these runs, own and imported')
    .option('--format <list>', `as what, with commas: ${reportFormats.join(',')} (default: ${usualFormats.join(',')})`)
    .addHelpText('after', `
Files: report.html (one page, nothing is loaded from anywhere; print it to PDF in any browser, page headers are its own),
report.json, runs.csv, settings.csv, histograms.csv, junit.xml (poor verdicts and settings to change fail).
report.pdf is the page on A4, printed by the Chrome, Chromium or Edge of this computer.
  report --project line4.rtvm --out ./report --signed-off-by "A. Person"`)
    .action(async (_options: ReportOptions, command: Command) => {
      const options = command.optsWithGlobals<ReportOptions>();
      const request = {
        directory: options.out === undefined ? null : resolve(options.out), date: options.date === undefined ? null : stampOfText(options.date),
        signedOffBy: options.signedOffBy?.trim() === '' ? null : options.signedOffBy?.trim() ?? null,
        sections: options.sections === undefined ? null : sectionsOf(options.sections), runs: options.runs ?? null,
        formats: options.format === undefined ? null : formatsOf(options.format),
      };
      // A report of a project that does not exist would make one.
      if (options.project !== undefined && !await stat(join(resolve(options.project), 'project.json')).then(() => true, () => false)) {
        throw new CodedError('project-unreadable', `There is no project in ${resolve(options.project)}.`, { next: 'Give the folder that holds project.json.' });
      }
      const made = await cli.withProject(options, (client) => client.call('reports.make', request));
      cli.print(options, made, ({ directory, files }) => files.map(({ name }) => join(directory, name)).join('\n'));
    });
}

function stampOfText(text: string): string {
  const stamp = stampSchema.safeParse(text);
  if (!stamp.success) throw new CodedError('bad-usage', `“${text}” is no date of a report.`, { next: 'Write it as 20261120T141000Z, in UTC.' });
  return stamp.data;
}

function sectionsOf(text: string): ReportSection[] {
  return text.split(',').map((name) => {
    const section = reportSectionSchema.safeParse(name.trim());
    if (!section.success) throw new CodedError('bad-usage', `A report has no section “${name.trim()}”.`, { next: `Sections: ${reportSections.join(', ')}.` });
    return section.data;
  });
}

function formatsOf(text: string): ReportFormat[] {
  return text.split(',').map((name) => {
    const format = reportFormatSchema.safeParse(name.trim());
    if (!format.success) throw new CodedError('bad-usage', `A report cannot be written as “${name.trim()}”.`, { next: `Formats: ${reportFormats.join(', ')}.` });
    return format.data;
  });
}
