import type { z } from 'zod';
import { CodedError } from '../contract/errors.ts';
import { failed, ok, type Result } from '../contract/result.ts';
import type { RunProblem } from '../contract/methods.ts';
import type { BenchmarkId, ToolOptions } from '../model/run.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { fieldsOf, type FormField, type ValuesSchema } from './fields.ts';

/** What every benchmark says of itself, cyclictest among them. */
export interface BenchmarkAbout {
  readonly id: BenchmarkId;
  readonly title: string;
  /** The question it answers, in one sentence. */
  readonly answers: string;
  /** The program that measures. */
  readonly program: string;
  /** The package that brings it: of Debian and Ubuntu, and of Red Hat's family; null where that has none. */
  readonly packages: { readonly debian: string; readonly redHat: string | null };
  /** Comes before others in a list when lower. */
  readonly order: number;
}

export interface CommandContext {
  /** Length of this part of the run in whole seconds, or what stands for it until the board knows. */
  readonly seconds: string;
  /** Version of the program on the board; null when not known. */
  readonly toolVersion: string | null;
}

/** The CPUs of a benchmark: it measures each of them, or one, or runs on them as ordinary work does. */
export type CpuUse = 'measures each' | 'measures one' | 'runs on';

/**
 * What of a result is judged. `limits`: the maximum, by the deadline or else by the limits for latencies; `deadline`: the
 * maximum, by a deadline only; `gate`: gaps by the rule of the firmware gate; `none`: nothing.
 */
export type Judged = 'limits' | 'deadline' | 'gate' | 'none';

interface ToolFacts extends BenchmarkAbout {
  /** Format of shared/parsers that reads its output; null: the time it took is the result. */
  readonly format: string | null;
  readonly cpus: CpuUse;
  /** SCHED_FIFO priority to begin with; null: as ordinary work; `never`: it takes none. */
  readonly priority: number | null | 'never';
  readonly root: 'needed' | 'for its priority' | 'not needed';
  /** Uses the kernel's tracer, of which there is one: its settings are put back afterwards. */
  readonly tracer: boolean;
  /** Measures as long as it is asked to; else it ends when its work is done, and the time asked for is the most it may take. */
  readonly timed: boolean;
  /** Longer runs are cut into parts of this length, which are added up exactly; null: never cut. */
  readonly segmentSeconds: number | null;
  readonly seconds: number;
  /** What it tells while it goes on: its newest lines, or nothing before its end. */
  readonly live: 'lines' | 'nothing';
  readonly judged: Judged;
  /** Why there is no verdict, where there is none. */
  readonly noVerdict: string;
  /** What the figures mean and do not mean: stated with every result. */
  readonly states: readonly string[];
}

export interface ToolBenchmark extends ToolFacts {
  readonly fields: readonly FormField[];
  /** The tool's own values to begin with. */
  readonly defaults: ToolOptions['values'];
  /** What is wrong with the options, by the tool's own rules. */
  check(options: ToolOptions, snapshot: Snapshot | null): RunProblem[];
  /**
   * The argument vector, program first. The same for any values: a command, or `bad-request` with the value that is not
   * accepted; a value is an argument of its own or part of one, and never read by a shell.
   */
  command(options: ToolOptions, context: CommandContext): Result<string[]>;
}

interface ToolSpec<V extends ValuesSchema> extends ToolFacts {
  readonly values: V;
  readonly defaults: z.infer<V>;
  check?(options: ToolOptions, values: z.infer<V>, snapshot: Snapshot | null): RunProblem[];
  command(options: ToolOptions, values: z.infer<V>, context: CommandContext): string[];
}

/** Makes a benchmark of what its file says: values are checked before anything is made of them. */
export function toolBenchmark<V extends ValuesSchema>({ values, check, command, defaults, ...facts }: ToolSpec<V>): ToolBenchmark {
  const schema = values.strict();
  const read = (options: ToolOptions): Result<z.infer<V>> => {
    const parsed = schema.safeParse(options.values);
    if (parsed.success) return ok(values.parse(parsed.data));
    const [issue] = parsed.error.issues;
    const name = issue?.code === 'unrecognized_keys' ? (issue.keys[0] ?? '') : String(issue?.path[0] ?? '');
    const label = fieldsOf(values).find((one) => one.name === name)?.label;
    const message = label === undefined ? `${facts.title} has no value “${name}”.` : `${label}: ${issue?.message ?? 'not accepted'}.`;
    return failed(new CodedError('bad-request', message, { next: `Values of ${facts.id}: ${Object.keys(values.shape).join(', ') || 'none'}.`, details: { field: name } }));
  };
  return {
    ...facts, defaults, fields: fieldsOf(values),
    check: (options, snapshot) => {
      const parsed = read(options);
      if (!parsed.ok) return [{ field: String(parsed.error.extras.details?.['field'] ?? 'board'), severity: 'error', message: parsed.error.message }];
      return check?.(options, parsed.value, snapshot) ?? [];
    },
    command: (options, context) => {
      const parsed = read(options);
      return parsed.ok ? ok(command(options, parsed.value, context)) : parsed;
    },
  };
}
