import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { CodedError } from '../../../../shared/contract/errors.ts';
import type { Client } from '../../../../shared/contract/client.ts';
import type { Board } from '../../../../shared/model/board.ts';
import { loadCheckSchema, newVmSchema, vmActSchema, type ImageSource, type NewVm, type VmAct } from '../../../../shared/model/vm.ts';
import { byteSize } from '../../../../shared/planning/vm/map/spellings.ts';
import { readVmMap } from '../../../../shared/planning/vm/map/read-vm-map.ts';
import type { VmHostReport, VmReport } from '../../../../shared/planning/vm/vm-report.ts';
import { columns } from '../columns.ts';
import { findBoard, followJob, readInput, type CliContext, type GlobalOptions } from '../cli-context.ts';
import { describeVm } from '../describe-vm.ts';
import { showPlan } from '../propose-plan.ts';
import { tellProgress } from '../tell-progress.ts';
import { valueOf } from '../value-of.ts';

interface CreateOptions extends GlobalOptions {
  image?: string; imageFile?: string; boardFile?: string; sha256?: string; fetchBy: string; purpose: string; vcpus: string; memory: string; disk: string;
  user: string; key?: string[]; askPassword?: boolean; package?: string[]; network: string; osinfo?: string; preview?: boolean;
}
interface GuestOptions extends GlobalOptions { user: string; key?: string }
interface LoadOptions extends GlobalOptions { vcpu: string }
interface MapOptions extends GlobalOptions { map?: string }

const collect = (value: string, previous: string[] | undefined) => [...previous ?? [], value];

const acts: ReadonlyArray<readonly [verb: string, act: VmAct, description: string]> = [
  ['start', 'start', 'start a VM'],
  ['stop', 'shutdown', 'ask a VM to shut down, and wait until it is off'],
  ['force-off', 'force-off', 'switch a VM off, as by its power switch: what it has not written is lost'],
  ['reboot', 'reboot', 'ask a VM to start again'],
];

