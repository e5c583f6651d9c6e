import { compareResults } from '../../shared/statistics/comparison/compare-results.ts';
import type { ComparedSide, MeasuredLine } from '../../shared/statistics/comparison/measured-result.ts';
import { estimateTail } from '../../shared/statistics/extreme-values/tail-estimate.ts';
import { seededRandom } from '../../shared/statistics/extreme-values/seeded-random.ts';
import { cheapestOf, type Benchmark } from './benchmark.ts';

const cpus = 64;
/** Buckets in use after a long run with a long tail. */
const bucketCount = 3_000;
const rounds = 3;

/** A result nobody has looked at yet: what was worked out for a result once is kept with it. */
function side(name: string): ComparedSide {
  const lines = Array.from({ length: cpus }, (_, cpu): MeasuredLine => ({
    key: `CPU ${String(cpu)}`, kind: '', resolutionNs: 1000, boundNs: null, blockMaximaNs: null,
    distribution: {
      label: `CPU ${String(cpu)}`, cpu, samples: bucketCount * 30_000, minNs: 0, avgNs: 1000, maxNs: bucketCount * 1000, overflows: 0,
      buckets: Array.from({ length: bucketCount }, (__, i): [number, number] => [i * 1000, 30_000]),
    },
  }));
  return { name, repeats: [{ name, tool: 'cyclictest', version: null, measures: 'cyclictest', lines, scalars: [], invalid: [], notes: [], virtualised: null }] };
}

/** Limit from the project's own promise: any two results in 200 ms. */
export const benchmark: Benchmark = {
  name: `compare two runs of ${String(cpus)} CPUs and ${String(bucketCount)} buckets`,
  run: () => {
    const pairs = Array.from({ length: rounds }, () => [side('a'), side('b')]);
    const compareMs = cheapestOf(rounds, () => compareResults(pairs.pop() ?? []));
    const random = seededRandom(1);
    const maximaUs = Array.from({ length: 1000 }, () => 20 + Math.floor(-6 * Math.log(-Math.log(random()))));
    const tailMs = cheapestOf(rounds, () => estimateTail({ maximaUs, blockSeconds: 60, resolutionUs: 1 }));
    return Promise.resolve({
      figures: [{ name: 'compare', value: compareMs, unit: 'ms CPU' }, { name: 'tail estimate from 1,000 blocks', value: tailMs, unit: 'ms CPU' }],
      ratios: [{ name: 'compare ÷ 200 ms', value: compareMs / 200, limit: 1 }],
    });
  },
};
