import { readCyclictest } from '../../shared/parsers/cyclictest/read-cyclictest.ts';
import { mergeHistograms } from '../../shared/statistics/histogram.ts';
import { cheapestOf, type Benchmark } from './benchmark.ts';

const threads = 64;
const buckets = 30_000;

/** What `cyclictest -h 30000 -t 64` prints at its end, a third of the counts not zero. */
function histogramOutput(): string {
  const lines = ['# /dev/cpu_dma_latency set to 0us', '# Histogram'];
  const totals = new Array<number>(threads).fill(0);
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    const counts = totals.map((total, thread) => {
      const count = (bucket * 7 + thread) % 3 === 0 ? (bucket * 31 + thread) % 5_000 : 0;
      totals[thread] = total + count;
      return String(count).padStart(6, '0');
    });
    lines.push(`${String(bucket).padStart(6, '0')} ${counts.join('\t')}`);
  }
  const six = (value: number) => String(value).padStart(5, '0');
  const row = (title: string, values: readonly (number | string)[]) => `# ${title}: ${values.join(' ')}`;
  const none = totals.map(() => six(0));
  lines.push(
    row('Total', totals.map((total) => String(total).padStart(9, '0'))), row('Min Latencies', none), row('Avg Latencies', totals.map(() => six(14_000))),
    row('Max Latencies', totals.map(() => six(buckets - 1))), row('Histogram Overflows', none), '# Histogram Overflow at cycle number:',
    ...totals.map((_, thread) => `# Thread ${thread}: `), '',
  );
  return lines.join('\n');
}

/** The least that any reader of the text must do: look at every character once. */
function lookAtEveryCharacter(text: string): number {
  let sum = 0;
  for (let at = 0; at < text.length; at += 1) sum = (sum + text.charCodeAt(at)) | 0;
  return sum;
}

export const benchmark: Benchmark = {
  name: `parse and merge ${threads} threads × ${buckets} buckets`,
  run: async () => {
    const text = histogramOutput();
    const bareMs = cheapestOf(7, () => lookAtEveryCharacter(text));
    const workMs = cheapestOf(7, () => {
      const reading = readCyclictest(text);
      if (!reading.ok) throw reading.error;
      const histograms = reading.value.threads.flatMap((thread) => (thread.histogram ? [thread.histogram] : []));
      if (histograms.length !== threads) throw new Error(`${histograms.length} histograms were read`);
      return mergeHistograms(histograms);
    });
    return {
      figures: [
        { name: 'text', value: text.length / 1e6, unit: 'MB' },
        { name: 'look at every character', value: bareMs, unit: 'ms CPU' },
        { name: 'parse and merge', value: workMs, unit: 'ms CPU' },
      ],
      ratios: [
        { name: 'parse and merge ÷ look at every character', value: workMs / bareMs, limit: 7 },
        { name: 'parse and merge ÷ 100 ms', value: workMs / 100, limit: 1 },
      ],
    };
  },
};
