import type { RunProblem } from '../contract/methods.ts';
import type { CyclictestOptions } from '../model/run.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { expectedSamples } from '../statistics/expected-samples.ts';
import { samplesNeeded } from '../statistics/upper-bounds.ts';
import { countInWords, durationInWords } from '../statistics/words.ts';
import { checkOnBoard } from './cyclictest-check-board.ts';
import { named } from './cyclictest-board.ts';

/**
 * What is wrong with options, or will be with their result: errors stop a run, warnings spoil its result, notes help to read
 * it. `field` is the option, or `board` for what no option changes. Without a snapshot only the options themselves are checked.
 */
export function checkCyclictest(options: CyclictestOptions, snapshot: Snapshot | null): RunProblem[] {
  return [
    ...checkCpus(options, snapshot?.cpus.online.length === 1),
    ...checkScheduling(options),
    ...checkLength(options),
    ...checkHistogram(options),
    ...(snapshot === null ? [] : checkOnBoard(options, snapshot)),
  ];
}

function checkCpus({ cpus, mainCpus }: CyclictestOptions, onlyOneCpu: boolean): RunProblem[] {
  const problems: RunProblem[] = [];
  if (cpus.length === 0) problems.push({ field: 'cpus', severity: 'error', message: 'No CPU is chosen to be measured.' });
  if (mainCpus.length === 0) problems.push({ field: 'mainCpus', severity: 'error', message: 'No CPU is chosen for the main thread: it would run on the measured ones and disturb what it measures.' });
  const both = cpus.filter((cpu) => mainCpus.includes(cpu));
  if (both.length > 0 && onlyOneCpu) problems.push({ field: 'mainCpus', severity: 'warning', message: 'The board has one CPU: everything else runs on the CPU that is measured.' });
  if (both.length > 0 && !onlyOneCpu) problems.push({ field: 'mainCpus', severity: 'error', message: `${named(both)} cannot be measured and run the main thread: it would disturb what it measures.` });
  return problems;
}

function checkScheduling({ priority, intervalUs, cpus }: CyclictestOptions): RunProblem[] {
  const problems: RunProblem[] = [];
  if (priority === 99) problems.push({ field: 'priority', severity: 'warning', message: 'Priority 99 is that of the kernel’s migration and stop threads: they would wait behind the measurement. 95 is usual.' });
  if (priority <= 50) problems.push({ field: 'priority', severity: 'warning', message: `With a real-time kernel interrupt threads have priority 50: at ${priority} the measurement waits for them. 95 is usual.` });
  if (intervalUs < 100) problems.push({ field: 'intervalUs', severity: 'warning', message: `Waking every ${intervalUs} µs keeps ${named(cpus)} busy with measuring: periods get lost, and the limit on real-time tasks may stop it for up to 50 ms in a second.` });
  return problems;
}

function checkLength({ durationSeconds, segmentSeconds, intervalUs, deadlineUs, deadlineFraction }: CyclictestOptions): RunProblem[] {
  const problems: RunProblem[] = [];
  const samples = expectedSamples({ seconds: durationSeconds, intervalUs });
  if (samples === 0) problems.push({ field: 'durationSeconds', severity: 'error', message: 'The run is shorter than one interval: there would be no sample.' });
  if (durationSeconds < 600 || samples < 1_000_000) {
    problems.push({ field: 'durationSeconds', severity: 'note', message: `${durationInWords(durationSeconds)} give about ${countInWords(samples)} samples a CPU. The verdict will be indicative: it takes ten minutes and a million samples, and to catch what comes rarely, hours.` });
  }
  const needed = samplesNeeded(deadlineFraction);
  if (deadlineUs !== null && Number.isFinite(needed) && samples < needed) {
    problems.push({ field: 'durationSeconds', severity: 'warning', message: `Too short for your fraction: to show it takes ${countInWords(needed)} samples without a miss, ${durationInWords((needed * intervalUs) / 1e6)}.` });
  }
  if (segmentSeconds < 30 && segmentSeconds < durationSeconds) {
    problems.push({ field: 'segmentSeconds', severity: 'warning', message: `The run is cut into ${Math.ceil(durationSeconds / segmentSeconds)} segments, and nothing is measured between them. Ten minutes each are usual.` });
  }
  return problems;
}

function checkHistogram({ histogramUs, deadlineUs, deadlineFraction }: CyclictestOptions): RunProblem[] {
  if (histogramUs < 100) return [{ field: 'histogramUs', severity: 'warning', message: `The histogram ends at ${histogramUs} µs; percentiles that lie beyond it stay unknown. At least 100 is usual.` }];
  if (deadlineUs === null || histogramUs >= deadlineUs * 2) return [];
  if (histogramUs >= deadlineUs) return [{ field: 'histogramUs', severity: 'note', message: 'The histogram ends soon after the deadline: twice the deadline shows by how much it is missed.' }];
  return [{
    field: 'histogramUs', severity: 'warning',
    message: `The histogram ends below the deadline: ${deadlineFraction < 1 ? 'how many responses miss it may stay unknown' : 'only the maximum tells whether it is met'}. Choose ${Math.min(100_000, Math.ceil(deadlineUs * 2))} or more.`,
  }];
}
