import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Command } from 'commander';
import type { Client } from '../../../../shared/contract/client.ts';
import { CodedError } from '../../../../shared/contract/errors.ts';
import type { ComparedRuns, SideRequest } from '../../../../shared/model/compare.ts';
import { parseAny } from '../../../../shared/parsers/guess-format.ts';
import { formats, parseOutput } from '../../../../shared/parsers/parse-output.ts';
import { compareResults } from '../../../../shared/statistics/comparison/compare-results.ts';
import type { Comparison } from '../../../../shared/statistics/comparison/comparison.ts';
import { resultOfAnyRun, resultOfImport } from '../../../../shared/statistics/comparison/from-any-run.ts';
import { resultOfOutput } from '../../../../shared/statistics/comparison/from-tool-output.ts';
import { checkGate, parseGates, type Gate } from '../../../../shared/statistics/comparison/gates.ts';
import type { ComparedSide, MeasuredResult } from '../../../../shared/statistics/comparison/measured-result.ts';
import { readInput, type CliContext, type GlobalOptions } from '../cli-context.ts';
import { describeComparison } from '../describe-comparison.ts';

interface CompareOptions extends GlobalOptions { with?: string[]; format?: string; failIf?: string[]; all?: boolean; baseline?: boolean }
interface BaselineOptions extends GlobalOptions { clear?: boolean }

/** A comparison, and for each side after the first what it differs in; null where files are compared, of which nothing is known. */
interface Answer { readonly comparison: Comparison; readonly differences: ComparedRuns['differences'] | null }

export function compareVerbs(program: Command, cli: CliContext): void {
  program.command('compare <results...>')
    .description('compare outputs of measuring tools, or runs of the project, with the first one. The unit is the repeat: give several with --with')
    .option('--with <results...>', 'the other side: then all results before are repeats of the one side, and these of the other')
    .option('--baseline', 'against the baseline of the project (see: baseline)')
    .option('--format <tool>', `the tool all files are of (default: found out): ${Object.keys(formats).join(', ')}`)
    .option('--fail-if <condition>', 'exit with 1 when it holds: "max > 20%", "p99.9 > +5us" (above the baseline), "max > 100us" (the value itself); may be given again', (value: string, before: string[] | undefined) => [...before ?? [], value])
    .option('--all', 'show every CPU, not only those that differ most')
    .addHelpText('after', `
A file is any output that parse reads; a name that is no file is a run of the project, measured or imported.
  compare before.json after.json
  compare host-*.json --with guest-*.json --fail-if "p99.9 > 20%"
  compare press-host-20261120t141000z-a1 press-host-20261121t090000z-b2
  compare press-host-20261121t090000z-b2 --baseline --fail-if "p99.99 > +10% or max > 100us"
Differences count as more than chance only between repeats: at least four of each side. Conditions of --fail-if: docs/statistics.md.`)
    .action(async (names: string[], _options: CompareOptions, command: Command) => {
      const options = command.optsWithGlobals<CompareOptions>();
      const gates = (options.failIf ?? []).flatMap(gatesOf);
      if (options.baseline && options.with !== undefined) throw new CodedError('bad-usage', 'The baseline is one side, so --with has no place.', { next: 'Name the runs of the other side alone.' });
      if (!options.baseline && names.length + (options.with?.length ?? 0) < 2) throw new CodedError('bad-usage', 'There is only one result: nothing to compare it with.', { next: 'Name two or more.' });
      const { comparison, differences } = await compared(cli, options, names);
      const outcomes = gates.map((gate) => checkGate(gate, comparison));
      cli.print(options, { ...comparison, differences, gates: outcomes }, () => describeComparison(comparison, outcomes, differences, options.all ?? false));
      if (outcomes.some(({ outcome }) => outcome !== 'passed')) process.exitCode = 1;
    });

  program.command('baseline [name] [runs...]')
    .description('show which runs others are held against, or name them')
    .option('--clear', 'there is none any more')
    .action(async (name: string | undefined, runs: string[], _options: BaselineOptions, command: Command) => {
      const options = command.optsWithGlobals<BaselineOptions>();
      if (name !== undefined && runs.length === 0) throw new CodedError('bad-usage', `Which runs are “${name}”?`, { next: 'baseline "as delivered" RUN [RUN…]' });
      const baseline = await cli.withProject(options, async (client) => {
        if (options.clear) return client.call('compare.set-baseline', { baseline: null });
        return name === undefined ? client.call('compare.baseline', {}) : client.call('compare.set-baseline', { baseline: { name, runs } });
      });
      cli.print(options, baseline, (value) => (value === null ? 'No baseline is named.' : `${value.name}: ${value.runs.join(', ')}`));
    });
}

