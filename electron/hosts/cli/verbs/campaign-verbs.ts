import { Option, type Command } from 'commander';
import type { Client } from '../../../../shared/contract/client.ts';
import { CodedError } from '../../../../shared/contract/errors.ts';
import { campaignTemplateIdSchema, kernelVariantSchema, type CampaignLoad, type CampaignPreview, type CampaignWish } from '../../../../shared/model/campaign.ts';
import { workloadKindSchema } from '../../../../shared/model/vm.ts';
import { newRunId } from '../../../core/runs/run-id.ts';
import { findBoard, followJob, mustOutlive, type CliContext, type GlobalOptions } from '../cli-context.ts';
import { columns } from '../columns.ts';
import { describeCampaign, describeCampaigns, describePreview } from '../describe-campaign.ts';
import { durationSeconds } from '../duration.ts';
import { fractionOf } from '../fraction.ts';
import { tellProgress } from '../tell-progress.ts';

interface WishOptions extends GlobalOptions {
  name?: string;
  load?: string[];
  repeats?: string;
  duration?: string;
  order?: 'blocks' | 'rounds' | 'random';
  seed?: string;
  lead?: string;
  coolDown?: string;
  patience?: string;
  deadline?: string;
  fraction?: string;
  kernel?: string;
  detach?: boolean;
}

const collect = (value: string, previous: string[] | undefined): string[] => [...previous ?? [], value];

/** A set of runs that belong together, carried out by the boards themselves. */
export function campaignVerbs(program: Command, cli: CliContext): void {
  const campaign = program.command('campaign').description('a set of runs that belong together, carried out by the boards themselves, hours long and with nobody there');

  campaign.command('templates').description('what to begin with').action(async (_options: GlobalOptions, command: Command) => {
    const options = command.optsWithGlobals<GlobalOptions>();
    const templates = await cli.withProject(options, (client) => client.call('campaigns.templates', {}));
    cli.print(options, { templates }, () => columns(['template', ''], templates.flatMap(({ id, answers, source, printed }) => [[id, answers], ...(source === null ? [] : [['', `${source}${printed === null ? '' : `: ${printed}`}`]])])));
  });

  wishOptions(campaign.command('plan <template> <boards...>').description('every cell with its command and time; starts nothing'))
    .action(async (template: string, names: string[], _options: WishOptions, command: Command) => {
      const options = command.optsWithGlobals<WishOptions>();
      await cli.withProject(options, async (client) => {
        const preview = await previewOf(client, template, names, options);
        tellProblems(cli, preview);
        cli.print(options, preview, describePreview);
        if (preview.problems.some(({ severity }) => severity === 'error')) process.exitCode = 1;
      });
    });

  wishOptions(campaign.command('start <template> <boards...>').description('lay the time table on the boards and follow it; they go on when this command or the link ends'))
    .option('--detach', 'lay it and return; see it later with campaign attach')
    .action(async (template: string, names: string[], _options: WishOptions, command: Command) => {
      const options = command.optsWithGlobals<WishOptions>();
      await cli.withProject(options, async (client) => {
        if (options.detach) for (const name of names) mustOutlive(await findBoard(client, name));
        const preview = await previewOf(client, template, names, options);
        tellProblems(cli, preview);
        cli.terminal.note(describePreview(preview));
        const [first] = preview.wish.places;
        const campaignId = newRunId(first?.boardId ?? 'campaign', new Date());
        const { jobId } = await client.call('campaigns.start', { campaignId, wish: preview.wish });
        if (options.detach) await untilLaid(client, jobId, cli);
        else await followJob(client, jobId, tellProgress(cli));
        await show(cli, client, options, campaignId, options.detach === true);
      });
    });

  campaign.command('list').description('the campaigns of the project').action(async (_options: GlobalOptions, command: Command) => {
    const options = command.optsWithGlobals<GlobalOptions>();
    const campaigns = await cli.withProject(options, (client) => client.call('campaigns.list', {}));
    cli.print(options, { campaigns }, () => describeCampaigns(campaigns));
  });
  campaign.command('show <campaign>').description('every cell as it stands here, and the conditions side by side')
    .action(async (campaignId: string, _options: GlobalOptions, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      await cli.withProject(options, async (client) => { await show(cli, client, options, campaignId, true); });
    });
  campaign.command('attach <campaign>').description('bring home what the boards have, and follow it to its end')
    .action(async (campaignId: string, _options: GlobalOptions, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      await cli.withProject(options, async (client) => {
        const { jobId } = await client.call('campaigns.attach', { campaignId });
        if (jobId !== null) await followJob(client, jobId, tellProgress(cli));
        await show(cli, client, options, campaignId, false);
      });
    });
  campaign.command('resume <campaign>').description('measure the cells that are missing')
    .action(async (campaignId: string, _options: GlobalOptions, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      await cli.withProject(options, async (client) => {
        const { jobId } = await client.call('campaigns.resume', { campaignId });
        await followJob(client, jobId, tellProgress(cli));
        await show(cli, client, options, campaignId, false);
      });
    });
  campaign.command('cancel <campaign>').description('end it on all boards, with its runs and loads; what was measured is kept')
    .action(async (campaignId: string, _options: GlobalOptions, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      await cli.withProject(options, async (client) => {
        const { jobId } = await client.call('campaigns.cancel', { campaignId });
        await followJob(client, jobId, tellProgress(cli));
        const attached = await client.call('campaigns.attach', { campaignId });
        if (attached.jobId !== null) await followJob(client, attached.jobId, tellProgress(cli));
        await show(cli, client, options, campaignId, true);
      });
    });
}