/** The VMs of a board: list, make, tune, start, verify, remove. */
export function boardVmVerbs(vm: Command, cli: CliContext): void {
  const onBoard = (options: GlobalOptions, name: string, work: (client: Client, board: Board) => Promise<void>) =>
    cli.withProject(options, async (client) => { await work(client, await findBoard(client, name)); });
  const job = async (client: Client, { jobId }: { jobId: string }) => followJob(client, jobId, tellProgress(cli));
  const reading = async (client: Client, board: Board): Promise<VmHostReport> => {
    await job(client, await client.call('vms.read', { boardId: board.id }));
    const report = await client.call('vms.get', { boardId: board.id });
    if (report) return report;
    throw new CodedError('internal', 'The reading that was just taken is not there.', { board: board.name });
  };

  vm.command('list <board>').description('the VMs of a board, and what is real-time about each')
    .action(async (name: string, _options: GlobalOptions, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      await onBoard(options, name, async (client, board) => {
        const report = await reading(client, board);
        if (report.host.problem) cli.terminal.note([report.host.problem.message, report.host.problem.next ?? ''].join(' ').trim());
        cli.print(options, report, ({ host, vms }) => [
          vms.length === 0 ? 'none' : columns(['name', 'state', 'what is real-time about it'], vms.map((one) => [one.vm.name, one.vm.state, one.summary])),
          ...host.halfMade.map((made) => `half made: ${made.name}, by ${made.owner} since ${made.startedAt}: go on with vm create, or take it away with vm remove`),
        ].join('\n'));
      });
    });

  vm.command('verify <board> <vm>').description('what a VM has of its host and what is proven of it while it runs; exit code 1 when something is otherwise')
    .action(async (name: string, vmName: string, _options: GlobalOptions, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      await onBoard(options, name, async (client, board) => {
        const found = vmOf(board, await reading(client, board), vmName);
        cli.print(options, found, describeVm);
        if (found.checks.some(({ verdict }) => verdict === 'wrong')) process.exitCode = 1;
      });
    });

  vm.command('images').description('cloud images that vm create knows')
    .action(async (_options: GlobalOptions, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      await cli.withProject(options, async (client) => {
        cli.print(options, await client.call('vms.images', {}), (images) => columns(['id', 'image', 'from'], images.map(({ id, title, url }) => [id, title, url])));
      });
    });

  vm.command('create <board> <name>').description('make a VM from a cloud image, and wait until it answers; half-made VMs are named, and gone on with by the same command')
    .option('--image <id>', 'an image of “vm images”')
    .option('--image-file <file>', 'an image on this computer; it is copied to the board')
    .option('--board-file <path>', 'an image that is on the board')
    .option('--sha256 <sum>', 'what the image’s SHA-256 must be')
    .option('--fetch-by <who>', 'who fetches an image of the list: board or laptop', 'board')
    .option('--purpose <purpose>', 'real-time or stressor', 'real-time')
    .option('--vcpus <number>', 'number of vCPUs', '4')
    .option('--memory <size>', 'memory, such as 4GiB', '4GiB')
    .option('--disk <size>', 'disk, such as 20GiB', '20GiB')
    .option('--user <name>', 'user of the VM, who may become root', 'rtvm')
    .option('--key <file>', 'public key that may log in, such as ~/.ssh/id_ed25519.pub; may be repeated', collect)
    .option('--ask-password', 'ask for a password of that user; only its hash leaves this computer')
    .option('--package <name>', 'package to install at the first start; may be repeated', collect)
    .option('--network <name>', 'network of libvirt', 'default')
    .option('--osinfo <name>', 'what libosinfo calls the system (default: what the image says, else linux2022)')
    .option('--preview', 'show what would be done, and do nothing')
    .action(async (name: string, vmName: string, _options: CreateOptions, command: Command) => {
      const options = command.optsWithGlobals<CreateOptions>();
      await onBoard(options, name, async (client, board) => {
        const wanted = await newVm(cli, client, vmName, options);
        if (options.preview) {
          const preview = await client.call('vms.preview', { boardId: board.id, vm: wanted });
          cli.print(options, preview, ({ commands, userData, problems }) => [...commands, '', userData.trimEnd(), '', ...problems.map(({ severity, field, message }) => `${severity}: ${field}: ${message}`)].join('\n').trimEnd());
          if (preview.problems.some(({ severity }) => severity === 'error')) process.exitCode = 1;
          return;
        }
        const result = await job(client, await client.call('vms.create', { boardId: board.id, vm: wanted }));
        cli.print(options, result, () => `${vmName} is made. Tune it for real time: rtvm-bench vm plan ${board.id} ${vmName} --map MAP`);
      });
    });

  vm.command('plan <board> <vm>').description('a plan that tunes a VM of a board by a map (docs/vm-map.md), or by the CPU map saved for the board')
    .option('--map <file>', 'what the VM is given of its host (default: the board’s CPU map)')
    .action(async (name: string, vmName: string, _options: MapOptions, command: Command) => {
      const options = command.optsWithGlobals<MapOptions>();
      await onBoard(options, name, async (client, board) => {
        const given = options.map === undefined ? vmOf(board, await reading(client, board), vmName).map : valueOf(readVmMap(await readInput(cli.terminal, options.map), vmName));
        if (given === null) throw new CodedError('bad-usage', `The CPU map of ${board.name} says nothing of ${vmName}.`, { board: board.name, next: 'Give a map with --map (docs/vm-map.md), or put the VM on the board’s CPU map.' });
        await showPlan(cli, options, client, board, { kind: 'tune-vm', name: vmName, map: given });
      });
    });

  for (const [verb, act, description] of acts) {
    vm.command(`${verb} <board> <vm>`).description(description)
      .action(async (name: string, vmName: string, _options: GlobalOptions, command: Command) => {
        const options = command.optsWithGlobals<GlobalOptions>();
        await onBoard(options, name, async (client, board) => {
          cli.print(options, await job(client, await client.call('vms.act', { boardId: board.id, name: vmName, act })), () => `${vmName}: done`);
        });
      });
  }
  vm.command('autostart <board> <vm> <on|off>').description('whether a VM starts with its host')
    .action(async (name: string, vmName: string, word: string, _options: GlobalOptions, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const act = vmActSchema.safeParse(`autostart-${word}`);
      if (!act.success) throw new CodedError('bad-usage', `“${word}” is neither on nor off.`);
      await onBoard(options, name, async (client, board) => {
        cli.print(options, await job(client, await client.call('vms.act', { boardId: board.id, name: vmName, act: act.data })), () => `${vmName}: autostart ${word}`);
      });
    });

  vm.command('remove <board> <vm>').description('take away a VM that was made from here, with exactly the files that were made for it')
    .action(async (name: string, vmName: string, _options: GlobalOptions, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      await onBoard(options, name, async (client, board) => {
        cli.print(options, await job(client, await client.call('vms.remove', { boardId: board.id, name: vmName })), () => `${vmName} is removed.`);
      });
    });

  vm.command('load-check <board> <vm> <guest>').description('load one vCPU through its guest, a board of its own, and look which CPU of the host gets busy')
    .option('--vcpu <number>', 'the vCPU to load', '0')
    .action(async (name: string, vmName: string, guestName: string, _options: LoadOptions, command: Command) => {
      const options = command.optsWithGlobals<LoadOptions>();
      await onBoard(options, name, async (client, board) => {
        const guest = await findBoard(client, guestName);
        const check = loadCheckSchema.parse(await job(client, await client.call('vms.load-check', { boardId: board.id, name: vmName, guestId: guest.id, vcpu: Number(options.vcpu) })));
        cli.print(options, check, ({ message, busy }) => [message, columns(['host CPU', 'busy'], busy.map(({ cpu, fraction }) => [String(cpu), `${(fraction * 100).toFixed(0)} %`]))].join('\n'));
        if (check.verdict === 'wrong') process.exitCode = 1;
      });
    });

  vm.command('add-guest <board> <vm>').description('add a running VM as a board of its own, reached through its host')
    .requiredOption('--user <name>', 'user to log in as')
    .option('--key <file>', 'private key (default: a password is asked for)')
    .action(async (name: string, vmName: string, _options: GuestOptions, command: Command) => {
      const options = command.optsWithGlobals<GuestOptions>();
      await onBoard(options, name, async (client, board) => {
        await reading(client, board);
        const login = options.key === undefined ? { method: 'password' as const } : { method: 'key' as const, keyFile: resolve(options.key) };
        const guest = await client.call('vms.add-guest', { boardId: board.id, name: vmName, user: options.user, login });
        cli.print(options, guest, ({ id }) => `Added as ${id}. Next: rtvm-bench inspect ${id}`);
      });
    });
}

