import type { RunJournal } from '../parsers/run-journal-model.ts';
import type { RtlaAnalysis } from '../parsers/rtla/rtla-analysis.ts';
import { rtlaFormat } from '../parsers/rtla/rtla-format.ts';
import { latencyInWords } from '../statistics/words.ts';

/** A spike that a tracer took apart. */
export interface TracedCause {
  readonly cpu: number;
  readonly source: string | null;
  readonly us: number;
  readonly words: string;
  readonly figures: ReadonlyArray<{ readonly name: string; readonly value: number; readonly unit: string }>;
  readonly evidence: readonly string[];
  readonly settingIds: readonly string[];
}

/** The parts that rtla names, and what addresses them. Source: Linux Documentation/tools/rtla/rtla-timerlat.rst, auto-analysis. */
const parts: ReadonlyArray<{ readonly pattern: RegExp; readonly settingIds: readonly string[] }> = [
  { pattern: /from idle/i, settingIds: ['runtime.idle-latency', 'kernel.intel-idle', 'kernel.processor-max-cstate', 'firmware.c-states'] },
  { pattern: /NMI/, settingIds: ['runtime.nmi-watchdog', 'kernel.nmi-watchdog'] },
  { pattern: /Softirq/i, settingIds: ['runtime.irqs-off-isolated-cpus', 'kernel.rcu-nocbs', 'runtime.rps'] },
  { pattern: /IRQ interference/i, settingIds: ['runtime.irqs-off-isolated-cpus', 'kernel.irqaffinity', 'runtime.managed-irqs'] },
  { pattern: /IRQ handler delay/i, settingIds: ['kernel.realtime', 'firmware.smi-count'] },
  { pattern: /[Tt]hread/, settingIds: ['kernel.isolcpus', 'runtime.kthreads', 'runtime.irq-threads', 'kernel.realtime'] },
];
/** Sums over the parts, and what is no part of the delay. */
const sums = /^(?:IRQ latency|Thread latency|Max timerlat IRQ latency)/;

/** What rtla's auto-analysis in the output of a run says of the responses that hit its limit. Total. */
export function tracedCauses({ segments }: Pick<RunJournal, 'segments'>): TracedCause[] {
  return segments.flatMap(({ stdout }) => {
    if (stdout?.includes('hit stop tracing, analyzing it') !== true) return [];
    const parsed = rtlaFormat.parse(stdout);
    return parsed.ok ? parsed.value.analyses.flatMap((analysis) => causeOf(analysis) ?? []) : [];
  });
}

function causeOf({ cpu, parts: found, stack }: RtlaAnalysis): TracedCause | null {
  const total = found.find(({ name }) => name.startsWith('Thread latency')) ?? found.find(({ name }) => name.startsWith('IRQ latency'));
  if (total === undefined) return null;
  const named = found.filter(({ name, percent, us }) => !sums.test(name) && percent !== null && us > 0).sort((a, b) => b.us - a.us);
  const [first] = named;
  const wasIdle = found.some(({ name }) => name.includes('from idle'));
  const share = named.slice(0, 3).map(({ name, us }) => `${name} ${latencyInWords(us)}`).join(', ');
  const settingIds = wasIdle && (first === undefined || /idle|delay/i.test(first.name)) ? parts[0]?.settingIds ?? [] : parts.find(({ pattern }) => first !== undefined && pattern.test(first.name))?.settingIds ?? [];
  const within = stack.length === 0 ? '' : `; the CPU was in ${stack.slice(0, 12).find((call) => !/^(?:timerlat|osnoise|__hrtimer|hrtimer_|(?:__|asm_)?sysvec_|asm_)/.test(call)) ?? stack[0] ?? ''}`;
  return {
    cpu, source: first?.name ?? (wasIdle ? 'waking from idle' : null), us: total.us,
    words: `a response of ${latencyInWords(total.us)} on CPU ${cpu} was ${share === '' ? `an interrupt that came late${wasIdle ? ', while the CPU was idle' : ''}` : `made of ${share}`}${within}`,
    figures: found.map(({ name, us }) => ({ name, value: us, unit: 'us' })),
    evidence: [...found.map(({ name, us, percent }) => `rtla: ${name} ${us.toFixed(2)} us${percent === null ? '' : ` (${percent} %)`}`), ...(stack.length === 0 ? [] : [`rtla: ${stack.join(' < ')}`])],
    settingIds,
  };
}
