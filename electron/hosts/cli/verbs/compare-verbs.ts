import type { Command } from 'commander';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Client } from '../../../../shared/contract/client.ts';
import { CodedError } from '../../../../shared/contract/errors.ts';
import { parseAny } from '../../../../shared/parsers/guess-format.ts';
import { formats, parseOutput } from '../../../../shared/parsers/parse-output.ts';
import { snapshotDifferences, type SnapshotDifference } from '../../../../shared/report/snapshot-differences.ts';
import type { Snapshot } from '../../../../shared/model/snapshot.ts';
import { compareResults } from '../../../../shared/statistics/comparison/compare-results.ts';
import { resultOfRun } from '../../../../shared/statistics/comparison/from-run.ts';
import { resultOfOutput } from '../../../../shared/statistics/comparison/from-tool-output.ts';
import { checkGate, parseGates, type Gate } from '../../../../shared/statistics/comparison/gates.ts';
import type { ComparedSide, MeasuredResult } from '../../../../shared/statistics/comparison/measured-result.ts';
import { runLengthFor } from '../../../../shared/statistics/run-length.ts';
import { readInput, type CliContext, type GlobalOptions } from '../cli-context.ts';
import { describeComparison } from '../describe-comparison.ts';

interface CompareOptions extends GlobalOptions { with?: string[]; format?: string; failIf?: string[]; all?: boolean }
interface HowLongOptions extends GlobalOptions { fraction?: string; meanInterval?: string; interval: string; allowed: string }

/** A result, and the reading its run was started from. */
interface Loaded { readonly result: MeasuredResult; readonly snapshot: Snapshot | null }

export function compareVerbs(program: Command, cli: CliContext): void {
  program.command('compare <results...>')
    .description('compare outputs of measuring tools, or runs of the project, with the first one. The unit is the repeat: give several with --with')
    .option('--with <results...>', 'the other side: then all results before are repeats of the one side, and these of the other')
    .option('--format <tool>', `the tool all files are of (default: found out): ${Object.keys(formats).join(', ')}`)
    .option('--fail-if <condition>', 'exit with 1 when it holds: "max > 20%", "p99.9 > +5us" (above the baseline), "max > 100us" (the value itself); may be given again', (value: string, before: string[] | undefined) => [...before ?? [], value])
    .option('--all', 'show every CPU, not only those that differ most')
    .addHelpText('after', `
A file is any output that parse reads; a name that is no file is a run of the project.
  compare before.json after.json
  compare host-*.json --with guest-*.json --fail-if "p99.9 > 20%"
  compare press-host-20261120t141000z-a1 press-host-20261121t090000z-b2
Differences count as more than chance only between repeats: at least four of each side.`)
    .action(async (names: string[], _options: CompareOptions, command: Command) => {
      const options = command.optsWithGlobals<CompareOptions>();
      const gates = (options.failIf ?? []).flatMap(gatesOf);
      if (names.length + (options.with?.length ?? 0) < 2) throw new CodedError('bad-usage', 'There is only one result: nothing to compare it with.', { next: 'Name two or more.' });
      const loaded = await load(cli, options, [...names, ...options.with ?? []]);
      const [first, second] = [loaded.slice(0, names.length), loaded.slice(names.length)];
      const sides = options.with === undefined ? first.map(({ result }) => ({ name: result.name, repeats: [result] })) : [sideOf(first), sideOf(second)];
      const comparison = compareResults(sides);
      const outcomes = gates.map((gate) => checkGate(gate, comparison));
      const differed = boardDifferences(first[0], options.with === undefined ? first.at(-1) : second[0]);
      cli.print(options, { ...comparison, boardDifferences: differed, gates: outcomes }, () => describeComparison(comparison, outcomes, differed, options.all ?? false));
      if (outcomes.some(({ outcome }) => outcome !== 'passed')) process.exitCode = 1;
    });

  program.command('how-long')
    .description('how long each CPU must be measured to show a claim with 95 % confidence')
    .option('--fraction <0-1>', 'fraction of responses within the deadline, as 0.9999 or 99.99%')
    .option('--mean-interval <seconds>', 'late responses come no more often than this on average')
    .option('--interval <µs>', 'wake-up interval of the measurement', '1000')
    .option('--allowed <n>', 'late responses that the run may have', '0')
    .action((_options: HowLongOptions, command: Command) => {
      const options = command.optsWithGlobals<HowLongOptions>();
      if (options.fraction === undefined && options.meanInterval === undefined) throw new CodedError('bad-usage', 'What is to be shown?', { next: 'Give --fraction 99.99%, or --mean-interval 3600, or both.' });
      const length = runLengthFor({
        fraction: options.fraction === undefined ? null : fractionOf(options.fraction),
        meanIntervalSeconds: options.meanInterval === undefined ? null : positive(options.meanInterval, 'mean interval'),
        intervalUs: positive(options.interval, 'interval'), allowed: wholeOf(options.allowed),
      });
      cli.print(options, length, ({ sentence }) => sentence);
    });
}

