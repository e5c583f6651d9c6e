import type { Command } from 'commander';
import { benchmarks } from '../../../../shared/benchmarks/catalogue.ts';
import type { Client } from '../../../../shared/contract/client.ts';
import { CodedError } from '../../../../shared/contract/errors.ts';
import { abRepeatsSchema, type AbTestView } from '../../../../shared/model/ab-test.ts';
import type { Board } from '../../../../shared/model/board.ts';
import type { Plan } from '../../../../shared/model/plan.ts';
import { isToolRequest } from '../../../../shared/model/run.ts';
import { guideIds } from '../../../../shared/model/setting.ts';
import { checkHolds, parseGates, type Gate, type HoldOutcome } from '../../../../shared/statistics/comparison/gates.ts';
import { newRunId } from '../../../core/runs/run-id.ts';
import { findBoard, followJob, type CliContext, type GlobalOptions } from '../cli-context.ts';
import { columns } from '../columns.ts';
import { describeComparison } from '../describe-comparison.ts';
import { describePlan } from '../describe-plan.ts';
import { guideCpusOf } from '../guide-cpus.ts';
import { requestOf, withRequestOptions, type RequestOptions } from '../run-request.ts';
import { tellProgress } from '../tell-progress.ts';

interface AbOptions extends RequestOptions {
  plan?: string;
  setting?: string;
  guide: string;
  housekeeping?: string;
  benchmark: string;
  repeats: string;
  keepIf?: string;
  revert?: boolean;
  resume?: string;
}

/** What became of the change once all was measured. */
type Decision = 'kept' | 'put back' | 'left to you';

export function abVerbs(program: Command, cli: CliContext): void {
  const verb = program.command('ab <board>')
    .description('try one change by measuring: repeats of a run, the change, the same repeats again, compared; then keep it or put it back')
    .option('--plan <id>', 'the change: a plan that waits (see: plans). It must take effect at once')
    .option('--setting <id>', 'the change: this setting of a guide, planned now')
    .option('--guide <id>', `the guide of --setting: one of ${guideIds.join(', ')}`, 'kvm-host')
    .option('--housekeeping <list>', 'CPUs the host keeps, for --setting (default: the stored CPU map, else what the command line says)')
    .option('--benchmark <name>', 'what is run (see: benchmarks)', 'cyclictest')
    .option('--repeats <number>', 'runs on each side; with fewer than four nothing can be told from chance', '4')
    .option('--keep-if <condition>', 'keep the change when it holds on every CPU: "p99.9 < -10%", "max < 100us"; else put it back and exit with 1')
    .option('--revert', 'put it back in any case, once all is measured')
    .option('--resume <id>', 'go on with one that was interrupted (see: ab-tests)');
  withRequestOptions(verb).addHelpText('after', `
The board named is changed. At a terminal the plan is shown and the board's name asked for before anything begins.
  ab press-4 --setting runtime.ksm --duration 10m --repeats 5
  ab press-4 --plan 20261121T101500Z --duration 60s --keep-if "p99.9 < -10% or max < 100us"
  ab press-4 --setting runtime.ksm --duration 60s --revert
Conditions are those of compare --fail-if (docs/comparing.md). Interrupted, it leaves the change as it is and says so; --resume goes on.`)
    .action(async (name: string, _options: AbOptions, command: Command) => {
      const options = command.optsWithGlobals<AbOptions>();
      const conditions = conditionsOf(options);
      await cli.withProject(options, async (client) => {
        const board = await findBoard(client, name);
        const { abId, jobId } = options.resume === undefined ? await begin(cli, client, board, options) : await resume(client, board, options.resume);
        await followJob(client, jobId, tellProgress(cli));
        await conclude(cli, client, options, board, conditions, await client.call('ab.get', { abId }));
      });
    });

  program.command('ab-tests').description('the A/B tests of the project').action(async (_options: GlobalOptions, command: Command) => {
    const options = command.optsWithGlobals<GlobalOptions>();
    await cli.withProject(options, async (client) => {
      const tests: AbTestView[] = [];
      for (const { id } of await client.call('ab.list', {})) tests.push(await client.call('ab.get', { abId: id }));
      cli.print(options, { tests }, () => (tests.length === 0 ? 'No A/B tests yet.' : columns(['A/B test', 'change', 'before', 'after', 'the change is'], tests.map(({ test, measured, change }) => [
        test.id, test.title, `${measured.before.length} of ${test.repeats}`, `${measured.after.length} of ${test.repeats}`, change ?? 'not made',
      ]))));
    });
  });
}

function conditionsOf({ keepIf, revert }: AbOptions): Gate[] {
  if (keepIf === undefined) return [];
  if (revert) throw new CodedError('bad-usage', '--keep-if and --revert contradict each other.', { next: 'Give one of them.' });
  const gates = parseGates(keepIf);
  if (!gates.ok) throw gates.error;
  return gates.value;
}

async function resume(client: Client, board: Board, abId: string): Promise<{ abId: string; jobId: string }> {
  const { test } = await client.call('ab.get', { abId });
  if (test.boardId !== board.id) throw new CodedError('bad-usage', `The A/B test ${abId} is of ${test.boardName}, not of ${board.name}.`, { next: `rtvm-bench ab ${test.boardId} --resume ${abId}` });
  return { abId, ...await client.call('ab.resume', { abId }) };
}