async function compared(cli: CliContext, options: CompareOptions, names: readonly string[]): Promise<Answer> {
  const all = [...names, ...options.with ?? []];
  const areFiles = await Promise.all(all.map(async (name) => name === '-' || await stat(name).then((found) => found.isFile(), () => false)));
  if (areFiles.every((isFile) => !isFile)) {
    return cli.withProject(options, async (client) => client.call('compare.runs', { sides: await sidesOf(client, options, names) }));
  }
  if (options.baseline) throw new CodedError('bad-usage', 'The baseline is compared with runs of the project.', { next: 'Bring the files in first: rtvm-bench import FILE…' });
  const titles = all.map((name) => (all.filter((other) => basename(other) === basename(name)).length > 1 ? name : basename(name)));
  const read = async (client: Client | null) => {
    const results: MeasuredResult[] = [];
    for (const [i, name] of all.entries()) results.push(areFiles[i] === true || client === null ? await fromFile(cli, options, name, titles[i] ?? name) : await fromRun(client, name));
    return results;
  };
  const results = areFiles.every(Boolean) ? await read(null) : await cli.withProject(options, read);
  const [first, second] = [results.slice(0, names.length), results.slice(names.length)];
  const sides = options.with === undefined ? first.map((result) => ({ name: result.name, repeats: [result] })) : [sideOf(first), sideOf(second)];
  return { comparison: compareResults(sides), differences: null };
}

async function sidesOf(client: Client, options: CompareOptions, names: readonly string[]): Promise<SideRequest[]> {
  if (options.with !== undefined) return [{ name: null, runs: [...names] }, { name: null, runs: options.with }];
  if (!options.baseline) return names.map((name) => ({ name: null, runs: [name] }));
  const baseline = await client.call('compare.baseline', {});
  if (baseline === null) throw new CodedError('bad-usage', 'This project has no baseline.', { next: 'Name one: rtvm-bench baseline "as delivered" RUN [RUN…]' });
  return [{ name: baseline.name, runs: baseline.runs }, { name: null, runs: [...names] }];
}

async function fromFile(cli: CliContext, { format }: CompareOptions, name: string, title: string): Promise<MeasuredResult> {
  const text = await readInput(cli.terminal, name);
  const read = format === undefined ? parseAny(text) : parseOutput(format, text);
  if (!read.ok) throw new CodedError(read.error.code, `${name}: ${read.error.message}`, read.error.extras);
  return resultOfOutput(title, 'output' in read.value ? read.value.output : read.value);
}

async function fromRun(client: Client, runId: string): Promise<MeasuredResult> {
  if ((await client.call('imports.list', {})).some(({ id }) => id === runId)) return resultOfImport(await client.call('imports.result', { runId }));
  const run = await client.call('runs.get', { runId }).catch((thrown: unknown) => {
    const error = CodedError.from(thrown);
    throw new CodedError(error.code === 'bad-request' ? 'run-unknown' : error.code, `There is no file “${runId}”, and no such run in the project.`, { next: 'Give the path of an output, or a run named by: rtvm-bench runs.' });
  });
  const result = await client.call('runs.result', { runId });
  const snapshot = run.snapshotId === null ? null : (await client.call('snapshots.get', { boardId: run.boardId, snapshotId: run.snapshotId })).snapshot;
  const measured = result === null ? null : resultOfAnyRun(run, result, snapshot);
  if (measured === null) throw new CodedError('run-unknown', `${runId} has no result yet (${run.state}).`, { next: `rtvm-bench attach ${runId}` });
  return measured;
}

/** Repeats are called by what their names have in common. */
function sideOf(repeats: readonly MeasuredResult[]): ComparedSide {
  const [first] = repeats;
  if (first === undefined || repeats.length === 1) return { name: first?.name ?? '', repeats };
  let length = first.name.length;
  while (!repeats.every(({ name }) => name.startsWith(first.name.slice(0, length)))) length--;
  const common = first.name.slice(0, length).replace(/[-_. ]+$/, '');
  return { name: `${common === '' ? `${first.name} and others` : common} (${repeats.length} repeats)`, repeats };
}

function gatesOf(text: string): Gate[] {
  const gates = parseGates(text);
  if (!gates.ok) throw gates.error;
  return gates.value;
}
