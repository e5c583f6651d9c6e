import type { Command } from 'commander';
import { formatCpuList } from '../../../../shared/parsers/cpu-list.ts';
import type { Remark, Snapshot } from '../../../../shared/model/snapshot.ts';
import { CodedError } from '../../../../shared/contract/errors.ts';
import { snapshotFromCapture } from '../../../../shared/parsers/snapshot-from-capture.ts';
import { remarksOf } from '../../../../shared/planning/remarks.ts';
import { captureScriptText } from '../../../core/probe/probe.ts';
import { findBoard, followJob, readInput, type CliContext, type GlobalOptions } from '../cli-context.ts';

interface InspectOptions extends GlobalOptions {
  capture?: string;
  asRoot?: boolean;
}

export function inspectVerbs(program: Command, cli: CliContext): void {
  program.command('inspect [board]')
    .description('read a board, or a capture taken by hand, and say what it is')
    .option('--capture <file>', 'a capture written by the probe script (- for standard input); with a board, it is stored in the project')
    .option('--as-root', 'read what only root may read; asks for the sudo password where one is needed')
    .action(async (name: string | undefined, _options: InspectOptions, command: Command) => {
      const options = command.optsWithGlobals<InspectOptions>();
      const read = options.capture === undefined ? await readBoard(cli, options, name) : await readCapture(cli, options, name, options.capture);
      cli.print(options, read, ({ snapshot, remarks }) => describe(snapshot, remarks));
    });

  program.command('capture-script')
    .description('print the probe: run it by hand on a board without a network (sh probe.sh > board.capture)')
    .action(() => { cli.terminal.data(captureScriptText()); });
}

interface Reading { id: string | null; snapshot: Snapshot; remarks: Remark[] }

async function readBoard(cli: CliContext, options: InspectOptions, name: string | undefined): Promise<Reading> {
  if (!name) throw new CodedError('bad-usage', 'Which board? Give its name, or --capture FILE.');
  return cli.withProject(options, async (client) => {
    const board = await findBoard(client, name);
    const { jobId } = await client.call('inspect.start', { boardId: board.id, asRoot: options.asRoot ?? false });
    await followJob(client, jobId, (body) => { if (body.kind === 'progress') cli.terminal.note(body.message); });
    const latest = await client.call('snapshots.latest', { boardId: board.id });
    if (!latest) throw new CodedError('internal', 'The reading was not stored.');
    return latest;
  });
}

async function readCapture(cli: CliContext, options: InspectOptions, name: string | undefined, file: string): Promise<Reading> {
  const text = await readInput(cli.terminal, file);
  if (name) {
    return cli.withProject(options, async (client) => client.call('inspect.import', { boardId: (await findBoard(client, name)).id, capture: text }));
  }
  const snapshot = snapshotFromCapture(text);
  return { id: null, snapshot, remarks: remarksOf(snapshot) };
}

function describe(snapshot: Snapshot, remarks: readonly Remark[]): string {
  const { identity, kernel, cpus, numaNodes, distribution, clock } = snapshot;
  const known = (...parts: Array<string | null>) => parts.filter((part) => part !== null && part !== '').join(' ') || 'unknown';
  const list = (numbers: readonly number[]) => (numbers.length > 0 ? formatCpuList(numbers) : 'none');
  const lines = [
    ['machine', known(identity.vendor, identity.product)],
    ['firmware', known(identity.firmware.vendor, identity.firmware.version, identity.firmware.date)],
    ['system', known(distribution.name)],
    ['kernel', `${known(kernel.release)} · ${kernel.realtime === null ? 'real-time unknown' : kernel.realtime ? 'PREEMPT_RT' : 'not real-time'}`],
    ['command line', known(kernel.commandLine)],
    ['next start', known(kernel.pending.commandLine)],
    ['processor', `${known(cpus.model)} · ${cpus.online.length} CPUs, ${numaNodes.length} node${numaNodes.length === 1 ? '' : 's'}`],
    ['isolated', list(cpus.isolated)],
    ['nohz_full', list(cpus.nohzFull)],
    ['clocksource', known(clock.source)],
  ].map(([label = '', value = '']) => `${label.padEnd(13)} ${value}`);
  const notable = remarks.map((remark) => `${remark.severity.padEnd(8)} ${remark.message}${remark.evidence ? `\n           ${remark.evidence}` : ''}`);
  const unread = snapshot.unread.length > 0 ? ['', `Not read (${snapshot.unread.length}):`, ...snapshot.unread.map(({ what, reason }) => `  ${what}: ${reason}`)] : [];
  return [...lines, ...(notable.length > 0 ? ['', ...notable] : []), ...unread].join('\n');
}
