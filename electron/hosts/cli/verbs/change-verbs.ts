import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Client } from '../../../../shared/contract/client.ts';
import { CodedError } from '../../../../shared/contract/errors.ts';
import type { Board } from '../../../../shared/model/board.ts';
import type { Change } from '../../../../shared/model/change.ts';
import { changeWantSchema, type ChangeWant, type PackageSource, type Plan } from '../../../../shared/model/plan.ts';
import { guideIds } from '../../../../shared/model/setting.ts';
import { contentOf } from '../../../core/changes/state-lines.ts';
import { findBoard, followJob, type CliContext, type GlobalOptions } from '../cli-context.ts';
import { describeChange, describePlan } from '../describe-plan.ts';
import { guideCpusOf } from '../guide-cpus.ts';
import { proposePlan, showPlan } from '../propose-plan.ts';
import { tellProgress } from '../tell-progress.ts';

interface GuideOptions extends GlobalOptions { guide: string; housekeeping?: string; only?: string[]; kernel?: string }
interface CacheOptions extends GlobalOptions { resource: string; mask: string[] }
interface ApplyOptions extends GlobalOptions { board?: string; end?: string[] }
interface PackageOptions extends GlobalOptions { throughLaptop?: boolean; from?: string; eci?: boolean; eciKey?: string }

const collect = (value: string, previous: string[] | undefined) => [...previous ?? [], value];

