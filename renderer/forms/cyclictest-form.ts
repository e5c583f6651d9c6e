import { cyclictestOptionsSchema, type BenchmarkId, type CyclictestOptions } from '../../shared/model/run.ts';
import type { RunProblem } from '../../shared/contract/methods.ts';
import { formatCpuList, parseCpuList } from '../../shared/parsers/cpu-list.ts';
import { decimal, wholeNumber } from './numbers.ts';
import { fractionOf, percentText } from './percent.ts';
import { durationText, parseDurationText } from '../text/duration-text.ts';

/** What stands in the form, as typed. `lengthBy` says whether the time or the samples per CPU rule. */
export interface CyclictestForm {
  cpus: string;
  mainCpus: string;
  priority: string;
  intervalUs: string;
  lengthBy: 'time' | 'samples';
  duration: string;
  samples: string;
  histogramUs: string;
  segment: string;
  deadlineUs: string;
  deadlinePercent: string;
  lockMemory: boolean;
  holdDmaLatency: boolean;
}

export function formOf(options: CyclictestOptions): CyclictestForm {
  return {
    cpus: formatCpuList(options.cpus),
    mainCpus: formatCpuList(options.mainCpus),
    priority: String(options.priority),
    intervalUs: String(options.intervalUs),
    lengthBy: 'time',
    duration: durationText(options.durationSeconds),
    samples: String(Math.floor((options.durationSeconds * 1e6) / options.intervalUs)),
    histogramUs: String(options.histogramUs),
    segment: durationText(options.segmentSeconds),
    deadlineUs: options.deadlineUs === null ? '' : String(options.deadlineUs),
    deadlinePercent: percentText(options.deadlineFraction),
    lockMemory: options.lockMemory,
    holdDmaLatency: options.holdDmaLatency,
  };
}

export type FormReading =
  | { readonly ok: true; readonly options: CyclictestOptions }
  | { readonly ok: false; readonly problems: readonly RunProblem[] };

/** Bounds in words, one per field: what the check behind the field allows. */
const rules: Readonly<Record<string, string>> = {
  cpus: 'At least one CPU has to be measured.',
  mainCpus: 'Write CPU numbers like 0-1.',
  priority: 'A real-time priority is a whole number from 1 to 99.',
  intervalUs: 'The interval is a whole number of µs, from 20 to 10 000 000.',
  durationSeconds: 'Write a length like 10m, 1h 30m or 45s, at least one second and at most 31 days.',
  histogramUs: 'The histogram reaches from 20 to 100 000 µs.',
  segmentSeconds: 'Write a length like 10m, from one second to one day.',
  deadlineUs: 'The deadline is from 1 to 1 000 000 µs, or empty.',
  deadlineFraction: 'Write a percentage above 0 and at most 100.',
};

/** Reads the form; every problem names its field. What the board says of the values comes from the core afterwards. */
export function readForm(form: CyclictestForm): FormReading {
  const problems: RunProblem[] = [];
  const list = (field: string, text: string): number[] => {
    const read = parseCpuList(text);
    if (read.ok) return read.value;
    problems.push({ field, severity: 'error', message: [read.error.message, read.error.extras.next].filter((part) => part !== undefined).join(' ') });
    return [];
  };
  const cpus = list('cpus', form.cpus);
  const mainCpus = list('mainCpus', form.mainCpus);
  const intervalUs = wholeNumber(form.intervalUs);
  const durationSeconds = form.lengthBy === 'time' ? parseDurationText(form.duration) ?? NaN : Math.ceil((wholeNumber(form.samples) * intervalUs) / 1e6);
  const checked = cyclictestOptionsSchema.safeParse({
    cpus, mainCpus, intervalUs, durationSeconds,
    priority: wholeNumber(form.priority),
    histogramUs: wholeNumber(form.histogramUs),
    segmentSeconds: parseDurationText(form.segment) ?? NaN,
    deadlineUs: form.deadlineUs.trim() === '' ? null : decimal(form.deadlineUs),
    deadlineFraction: fractionOf(decimal(form.deadlinePercent)),
    lockMemory: form.lockMemory,
    holdDmaLatency: form.holdDmaLatency,
  });
  if (checked.success && problems.length === 0) return { ok: true, options: checked.data };
  for (const issue of checked.success ? [] : checked.error.issues) {
    const field = String(issue.path[0] ?? 'options');
    if (problems.some((problem) => problem.field === field)) continue;
    const message = field === 'durationSeconds' && form.lengthBy === 'samples' ? 'Write how many samples each CPU is to take, as a whole number.' : rules[field] ?? issue.message;
    problems.push({ field, severity: 'error', message });
  }
  return { ok: false, problems };
}

/** A fresh id of a run: its time and some randomness, so that it is chosen once, by the window, before anything starts. */
export function newRunId(benchmark: BenchmarkId, now: Date, random: Uint8Array): string {
  const stamp = now.toISOString().replace(/[-:]|\.\d+/g, '').toLowerCase();
  return `${stamp}-${benchmark}-${[...random].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