async function begin(cli: CliContext, client: Client, board: Board, options: AbOptions): Promise<{ abId: string; jobId: string }> {
  const repeats = abRepeatsSchema.safeParse(Number(options.repeats));
  if (!repeats.success) throw new CodedError('bad-usage', `“${options.repeats}” is not a number of repeats.`, { next: 'Write a whole number from 1 to 100.' });
  if (!benchmarks.some(({ id }) => id === options.benchmark)) throw new CodedError('bad-usage', `There is no benchmark “${options.benchmark}”.`, { next: `Benchmarks: ${benchmarks.map(({ id }) => id).join(', ')}.` });
  const plan = await planOf(client, board, options);
  const request = requestOf(await client.call('runs.propose', { boardId: board.id, benchmark: options.benchmark }), options);
  const preview = await client.call('runs.preview', isToolRequest(request) ? { boardId: board.id, ...request } : { boardId: board.id, ...request });
  for (const { severity, message } of preview.problems) cli.terminal.note(`${severity}: ${message}`);
  cli.terminal.note(`${repeats.data} times before and after: ${preview.commandText}\n\n${describePlan(plan)}`);
  if (cli.terminal.interactive) {
    const named = (await cli.terminal.ask(`Measure ${board.name}, apply this, and measure again? Type the board’s name: `)).trim();
    if (named !== board.id && named !== board.name) throw new CodedError('plan-for-other-board', `The plan is for ${board.name}, not for ${named === '' ? 'none' : named}.`, { board: board.name, state: 'Nothing was measured or changed.' });
  }
  const about = { abId: newRunId(board.id, new Date()), boardId: board.id, planId: plan.id, repeats: repeats.data };
  const { jobId } = await client.call('ab.start', isToolRequest(request) ? { ...about, ...request } : { ...about, ...request });
  return { abId: about.abId, jobId };
}

async function planOf(client: Client, board: Board, options: AbOptions): Promise<Plan> {
  const { plan: planId, setting } = options;
  if ((planId === undefined) === (setting === undefined)) throw new CodedError('bad-usage', 'Which change is tried?', { next: 'Give --plan ID or --setting ID, one of them.' });
  if (planId !== undefined) return client.call('plans.get', { boardId: board.id, planId });
  const { plan, refused, notes } = await client.call('plans.propose', { boardId: board.id, want: { kind: 'settings', ...guideCpusOf(options), settings: [setting ?? ''] } });
  if (plan !== null) return plan;
  throw new CodedError('plan-refused', ['There is nothing to change.', ...refused.map(({ why, next }) => `${why} ${next}`), ...notes].join(' '), {
    board: board.name, state: 'Nothing was measured or changed.', next: `rtvm-bench check ${board.id} --guide ${options.guide} lists the settings that need attention.`,
  });
}

async function conclude(cli: CliContext, client: Client, options: AbOptions, board: Board, conditions: readonly Gate[], view: AbTestView): Promise<void> {
  const { compared, test } = view;
  if (compared === null) throw new CodedError('ab-interrupted', 'Runs of this A/B test are no longer here, so nothing can be compared.', { board: board.name, state: `The change ${test.planId} is ${view.change ?? 'not made'}.`, next: 'Begin a new one.' });
  const conclusions = conditions.map((gate) => checkHolds(gate, compared.comparison));
  const told = describeComparison(compared.comparison, [], compared.differences, false);
  const decision = await decide(cli, options, conclusions, told);
  const notes = decision === 'put back' ? await putBack(cli, client, board, test.planId) : [];
  const { change } = await client.call('ab.get', { abId: test.id });
  cli.print(options, { test, measured: view.measured, change, ...compared.comparison, differences: compared.differences, conditions: conclusions, decision }, () => [
    ...(asks(cli, options) ? [] : [told, '']),
    ...conclusions.flatMap(({ condition, outcome, reasons }) => [`${condition}: ${outcome}`, ...reasons.slice(0, 5).map((reason) => `  ${reason}`)]),
    ...notes, `${test.title}: ${decision}; the change ${test.planId} is ${change ?? 'not made'}.`,
    ...(change === 'done' ? [`To put it back: rtvm-bench undo ${test.planId} --board ${board.id}`] : []),
    `The same comparison again: rtvm-bench compare ${view.measured.before.join(' ')} --with ${view.measured.after.join(' ')}`,
  ].join('\n'));
  if (options.keepIf !== undefined && decision !== 'kept') process.exitCode = 1;
}

const asks = (cli: CliContext, { keepIf, revert }: AbOptions): boolean => cli.terminal.interactive && keepIf === undefined && revert !== true;

async function decide(cli: CliContext, options: AbOptions, conclusions: readonly HoldOutcome[], told: string): Promise<Decision> {
  if (options.revert) return 'put back';
  if (options.keepIf !== undefined) return conclusions.some(({ outcome }) => outcome === 'holds') ? 'kept' : 'put back';
  if (!asks(cli, options)) return 'left to you';
  cli.terminal.note(told);
  const answer = (await cli.terminal.ask('Keep the change, or put it back? Type keep or revert (anything else leaves it as it is): ')).trim();
  return answer === 'keep' ? 'kept' : answer === 'revert' ? 'put back' : 'left to you';
}

async function putBack(cli: CliContext, client: Client, board: Board, changeId: string): Promise<string[]> {
  const { plan, notes } = await client.call('plans.propose', { boardId: board.id, want: { kind: 'undo', changeId } });
  if (plan === null) return ['There was nothing to put back: everything is as it was before.', ...notes];
  cli.terminal.note(describePlan(plan));
  await followJob(client, (await client.call('changes.apply', { boardId: board.id, planId: plan.id, mayEnd: [] })).jobId, tellProgress(cli));
  return notes;
}
