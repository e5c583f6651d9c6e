import type { Command } from 'commander';
import type { Client } from '../../../../shared/contract/client.ts';
import { CodedError } from '../../../../shared/contract/errors.ts';
import type { Board } from '../../../../shared/model/board.ts';
import type { Claim, CpuMap, CpuMapRequest, CpuMapWish, TopologyCpu, VmClaim } from '../../../../shared/model/cpu-map.ts';
import type { Snapshot } from '../../../../shared/model/snapshot.ts';
import { formatCpuList, parseCpuList } from '../../../../shared/parsers/cpu-list.ts';
import { parseLscpuTopology } from '../../../../shared/parsers/lscpu-topology.ts';
import { snapshotFromCapture } from '../../../../shared/parsers/snapshot-from-capture.ts';
import { dedicationWays } from '../../../../shared/planning/cpu-map-alternatives.ts';
import { mapOfDraft } from '../../../../shared/planning/cpu-map-proposal.ts';
import { assignmentsOf, planCpuMap } from '../../../../shared/planning/cpu-map.ts';
import { splitCpus } from '../../../../shared/planning/split-cpus.ts';
import { topologyOf } from '../../../../shared/planning/topology.ts';
import { findBoard, readInput, type CliContext, type GlobalOptions } from '../cli-context.ts';
import { valueOf } from '../value-of.ts';

interface CpusOptions extends GlobalOptions {
  topology?: string; capture?: string; board?: string; save?: boolean; saved?: boolean;
  housekeeping?: string; vm: string[]; emulator?: string; ioThreads?: string; measuring?: string; stressor?: string;
  reasons?: boolean; alternatives?: boolean;
}

/** `plan cpus`: a CPU map for a machine told by a file or read from a board, which it can be kept for. */
export function planCpusVerb(plan: Command, cli: CliContext): void {
  plan.command('cpus').description('who gets which CPU: host, VMs, emulator threads; nothing is changed on the board')
    .option('--topology <file>', 'output of lscpu -p=CPU,CORE,SOCKET,NODE')
    .option('--capture <file>', 'a capture of the board (it also tells core kinds)')
    .option('--board <name>', 'a board of the project, by its last reading')
    .option('--save', 'keep the map for this board: guides and plans then go by its housekeeping CPUs')
    .option('--saved', 'the map that is kept for this board, judged on its last reading')
    .option('--housekeeping <list>', 'CPUs the host keeps (default with --board or --capture: what the board itself shows)')
    .option('--vm <name:vcpus@node>', 'a VM; may be repeated', (value: string, previous: string[]) => [...previous, value], [])
    .option('--emulator <count@node>', 'CPUs for emulator threads')
    .option('--io-threads <count@node>', 'CPUs for I/O threads')
    .option('--measuring <count@node>', 'CPUs for measuring threads on the host itself')
    .option('--stressor <count@node>', 'CPUs for a load that is not a VM')
    .option('--reasons', 'say why each got its CPUs, by which rules')
    .option('--alternatives', 'explain the ways to dedicate CPUs: at boot, by an exclusive cpuset, offline')
    .action(async (_options: CpusOptions, command: Command) => {
      const options = command.optsWithGlobals<CpusOptions>();
      const { board } = options;
      if (board === undefined && (options.save || options.saved)) throw new CodedError('bad-usage', 'For which board is the map kept?', { next: 'Give --board NAME.' });
      const map = board === undefined ? planFromFile(await machineFrom(cli, options), wishOf(options))
        : await cli.withProject(options, (client) => (options.saved ? savedMap(client, board) : planForBoard(client, board, wishOf(options), options.save ?? false)));
      cli.print(options, map, () => [...describeMap(map), ...(options.reasons ? describeReasons(map) : []), ...(options.alternatives ? describeWays(map) : [])].join('\n'));
      if (map.findings.some(({ severity }) => severity === 'error')) process.exitCode = 1;
    });
}

function wishOf(options: CpusOptions): CpuMapWish {
  return {
    housekeeping: options.housekeeping === undefined ? null : valueOf(parseCpuList(options.housekeeping)), vms: options.vm.map(vmClaim),
    emulator: poolClaim(options.emulator), ioThreads: poolClaim(options.ioThreads), measuring: poolClaim(options.measuring), stressor: poolClaim(options.stressor),
  };
}

/** The CPUs of a machine, and those its host keeps as far as the file tells. */
interface Machine { readonly topology: readonly TopologyCpu[]; readonly housekeeping: readonly number[] | null }

