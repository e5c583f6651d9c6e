import { differenceKinds, type SideDifference } from '../model/compare.ts';
import type { SettingReport } from '../model/setting.ts';
import type { Run } from '../model/run.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { formatCpuList } from '../parsers/cpu-list.ts';
import { snapshotDifferences } from './snapshot-differences.ts';

/** What is known about one side of a comparison, besides its figures. */
export interface SideFacts {
  /** Null: imported. */
  readonly run: Pick<Run, 'benchmark' | 'boardName' | 'options' | 'loads'> | null;
  readonly snapshot: Snapshot | null;
  /** The settings of the board's guides, judged on that snapshot. */
  readonly settings: readonly SettingReport[];
  /** The definition of the VM it was measured in, as it was last read. */
  readonly definition: string | null;
  readonly importedFrom: { readonly boardName: string; readonly tool: string; readonly command: string | null } | null;
}

/** A change to one of the boards between the two measurements. */
export interface ChangeBetween { readonly at: string; readonly boardName: string; readonly title: string; readonly state: string }

/**
 * What the other side differs in from the baseline: how was measured and under which load, then what the boards are, their settings, the VM,
 * what was changed in between, and the versions of tools. Within each kind the likeliest to matter comes first.
 */
export function runDifferences(baseline: SideFacts, other: SideFacts, changes: readonly ChangeBetween[]): SideDifference[] {
  const found: SideDifference[] = [...measurement(baseline, other), ...loads(baseline, other)];
  if (baseline.snapshot !== null && other.snapshot !== null) {
    for (const { what, before, after } of snapshotDifferences(baseline.snapshot, other.snapshot)) found.push({ kind: what.startsWith('version of ') ? 'tool' : 'system', what, before, after });
  }
  found.push(...settings(baseline, other));
  if (baseline.definition !== null && other.definition !== null && baseline.definition !== other.definition) {
    found.push({ kind: 'definition', what: 'definition of the VM, as last read', before: baseline.definition, after: other.definition });
  }
  for (const { at, boardName, title, state } of changes) found.push({ kind: 'change', what: `${boardName}: ${title}`, before: null, after: `${state}, ${at}` });
  return differenceKinds.flatMap((kind) => found.filter((one) => one.kind === kind));
}

const titles: Readonly<Record<string, string>> = {
  cpus: 'CPUs measured', mainCpus: 'CPUs of its main thread', priority: 'priority', intervalUs: 'interval, µs', durationSeconds: 'duration, s', histogramUs: 'histogram, µs',
  lockMemory: 'memory locked', holdDmaLatency: 'idle states kept shut', segmentSeconds: 'length of a part, s',
};
/** What a run is judged by is no difference between measurements. */
const notMeasured: readonly string[] = ['deadlineUs', 'deadlineFraction'];

function measurement(baseline: SideFacts, other: SideFacts): SideDifference[] {
  const [before, after] = [measuredWith(baseline), measuredWith(other)];
  // An imported file tells at most its command line; each option of ours against nothing would only be noise.
  const names = before.has('command') || after.has('command') ? ['benchmark', 'board', 'command'] : [...new Set([...before.keys(), ...after.keys()])];
  return names.filter((name) => before.get(name) !== after.get(name)).map((what) => ({ kind: 'measurement', what, before: before.get(what) ?? null, after: after.get(what) ?? null }));
}

function measuredWith({ run, importedFrom }: SideFacts): Map<string, string> {
  if (run === null) return new Map([['benchmark', importedFrom?.tool ?? 'unknown'], ['board', importedFrom?.boardName ?? 'unknown'], ['command', importedFrom?.command ?? 'not told by the file']]);
  const options = Object.entries(run.options).filter(([name]) => name !== 'values' && !notMeasured.includes(name));
  const own = 'values' in run.options ? Object.entries(run.options.values) : [];
  return new Map([['benchmark', run.benchmark], ['board', run.boardName], ...[...options, ...own].map(([name, value]): [string, string] => [titles[name] ?? name, inWords(value)])]);
}

function inWords(value: unknown): string {
  if (Array.isArray(value)) return formatCpuList(value.filter((one) => typeof one === 'number')) || 'none';
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : value === null ? 'none' : String(value);
}

function loads(baseline: SideFacts, other: SideFacts): SideDifference[] {
  if (baseline.run === null || other.run === null) return [];
  const [before, after] = [loadsOf(baseline.run), loadsOf(other.run)];
  return before === after ? [] : [{ kind: 'load', what: 'load', before, after }];
}

/** Loads of runs of earlier versions were not looked at. */
const loadsOf = ({ loads: all }: NonNullable<SideFacts['run']>) => (all === undefined ? 'not recorded' : all.map(({ kind, boardName }) => `${kind} on ${boardName}`).sort().join(', ') || 'none');

/** What is in effect decides; where nothing is read of that, what was booted or written. */
function settings(baseline: SideFacts, other: SideFacts): SideDifference[] {
  const after = new Map(other.settings.map((setting) => [setting.id, setting]));
  return baseline.settings.flatMap((setting): SideDifference[] => {
    const then = after.get(setting.id);
    if (then === undefined) return [];
    const [a, b] = [valueOf(setting), valueOf(then)];
    return a === b ? [] : [{ kind: 'setting', what: setting.title, before: a, after: b }];
  });
}

const valueOf = ({ states: { effective, booted, written } }: SettingReport) => effective ?? booted ?? written ?? 'unknown';