/** Plans for a board, applying, resuming, undoing. */
export function changeVerbs(program: Command, cli: CliContext): void {
  const plan = program.commands.find((command) => command.name() === 'plan') ?? program.command('plan').description('compute plans; nothing is changed');
  const forGuide = (name: string, description: string) => plan.command(name).description(description)
    .option('--guide <id>', `one of ${guideIds.join(', ')}`, 'kvm-host')
    .option('--housekeeping <list>', 'CPUs the host keeps (default: the stored CPU map, else what the command line says)');

  forGuide('settings <board>', 'a plan for the runtime settings of a guide that need attention, now and at every start')
    .option('--only <id>', 'this setting only; may be repeated', collect)
    .action(async (name: string, _options: GuideOptions, command: Command) => {
      const options = command.optsWithGlobals<GuideOptions>();
      await proposePlan(cli, options, name, { kind: 'settings', ...guideCpusOf(options), settings: options.only ?? null });
    });
  forGuide('try-kernel <board>', 'a plan that starts the board once with the command line of a guide; the default stays untouched')
    .option('--kernel <release>', 'with another installed kernel than the one that runs')
    .action(async (name: string, _options: GuideOptions, command: Command) => {
      const options = command.optsWithGlobals<GuideOptions>();
      await proposePlan(cli, options, name, { kind: 'try-kernel', ...guideCpusOf(options), kernel: options.kernel ?? null });
    });
  forGuide('write-kernel <board>', 'a plan that writes the command line of a guide without trying it first')
    .action(async (name: string, _options: GuideOptions, command: Command) => {
      const options = command.optsWithGlobals<GuideOptions>();
      await proposePlan(cli, options, name, { kind: 'write-kernel', ...guideCpusOf(options) });
    });
  plan.command('promote <change>').description('a plan that makes a command line that was tried and came back good the default')
    .action(async (id: string, _options: GlobalOptions, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      await cli.withProject(options, async (client) => {
        const { board, change } = await findChange(client, id);
        await showPlan(cli, options, client, board, { kind: 'promote-kernel', changeId: change.id });
      });
    });
  plan.command('realtime-kernel <board>').description('a plan that installs a PREEMPT_RT kernel beside the one that runs')
    .option('--through-laptop', 'the board has no network: its package manager goes through this computer')
    .option('--from <folder>', 'package files in a folder of this computer')
    .option('--eci', 'Intel ECI’s kernel instead of the distribution’s')
    .option('--eci-key <file>', 'the public key of the ECI repository, for a board that does not have that source')
    .action(async (name: string, _options: PackageOptions, command: Command) => {
      const options = command.optsWithGlobals<PackageOptions>();
      const source = sourceOf(options);
      const eciKey = options.eciKey === undefined ? undefined : contentOf(await readBytes(options.eciKey));
      await proposePlan(cli, options, name, { kind: 'realtime-kernel', source, ...(options.eci ? { eci: true } : {}), ...(eciKey ? { eciKey } : {}) });
    });
  plan.command('firmware <board>').description('a plan for firmware settings that the board lets be changed from Linux or through its management controller')
    .option('--only <id>', 'this setting only; may be repeated', collect)
    .action(async (name: string, _options: GuideOptions, command: Command) => {
      const options = command.optsWithGlobals<GuideOptions>();
      await proposePlan(cli, options, name, { kind: 'firmware', settings: options.only ?? null });
    });
  plan.command('module <board> <module>').description('a plan that loads a kernel module, such as msr')
    .action(async (name: string, module: string, _options: GlobalOptions, command: Command) => {
      await proposePlan(cli, command.optsWithGlobals<GlobalOptions>(), name, { kind: 'module', module });
    });
  plan.command('tool <benchmark> <board>').description('a plan that installs what a benchmark measures with, such as rt-tests; see: benchmarks')
    .option('--through-laptop', 'the board fetches packages over this computer’s connection')
    .option('--from <folder>', 'install from package files in this folder')
    .action(async (benchmark: string, name: string, _options: PackageOptions, command: Command) => {
      const options = command.optsWithGlobals<PackageOptions>();
      await proposePlan(cli, options, name, { kind: 'tool', benchmark, source: sourceOf(options) });
    });
  plan.command('host-cache <board>').description('a plan for what the host itself keeps of its caches (resctrl’s default group), now and at every start')
    .option('--resource <name>', 'L3, L2 or MB', 'L3')
    .requiredOption('--mask <id=mask>', 'mask in hexadecimal of a cache id, such as 0=1ff; may be repeated', collect)
    .action(async (name: string, _options: CacheOptions, command: Command) => {
      const options = command.optsWithGlobals<CacheOptions>();
      await proposePlan(cli, options, name, cacheWant(options));
    });

  program.command('plans <board>').description('plans of a board that were not applied')
    .action(async (name: string, _options: GlobalOptions, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      await cli.withProject(options, async (client) => {
        const plans = await client.call('plans.list', { boardId: (await findBoard(client, name)).id });
        cli.print(options, plans, (all) => all.map(({ id, title, steps }) => `${id}  ${title} (${steps.length} steps)`).join('\n') || 'none');
      });
    });
  program.command('changes <board>').description('what was changed on a board, oldest first')
    .action(async (name: string, _options: GlobalOptions, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      await cli.withProject(options, async (client) => {
        const changes = await client.call('changes.list', { boardId: (await findBoard(client, name)).id });
        cli.print(options, changes, (all) => all.map(describeChange).join('\n') || 'none');
      });
    });

  const applying = (name: string, description: string) => program.command(name).description(description)
    .option('--board <name>', 'the board you mean: nothing is done to another one')
    .option('--end <work>', 'what a restart may end, as it was named; may be repeated', collect);
  applying('apply <plan>', 'apply a plan to the board it was made for')
    .action(async (id: string, _options: ApplyOptions, command: Command) => {
      const options = command.optsWithGlobals<ApplyOptions>();
      await cli.withProject(options, async (client) => {
        const { board, plan: wanted } = await findPlan(client, id);
        await confirm(cli, options, board, wanted);
        await follow(cli, options, client, board, wanted.id, await client.call('changes.apply', { boardId: board.id, planId: wanted.id, mayEnd: options.end ?? [] }));
      });
    });
  applying('undo <change>', 'put back what a change did')
    .action(async (id: string, _options: ApplyOptions, command: Command) => {
      const options = command.optsWithGlobals<ApplyOptions>();
      await cli.withProject(options, async (client) => {
        const { board, change } = await findChange(client, id);
        const { plan: undoing, notes } = await client.call('plans.propose', { boardId: board.id, want: { kind: 'undo', changeId: change.id } });
        if (!undoing) {
          cli.print(options, { change: null, notes }, () => ['There is nothing to put back: everything is as it was before.', ...notes].join('\n'));
          return;
        }
        await confirm(cli, options, board, undoing);
        await follow(cli, options, client, board, undoing.id, await client.call('changes.apply', { boardId: board.id, planId: undoing.id, mayEnd: options.end ?? [] }));
      });
    });
  for (const [verb, direction, description] of [['resume', 'apply', 'go on with a change that was interrupted'], ['roll-back', 'roll-back', 'put back what an interrupted change has done']] as const) {
    applying(`${verb} <change>`, description).action(async (id: string, _options: ApplyOptions, command: Command) => {
      const options = command.optsWithGlobals<ApplyOptions>();
      await cli.withProject(options, async (client) => {
        const { board, change } = await findChange(client, id);
        await follow(cli, options, client, board, change.id, await client.call('changes.resume', { boardId: board.id, changeId: change.id, direction, mayEnd: options.end ?? [] }));
      });
    });
  }
  applying('restart <name>', 'restart a board and wait until it is back; refused while runs or VMs are active, unless agreed to')
    .action(async (name: string, _options: ApplyOptions, command: Command) => {
      const options = command.optsWithGlobals<ApplyOptions>();
      await cli.withProject(options, async (client) => {
        const board = await findBoard(client, name);
        const { jobId } = await client.call('changes.restart', { boardId: board.id, mayEnd: options.end ?? [] });
        const back = await followJob(client, jobId, tellProgress(cli));
        cli.print(options, back, () => `${board.name} is back: kernel ${String(back['kernelRelease'])}\n${String(back['commandLine'])}`);
      });
    });
}

