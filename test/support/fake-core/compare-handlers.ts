import type { Handlers } from '../../../shared/contract/dispatch.ts';
import type { Baseline, ComparedRun } from '../../../shared/model/compare.ts';
import type { ImportedResult, ImportedRun } from '../../../shared/model/imported-run.ts';
import { commandText } from '../../../shared/planning/cyclictest-command.ts';
import { compareResults } from '../../../shared/statistics/comparison/compare-results.ts';
import { resultOfAnyRun, resultOfImport } from '../../../shared/statistics/comparison/from-any-run.ts';
import { lineForCurve } from '../../../shared/statistics/comparison/line-for-curve.ts';
import type { MeasuredResult } from '../../../shared/statistics/comparison/measured-result.ts';
import type { FakeState } from './state.ts';

type CompareMethod = Extract<keyof Handlers, `compare.${string}` | `imports.${string}`>;

const example = (id: string): ImportedResult => ({
  run: {
    schema: 1, origin: 'imported', id, label: 'Last year, line 4', boardId: null, boardName: 'another machine', createdAt: '20261118T080000Z', format: 'cyclictest', tool: 'cyclictest', version: '2.5',
    file: { name: 'line4.json', sizeBytes: 1200, sha256: 'b'.repeat(64) }, command: 'cyclictest -m -q -p 99',
  },
  output: {
    tool: 'cyclictest', version: '2.5', scalars: [], warnings: [],
    distributions: [{ label: 'thread 0', cpu: 4, samples: 20_000, minNs: 3000, avgNs: 5000, maxNs: 41_000, overflows: 0, buckets: [[3000, 9_000], [5000, 10_999], [41_000, 1]] }],
  },
});

/** Comparison by the real statistics, of the runs that the fake core has and of results that are brought in. */
export function compareHandlers(state: FakeState, resultOf: Handlers['runs.result']): Pick<Handlers, CompareMethod> {
  const imports = new Map<string, ImportedResult>();
  let baseline: Baseline | null = null;

  async function measured(id: string): Promise<{ measured: MeasuredResult; about: ComparedRun }> {
    const known = imports.get(id);
    if (known) {
      const { label, boardName, createdAt, format, command } = known.run;
      return { measured: resultOfImport(known), about: { id, origin: 'imported', label, boardName, createdAt, benchmark: format, command, grade: null, hasSnapshot: false } };
    }
    const run = state.runOf(id);
    const result = await resultOf({ runId: id });
    const figures = result === null ? null : resultOfAnyRun(run, result, null);
    return {
      measured: figures ?? { name: id, tool: run.benchmark, version: null, measures: run.benchmark, lines: [], scalars: [], invalid: [], notes: [], virtualised: null },
      about: { id, origin: 'own', label: id, boardName: run.boardName, createdAt: run.createdAt, benchmark: run.benchmark, command: commandText(run.command), grade: result?.verdict?.grade ?? null, hasSnapshot: false },
    };
  }

  return {
    'compare.runs': async ({ sides }) => {
      const loaded = await Promise.all(sides.map(({ runs }) => Promise.all(runs.map(measured))));
      const named = loaded.map((side, at) => ({ name: sides[at]?.name ?? side[0]?.about.label ?? '', repeats: side.map((one) => one.measured) }));
      return {
        comparison: compareResults(named), sides: loaded.map((side) => ({ runs: side.map(({ about }) => about) })),
        differences: sides.slice(1).map(() => [{ kind: 'system', what: 'kernel', before: '6.1.0-28-rt-amd64', after: '6.12.9-rt' }]),
      };
    },
    'compare.curves': async ({ runs, key }) => (await Promise.all(runs.map(async (runId) => {
      const line = lineForCurve((await measured(runId)).measured, key);
      return line === null ? [] : [{ runId, distribution: line.distribution, resolutionNs: line.resolutionNs, boundNs: line.boundNs }];
    }))).flat(),
    'compare.baseline': async () => baseline,
    'compare.set-baseline': async ({ baseline: wanted }) => (baseline = wanted === null ? null : { schema: 1, ...wanted, setAt: '20261121T101500Z' }),
    'imports.add': async ({ files, label }) => files.map(({ name }, at): ImportedRun => {
      const result = example(`imported-${String(imports.size + at + 1)}`);
      const one = { ...result, run: { ...result.run, label: label ?? name, file: { ...result.run.file, name } } };
      imports.set(one.run.id, one);
      return one.run;
    }),
    'imports.list': async () => [...imports.values()].map(({ run }) => run),
    'imports.result': async ({ runId }) => imports.get(runId) ?? example(runId),
    'imports.remove': async ({ runId }) => {
      imports.delete(runId);
      return {};
    },
  };
}
