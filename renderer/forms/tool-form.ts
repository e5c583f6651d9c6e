import type { ToolBenchmark } from '../../shared/benchmarks/benchmark.ts';
import type { RunProblem } from '../../shared/contract/methods.ts';
import { toolOptionsSchema, type ToolOptions } from '../../shared/model/run.ts';
import { formatCpuList, parseCpuList } from '../../shared/parsers/cpu-list.ts';
import { durationText, parseDurationText } from '../text/duration-text.ts';
import { decimal, wholeNumber } from './numbers.ts';
import { fractionOf, percentText } from './percent.ts';

/** What stands in the form of any benchmark but cyclictest, as typed; `texts` and `switches` are the tool's own values. */
export interface ToolForm {
  cpus: string;
  mainCpus: string;
  /** Empty: as ordinary work. */
  priority: string;
  duration: string;
  deadlineUs: string;
  deadlinePercent: string;
  texts: Record<string, string>;
  switches: Record<string, boolean>;
}

export function toolFormOf({ fields }: ToolBenchmark, options: ToolOptions): ToolForm {
  const [texts, switches]: [ToolForm['texts'], ToolForm['switches']] = [{}, {}];
  for (const { name, kind } of fields) {
    if (kind === 'switch') switches[name] = options.values[name] === true;
    else texts[name] = String(options.values[name] ?? '');
  }
  return {
    cpus: formatCpuList(options.cpus), mainCpus: formatCpuList(options.mainCpus), priority: options.priority === null ? '' : String(options.priority),
    duration: durationText(options.durationSeconds), deadlineUs: options.deadlineUs === null ? '' : String(options.deadlineUs), deadlinePercent: percentText(options.deadlineFraction),
    texts, switches,
  };
}

export type ToolFormReading =
  | { readonly ok: true; readonly options: ToolOptions }
  | { readonly ok: false; readonly problems: readonly RunProblem[] };

const rules: Readonly<Record<string, string>> = {
  cpus: 'Write CPU numbers like 2-5; one at least.',
  mainCpus: 'Write CPU numbers like 0-1.',
  priority: 'A real-time priority is a whole number from 1 to 99, or empty for none.',
  durationSeconds: 'Write a length like 10m, 1h 30m or 45s, at least one second and at most 31 days.',
  deadlineUs: 'The deadline is from 1 to 1 000 000 µs, or empty.',
  deadlineFraction: 'Write a percentage above 0 and at most 100.',
};

/** Reads the form; every problem names its field. */
export function readToolForm(benchmark: ToolBenchmark, form: ToolForm): ToolFormReading {
  const problems: RunProblem[] = [];
  const list = (field: string, text: string): number[] => {
    const read = parseCpuList(text);
    if (read.ok) return read.value;
    problems.push({ field, severity: 'error', message: [read.error.message, read.error.extras.next].filter((part) => part !== undefined).join(' ') });
    return [];
  };
  const values: ToolOptions['values'] = {};
  for (const { name, kind, label } of benchmark.fields) {
    const text = (form.texts[name] ?? '').trim();
    if (kind === 'switch') values[name] = form.switches[name] === true;
    else if (kind !== 'number') values[name] = text;
    else if (/^-?\d{1,12}$/.test(text)) values[name] = Number(text);
    else problems.push({ field: name, severity: 'error', message: `${label} is a whole number.` });
  }
  const checked = toolOptionsSchema.safeParse({
    cpus: list('cpus', form.cpus), mainCpus: list('mainCpus', form.mainCpus), values,
    priority: form.priority.trim() === '' ? null : wholeNumber(form.priority),
    durationSeconds: parseDurationText(form.duration) ?? NaN,
    deadlineUs: form.deadlineUs.trim() === '' ? null : decimal(form.deadlineUs),
    deadlineFraction: fractionOf(decimal(form.deadlinePercent)),
  });
  if (checked.success && problems.length === 0) return { ok: true, options: checked.data };
  for (const issue of checked.success ? [] : checked.error.issues) {
    const field = String(issue.path[0] ?? 'options');
    if (!problems.some((problem) => problem.field === field)) problems.push({ field, severity: 'error', message: rules[field] ?? issue.message });
  }
  return { ok: false, problems };
}