async function readBytes(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (thrown) {
    throw new CodedError('file-unreadable', `${file} cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}.`, {}, { cause: thrown });
  }
}

function cacheWant({ resource, mask }: CacheOptions): ChangeWant {
  const masks = Object.fromEntries(mask.map((word) => { const [id = '', value = ''] = word.split('='); return [id, value.toLowerCase().replace(/^0x/, '')]; }));
  const want = changeWantSchema.safeParse({ kind: 'host-cache', resource, masks });
  if (want.success) return want.data;
  throw new CodedError('bad-usage', `These are no masks of a cache: ${resource} ${mask.join(' ')}.`, { next: 'For example: --resource L3 --mask 0=1ff --mask 1=1ff.' });
}

/** Shown, then agreed to for a board by name: on the command line, or typed at the terminal. */
async function confirm(cli: CliContext, options: ApplyOptions, board: Board, plan: Plan): Promise<void> {
  cli.terminal.note(describePlan(plan));
  const named = options.board ?? (cli.terminal.interactive ? await cli.terminal.ask(`Apply it to ${board.name}? Type the board’s name: `) : null);
  if (named === null) throw new CodedError('bad-usage', 'Nobody can be asked here whether this board is meant.', { board: board.name, state: 'Nothing was changed.', next: `Repeat with --board ${board.id}.` });
  if (named.trim() !== board.id && named.trim() !== board.name) {
    throw new CodedError('plan-for-other-board', `The plan is for ${board.name}, not for ${named.trim() === '' ? 'none' : named.trim()}.`, { board: board.name, state: 'Nothing was changed.' });
  }
}

async function follow(cli: CliContext, options: GlobalOptions, client: Client, board: Board, changeId: string, { jobId }: { jobId: string }): Promise<void> {
  await followJob(client, jobId, tellProgress(cli));
  const change = await client.call('changes.get', { boardId: board.id, changeId });
  cli.print(options, change, (ended) => `${describeChange(ended)}\n${ended.words}\nTo put it back: rtvm-bench undo ${ended.id} --board ${board.id}`);
}

/** Plans and changes are found by their id alone: no two of a project share one. */
async function findPlan(client: Client, id: string): Promise<{ board: Board; plan: Plan }> {
  for (const { board } of await client.call('boards.list', {})) {
    const plan = (await client.call('plans.list', { boardId: board.id })).find((candidate) => candidate.id === id);
    if (plan) return { board, plan };
  }
  throw new CodedError('plan-unknown', `This project has no plan “${id}” that waits to be applied.`, { next: 'rtvm-bench plans BOARD lists them.' });
}

async function findChange(client: Client, id: string): Promise<{ board: Board; change: Change }> {
  for (const { board } of await client.call('boards.list', {})) {
    const change = (await client.call('changes.list', { boardId: board.id })).find((candidate) => candidate.id === id);
    if (change) return { board, change };
  }
  throw new CodedError('change-unknown', `This project has no change “${id}”.`, { next: 'rtvm-bench changes BOARD lists them.' });
}

const sourceOf = ({ from, throughLaptop }: PackageOptions): PackageSource =>
  (from !== undefined ? { kind: 'folder', directory: from } : throughLaptop ? { kind: 'laptop' } : { kind: 'board' });