async function load(cli: CliContext, options: CompareOptions, names: readonly string[]): Promise<Loaded[]> {
  const areFiles = await Promise.all(names.map(async (name) => name === '-' || await stat(name).then((found) => found.isFile(), () => false)));
  const titles = names.map((name) => (names.filter((other) => basename(other) === basename(name)).length > 1 ? name : basename(name)));
  const read = async (client: Client | null) => {
    const loaded: Loaded[] = [];
    for (const [i, name] of names.entries()) {
      loaded.push(areFiles[i] === true || client === null ? await fromFile(cli, options, name, titles[i] ?? name) : await fromRun(client, name));
    }
    return loaded;
  };
  return areFiles.every(Boolean) ? read(null) : cli.withProject(options, read);
}

async function fromFile(cli: CliContext, { format }: CompareOptions, name: string, title: string): Promise<Loaded> {
  const text = await readInput(cli.terminal, name);
  const read = format === undefined ? parseAny(text) : parseOutput(format, text);
  if (!read.ok) throw new CodedError(read.error.code, `${name}: ${read.error.message}`, read.error.extras);
  return { result: resultOfOutput(title, 'output' in read.value ? read.value.output : read.value), snapshot: null };
}

async function fromRun(client: Client, runId: string): Promise<Loaded> {
  const run = await client.call('runs.get', { runId }).catch((thrown: unknown) => {
    const error = CodedError.from(thrown);
    throw new CodedError(error.code === 'bad-request' ? 'run-unknown' : error.code, `There is no file “${runId}”, and no such run in the project.`, { next: 'Give the path of an output, or a run named by: rtvm-bench runs.' });
  });
  const result = await client.call('runs.result', { runId });
  if (result === null) throw new CodedError('run-unknown', `${runId} has no result yet (${run.state}).`, { next: `rtvm-bench attach ${runId}` });
  const snapshot = run.snapshotId === null ? null : (await client.call('snapshots.get', { boardId: run.boardId, snapshotId: run.snapshotId })).snapshot;
  return { result: resultOfRun(run, result, snapshot), snapshot };
}

/** Repeats are called by what their names have in common. */
function sideOf(loaded: readonly Loaded[]): ComparedSide {
  const repeats = loaded.map(({ result }) => result);
  const [first] = repeats;
  if (first === undefined || repeats.length === 1) return { name: first?.name ?? '', repeats };
  let length = first.name.length;
  while (!repeats.every(({ name }) => name.startsWith(first.name.slice(0, length)))) length--;
  const common = first.name.slice(0, length).replace(/[-_. ]+$/, '');
  return { name: `${common === '' ? `${first.name} and others` : common} (${repeats.length} repeats)`, repeats };
}

function boardDifferences(first: Loaded | undefined, other: Loaded | undefined): SnapshotDifference[] | null {
  if (!first?.snapshot || !other?.snapshot) return null;
  return snapshotDifferences(first.snapshot, other.snapshot);
}

function gatesOf(text: string): Gate[] {
  const gates = parseGates(text);
  if (!gates.ok) throw gates.error;
  return gates.value;
}

function fractionOf(text: string): number {
  const [, digits, percent] = /^(\d{1,3}(?:\.\d{1,12})?)\s*(%?)$/.exec(text.trim()) ?? [];
  const fraction = Number(digits) / (percent === '%' ? 100 : 1);
  if (digits === undefined || !(fraction > 0 && fraction <= 1)) throw new CodedError('bad-usage', `“${text}” is no fraction.`, { next: 'Write 0.9999 or 99.99%.' });
  return Number(fraction.toPrecision(12));
}

function positive(text: string, what: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0) throw new CodedError('bad-usage', `“${text}” is no ${what}.`);
  return value;
}

function wholeOf(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new CodedError('bad-usage', `“${text}” is no count.`);
  return Number(text);
}