async function machineFrom(cli: CliContext, options: CpusOptions): Promise<Machine> {
  if (options.topology !== undefined) return { topology: valueOf(parseLscpuTopology(await readInput(cli.terminal, options.topology))), housekeeping: null };
  if (options.capture === undefined) throw new CodedError('bad-usage', 'Which machine? Give --topology FILE, --capture FILE or --board NAME.');
  const snapshot = snapshotFromCapture(await readInput(cli.terminal, options.capture));
  return { topology: topologyOf(snapshot), housekeeping: splitCpus(snapshot, null).housekeeping };
}

function planFromFile({ topology, housekeeping }: Machine, wish: CpuMapWish): CpuMap {
  const host = wish.housekeeping ?? housekeeping;
  if (host === null) throw new CodedError('bad-usage', 'Which CPUs does the host keep?', { next: 'Give --housekeeping LIST, such as 0-3.' });
  return planCpuMap(topology, { ...wish, housekeeping: [...host] });
}

/** Errors: `board-unknown`, `cpu-map-refused` when the map is to be kept and has errors. */
async function planForBoard(client: Client, name: string, wish: CpuMapWish, save: boolean): Promise<CpuMap> {
  const { board, snapshot } = await readingOf(client, name);
  const request: CpuMapRequest = { ...wish, housekeeping: wish.housekeeping ?? splitCpus(snapshot, null).housekeeping };
  const map = planCpuMap(topologyOf(snapshot), request);
  if (save) await client.call('cpu-map.save', { boardId: board.id, draft: { request, assignments: assignmentsOf(map) } });
  return map;
}

async function savedMap(client: Client, name: string): Promise<CpuMap> {
  const { board, snapshot } = await readingOf(client, name);
  const saved = await client.call('cpu-map.get', { boardId: board.id });
  if (saved === null) throw new CodedError('bad-usage', `No CPU map is kept for ${board.name}.`, { board: board.name, next: 'Make one: plan cpus --board NAME --vm rt:8@0 … --save' });
  return mapOfDraft(snapshot, saved.map);
}

async function readingOf(client: Client, name: string): Promise<{ board: Board; snapshot: Snapshot }> {
  const board = await findBoard(client, name);
  const latest = await client.call('snapshots.latest', { boardId: board.id });
  if (latest === null) throw new CodedError('bad-usage', `${board.name} has not been read yet.`, { board: board.name, next: `rtvm-bench inspect ${board.id}` });
  return { board, snapshot: latest.snapshot };
}

function describeMap(map: CpuMap): string[] {
  const pools = [['emulator', map.emulator], ['I/O threads', map.ioThreads], ['measuring', map.measuring], ['stressor', map.stressor], ['left idle', map.idle]] as const;
  return [
    `housekeeping  ${formatCpuList(map.housekeeping)}`,
    `isolated      ${formatCpuList(map.isolated)}`,
    ...map.vms.map((vm) => `${vm.name.padEnd(13)} ${vm.vcpus.map(({ vcpu, cpu }) => `${vcpu}→${cpu}`).join(' ')}`),
    ...pools.filter(([, cpus]) => cpus.length > 0).map(([name, cpus]) => `${name.padEnd(13)} ${formatCpuList(cpus)}`),
    ...map.findings.map(({ severity, rule, message, fix }) => `${severity}: ${message}${fix === undefined ? '' : ` ${fix}`} (${rule})`),
  ];
}

const describeReasons = ({ choices }: CpuMap): string[] =>
  choices.flatMap(({ element, cpus, reasons }) => ['', `${element}: CPU ${formatCpuList(cpus)}`, ...reasons.map(({ rule, reason }) => `  ${reason} (${rule})`)]);

const describeWays = ({ isolated, idle, measuring, vms }: CpuMap): string[] =>
  dedicationWays({ isolated, idle, realTime: [...vms.flatMap(({ vcpus }) => vcpus.map(({ cpu }) => cpu)), ...measuring] })
    .flatMap(({ title, what, good, bad, lines, source }) => ['', title, `  ${what}`, `  + ${good}`, `  - ${bad}`, ...lines.map((line) => `    ${line}`), `  (${source})`]);

function vmClaim(text: string): VmClaim {
  const [, name, claim] = /^([^:]+):(.+)$/.exec(text) ?? [];
  if (!name || !claim) throw new CodedError('bad-usage', `“${text}” is not a VM.`, { next: 'Write NAME:VCPUS@NODE, such as rt:8@0.' });
  return { name, ...countAtNode(claim) };
}

const poolClaim = (text: string | undefined): Claim | null => (text === undefined ? null : countAtNode(text));

function countAtNode(text: string): Claim {
  const [, count, node] = /^(\d{1,4})(?:@(\d{1,4}))?$/.exec(text) ?? [];
  if (count === undefined || Number(count) < 1) throw new CodedError('bad-usage', `“${text}” is not a number of CPUs on a node.`, { next: 'Write COUNT@NODE, such as 4@0.' });
  return { count: Number(count), node: Number(node ?? 0) };
}
