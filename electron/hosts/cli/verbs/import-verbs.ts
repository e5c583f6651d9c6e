import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { CodedError } from '../../../../shared/contract/errors.ts';
import { maximumImportBytes } from '../../../../shared/model/imported-run.ts';
import { formats } from '../../../../shared/parsers/parse-output.ts';
import { visible } from '../../../../shared/report/html.ts';
import { findBoard, type CliContext, type GlobalOptions } from '../cli-context.ts';

interface ImportOptions extends GlobalOptions { board?: string; as?: string; format?: string }

export function importVerbs(program: Command, cli: CliContext): void {
  program.command('import <files...>')
    .description('bring results that were measured elsewhere into the project, to compare and report them: all files, or none')
    .option('--board <name>', 'the board of this project that they were measured on')
    .option('--as <label>', 'what they are called (default: by their files)')
    .option('--format <tool>', `the tool they are of (default: found out): ${Object.keys(formats).join(', ')}`)
    .addHelpText('after', `
Outputs of cyclictest (text, histogram, JSON), summary.xml or summary of rteval, and whatever else parse reads. Each file is kept as it came,
with its SHA-256. An imported result has no verdict: how it was measured is not known here.
  import old-host.txt old-guest.txt --as "Line 4, 2024"
  import summary.xml --board press`)
    .action(async (names: string[], _options: ImportOptions, command: Command) => {
      const options = command.optsWithGlobals<ImportOptions>();
      const files = await Promise.all(names.map(async (name) => ({ name: basename(name), bytesBase64: (await bytesOf(name)).toString('base64') })));
      const added = await cli.withProject(options, async (client) => client.call('imports.add', {
        files, boardId: options.board === undefined ? null : (await findBoard(client, options.board)).id, label: options.as?.trim() || null, format: options.format ?? null,
      }));
      cli.print(options, added, (runs) => runs.map(({ id, label, format }) => visible(`${id}  ${label} (${format}, not verified by us)`)).join('\n'));
    });
}

async function bytesOf(name: string): Promise<Buffer> {
  const bytes = await readFile(name).catch((thrown: unknown) => {
    throw new CodedError('file-unreadable', `${name} cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}.`, { state: 'None of the files was brought in.' }, { cause: thrown });
  });
  if (bytes.length > maximumImportBytes) throw new CodedError('too-large', `${name} has ${String(Math.round(bytes.length / 1e6))} MB; at most ${String(maximumImportBytes / 1e6)} MB are taken.`, { state: 'None of the files was brought in.', next: 'Import the summary or the histogram instead of every sample.' });
  return bytes;
}