function wishOptions(command: Command): Command {
  return command
    .option('--name <text>', 'what it is called')
    .option('--load <kind[@where]>', `idle or one of ${workloadKindSchema.options.join(', ')}; where: measured, host (default) or a board; may be repeated`, collect)
    .option('--repeats <number>', 'how often each condition is measured')
    .option('--duration <time>', 'how long each cell measures: 60s, 10m, 24h')
    .addOption(new Option('--order <order>', 'in which order').choices(['blocks', 'rounds', 'random']))
    .option('--seed <number>', 'of the order by chance, to have the same again')
    .option('--lead <time>', 'how long a load works before the measurement')
    .option('--cool-down <time>', 'rest after a cell')
    .option('--patience <time>', 'how long a cell waits for a board that is in use')
    .option('--deadline <µs>', 'your deadline; it decides the verdicts')
    .option('--fraction <0-1>', 'fraction of responses that must meet the deadline, as 0.9999 or 99.99%')
    .addOption(new Option('--kernel <kernel>', 'what the boards must run').choices(kernelVariantSchema.options));
}

async function previewOf(client: Client, template: string, names: readonly string[], options: WishOptions): Promise<CampaignPreview> {
  const known = campaignTemplateIdSchema.safeParse(template);
  if (!known.success) throw new CodedError('bad-usage', `There is no template “${template}”.`, { next: `Templates: ${campaignTemplateIdSchema.options.join(', ')}.` });
  const boardIds: string[] = [];
  for (const name of names) boardIds.push((await findBoard(client, name)).id);
  const { wish } = await client.call('campaigns.propose', { template: known.data, boardIds });
  return client.call('campaigns.preview', await chosen(client, wish, options));
}

async function chosen(client: Client, wish: CampaignWish, options: WishOptions): Promise<CampaignWish> {
  const { name, load, repeats, duration, order, seed, lead, coolDown, patience, deadline, fraction } = options;
  const kernel = kernelVariantSchema.optional().parse(options.kernel);
  const loads: CampaignLoad[] = [];
  for (const text of load ?? []) loads.push(await loadOf(client, text));
  const kind = order ?? wish.order.kind;
  const itsSeed = seed === undefined ? wish.order.kind === 'random' ? wish.order.seed : Date.now() % 4_294_967_296 : wholeNumber(seed, 'seed');
  return {
    ...wish,
    ...(name !== undefined && { name }),
    ...(loads.length > 0 && { loads }),
    ...(repeats !== undefined && { repeats: wholeNumber(repeats, 'number of repeats') }),
    ...(duration !== undefined && { durationSeconds: durationSeconds(duration) }),
    order: kind === 'random' ? { kind, seed: itsSeed } : { kind },
    ...(lead !== undefined && { leadSeconds: secondsOrNone(lead) }),
    ...(coolDown !== undefined && { coolDownSeconds: secondsOrNone(coolDown) }),
    ...(patience !== undefined && { patienceSeconds: secondsOrNone(patience) }),
    ...(deadline !== undefined && { deadlineUs: positiveNumber(deadline, 'deadline') }),
    ...(fraction !== undefined && { deadlineFraction: fractionOf(fraction) }),
    ...(kernel !== undefined && { places: wish.places.map((place) => ({ ...place, kernel })) }),
  };
}

/** `idle`, `stress-cpu`, `stress-cpu@measured`, `kernel-compile@stressor-vm`. */
async function loadOf(client: Client, text: string): Promise<CampaignLoad> {
  const [kind = '', where = 'host'] = text.split('@');
  const workload = kind === 'idle' ? null : workloadKindSchema.safeParse(kind);
  if (workload !== null && !workload.success) throw new CodedError('bad-usage', `There is no load “${kind}”.`, { next: `Loads: idle, ${workloadKindSchema.options.join(', ')}.` });
  const on: CampaignLoad['on'] = where === 'host' || where === 'measured' ? { kind: where } : { kind: 'board', boardId: (await findBoard(client, where)).id };
  return { workload: workload === null ? null : workload.data, on };
}

const secondsOrNone = (text: string): number => (/^0[smhd]?$/.test(text.trim()) ? 0 : durationSeconds(text));

function positiveNumber(text: string, what: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new CodedError('bad-usage', `“${text}” is not a ${what}.`);
  return value;
}

function wholeNumber(text: string, what: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new CodedError('bad-usage', `“${text}” is not a ${what}.`);
  return Number(text);
}

function tellProblems(cli: CliContext, { problems }: CampaignPreview): void {
  for (const { severity, message } of problems) cli.terminal.note(`${severity}: ${message}`);
}

/** Returns when the boards have begun; the job goes on until this command ends, and the boards for longer. */
async function untilLaid(client: Client, jobId: string, cli: CliContext): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    followJob(client, jobId, (body) => {
      tellProgress(cli)(body);
      if (body.kind === 'progress' && body.fraction !== null) resolve();
    }).then(() => { resolve(); }, reject);
  });
}

async function show(cli: CliContext, client: Client, options: GlobalOptions, campaignId: string, justLook: boolean): Promise<void> {
  const detail = await client.call('campaigns.get', { campaignId });
  cli.print(options, detail, (campaign) => [describeCampaign(campaign), ...(justLook && campaign.state === 'running' ? ['', `Bring it home with: rtvm-bench campaign attach ${campaignId}`] : []), ...(campaign.state === 'incomplete' || campaign.state === 'cancelled' ? ['', `Measure what is missing with: rtvm-bench campaign resume ${campaignId}`] : [])].join('\n'));
  const failed = detail.cells.some(({ state, verdict }) => state === 'missing' || state === 'not comparable' || verdict?.grade === 'poor');
  if (!justLook && failed) process.exitCode = 1;
}