function vmOf(board: Board, { host, vms }: VmHostReport, name: string): VmReport {
  if (host.problem) throw CodedError.fromData(host.problem);
  const found = vms.find(({ vm }) => vm.name === name);
  if (found) return found;
  throw new CodedError('vm-unknown', `${board.name} has no VM “${name}”.`, { board: board.name, next: vms.length === 0 ? 'It has none at all.' : `It has: ${vms.map(({ vm }) => vm.name).join(', ')}.` });
}

async function newVm(cli: CliContext, client: Client, name: string, options: CreateOptions): Promise<NewVm> {
  const image = sourceOf(options);
  const known = image.kind === 'catalogue' ? (await client.call('vms.images', {})).find(({ id }) => id === image.id) : undefined;
  if (image.kind === 'catalogue' && !known) throw new CodedError('bad-usage', `There is no image “${image.id}”.`, { next: 'rtvm-bench vm images lists them.' });
  if (options.askPassword && !cli.terminal.interactive) throw new CodedError('bad-usage', 'Nobody can be asked for a password here.', { next: 'Give a public key with --key.' });
  const wanted = newVmSchema.safeParse({
    name, purpose: options.purpose, image, vcpus: Number(options.vcpus), memoryMiB: sizeOf('--memory', options.memory) / 2 ** 20, diskGiB: sizeOf('--disk', options.disk) / 2 ** 30,
    user: {
      name: options.user, password: options.askPassword ? await cli.terminal.ask(`Password of ${options.user} in ${name}: `, { hidden: true }) : null,
      sshKeys: await Promise.all((options.key ?? []).map(readKey)), adminGroup: known?.adminGroup ?? 'sudo',
    },
    packages: options.package ?? [], network: options.network, osinfo: options.osinfo ?? known?.osinfo ?? 'linux2022',
  });
  if (wanted.success) return wanted.data;
  const [issue] = wanted.error.issues;
  throw new CodedError('bad-usage', `This cannot be made: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}.`);
}

function sourceOf({ image, imageFile, boardFile, fetchBy, ...options }: CreateOptions): ImageSource {
  const sha256 = options.sha256 ?? null;
  if ([image, imageFile, boardFile].filter((one) => one !== undefined).length !== 1) throw new CodedError('bad-usage', 'Say which image: --image, --image-file or --board-file, one of them.', { next: 'rtvm-bench vm images lists those that are known.' });
  if (fetchBy !== 'board' && fetchBy !== 'laptop') throw new CodedError('bad-usage', `An image is fetched by the board or the laptop, not by “${fetchBy}”.`);
  if (imageFile !== undefined) return { kind: 'laptop-file', path: resolve(imageFile), sha256 };
  if (boardFile !== undefined) return { kind: 'board-file', path: boardFile, sha256 };
  return { kind: 'catalogue', id: image ?? '', fetchedBy: fetchBy };
}

function sizeOf(option: string, text: string): number {
  const bytes = byteSize.safeParse(text);
  if (bytes.success) return bytes.data;
  throw new CodedError('bad-usage', `${option} ${text}: ${bytes.error.issues[0]?.message ?? 'is no size'}.`);
}

async function readKey(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (thrown) {
    throw new CodedError('file-unreadable', `${file} cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}.`, {}, { cause: thrown });
  }
}
