import { readCyclictest } from '../../shared/parsers/cyclictest/read-cyclictest.ts';
import { mergeHistograms } from '../../shared/statistics/histogram.ts';
import { cheapestOf, type Benchmark } from './benchmark.ts';
import { buckets, histogramOutput, threads } from './histogram-output.ts';

/** The least that any reader of the text must do: look at every character once. */
function lookAtEveryCharacter(text: string): number {
  let sum = 0;
  for (let at = 0; at < text.length; at += 1) sum = (sum + text.charCodeAt(at)) | 0;
  return sum;
}

/** What a reader in a hurry writes: every row split, every word a number. */
const splitIntoNumbers = (text: string): number[][] => text.split('\n').filter((line) => !line.startsWith('#')).map((line) => line.split(/\s+/).map(Number));

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
    const json = JSON.stringify(splitIntoNumbers(text));
    const jsonMs = cheapestOf(5, () => { JSON.parse(json); });
    const splitMs = cheapestOf(3, () => splitIntoNumbers(text));
    return {
      figures: [
        { name: 'text', value: text.length / 1e6, unit: 'MB' },
        { name: 'look at every character', value: bareMs, unit: 'ms CPU' },
        { name: 'JSON.parse of the same counts', value: jsonMs, unit: 'ms CPU' },
        { name: 'split into words, Number of each', value: splitMs, unit: 'ms CPU' },
        { name: 'parse and merge', value: workMs, unit: 'ms CPU' },
      ],
      ratios: [
        { name: 'parse and merge ÷ look at every character', value: workMs / bareMs, limit: 7 },
        { name: 'parse and merge ÷ JSON.parse of the same counts', value: workMs / jsonMs, limit: 3 },
        { name: 'parse and merge ÷ split into words', value: workMs / splitMs, limit: 1 },
        { name: 'parse and merge ÷ 100 ms', value: workMs / 100, limit: 1 },
      ],
    };
  },
};
