import type { CyclictestOptions, LiveStatus, CyclictestRun, RunResult, ThreadResult } from '../../../shared/model/run.ts';

/** A small generator with a seed: the same numbers on every run of a test. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A latency histogram as the field sees them: a sharp body, an exponential tail, single spikes, some past the end. */
export function threadResult(index: number, cpu: number, maxUs: number, scale: number, overflows: number, histogramUs: number): ThreadResult {
  const next = random(cpu * 7919 + 13);
  const histogram: Array<[number, number]> = [];
  for (let us = 6; us < Math.min(maxUs, histogramUs); us += 1) {
    const body = scale * Math.exp(-(((us - 9) / 2) ** 2));
    const tail = scale * 0.003 * Math.exp(-us / (11 + (cpu % 5))) * (0.5 + next());
    const spike = us > 120 && next() > 0.9 ? 1 : 0;
    const count = Math.floor(body + tail) + spike;
    if (count > 0) histogram.push([us, count]);
  }
  if (overflows === 0) histogram.push([maxUs, 1]);
  const samples = histogram.reduce((sum, [, count]) => sum + count, 0) + overflows;
  return { index, cpu, samples, minUs: 6, avgUs: 9, maxUs, overflows, histogram };
}

export function makeResult(run: CyclictestRun, spikes: readonly number[], measuredSeconds: number): RunResult {
  const { cpus, histogramUs, intervalUs, deadlineUs } = run.options;
  const scale = (measuredSeconds * 1e6) / intervalUs / 4;
  const threads = cpus.map((cpu, index) => {
    const maxUs = spikes[index % spikes.length] ?? 100;
    return threadResult(index, cpu, maxUs, scale, maxUs >= histogramUs ? 3 : 0, histogramUs);
  });
  const sum = new Map<number, number>();
  for (const thread of threads) for (const [us, count] of thread.histogram ?? []) sum.set(us, (sum.get(us) ?? 0) + count);
  const merged: ThreadResult = {
    index: -1, samples: threads.reduce((total, thread) => total + thread.samples, 0), minUs: 6, avgUs: 9,
    maxUs: Math.max(...threads.map((thread) => thread.maxUs ?? 0)), overflows: threads.reduce((total, thread) => total + thread.overflows, 0),
    histogram: [...sum].sort(([a], [b]) => a - b),
  };
  const next = random(42);
  const worst = merged.maxUs ?? 0;
  const strip = Array.from({ length: 1440 }, (_, at) => ({ atSeconds: (at * measuredSeconds) / 1440, maxUs: at === 910 ? worst : Math.round(14 + next() * 24 + (next() > 0.99 ? 70 : 0)) }));
  const limit = deadlineUs ?? 300;
  const met = worst <= limit;
  const complete = run.state === 'completed';
  const isolated = run.conditions.every((condition) => !condition.includes('not isolated'));
  return {
    runId: run.id, threads, merged,
    percentiles: [...threads.map((thread) => ({ cpu: thread.cpu ?? null, values: percentiles(thread) })), { cpu: null, values: percentiles(merged) }],
    expectedSamples: merged.samples + 12, measuredSeconds, gapSeconds: 2.1,
    segments: [0, 1, 2].map((index) => ({
      index: index + 1, startedAtSeconds: (index * measuredSeconds) / 3, endedAtSeconds: ((index + 1) * measuredSeconds) / 3 - 0.7, complete: complete || index < 2,
      maxUs: index === 1 ? worst : 118, threads: [],
    })),
    strip,
    verdict: complete
      ? { grade: met ? 'good' : 'poor', indicative: false, rule: deadlineUs === null ? 'bare metal: max < 50 µs great, < 100 µs good' : `your deadline ${String(deadlineUs)} µs for 100 % of responses`, reasons: [`max ${String(worst)} µs ${met ? '≤' : '>'} ${String(limit)} µs`, ...(isolated ? [] : ['measured CPUs are not isolated'])] }
      : { grade: 'not comparable', indicative: true, rule: 'a run that did not end by itself is not judged', reasons: [run.stateReason ?? 'the run was interrupted'] },
    claim: `None of ${String(merged.samples)} samples passed ${String(limit)} µs: at 95 % confidence at most 8.7 in a billion do (independent samples). To claim at most one in a billion, run 8.7 × longer without any.`,
    conditions: run.conditions,
    warnings: complete ? [] : ['The board rebooted during the run: what came before is kept.'],
  };
}

function percentiles(thread: ThreadResult) {
  const rank = (p: number) => {
    const wanted = Math.ceil(p * thread.samples);
    let seen = 0;
    for (const [us, count] of thread.histogram ?? []) {
      seen += count;
      if (seen >= wanted) return { p, us, atLeastUs: us, atMostUs: us + 1 };
    }
    return { p, us: null, atLeastUs: 400, atMostUs: thread.maxUs };
  };
  return [0.5, 0.99, 0.999, 0.99999].map(rank);
}

/** The n-th reading of a run that is going on: counters cumulative since its segment began. */
export function liveReading(options: CyclictestOptions, second: number): LiveStatus {
  const next = random(second + 1);
  const segment = Math.floor(second / options.segmentSeconds);
  const inSegment = second - segment * options.segmentSeconds + 1;
  return {
    atSeconds: second, segment: segment + 1,
    threads: options.cpus.map((cpu) => ({
      cpu, samples: Math.floor((inSegment * 1e6) / options.intervalUs), minUs: 5 + (cpu % 2), actUs: Math.round(8 + next() * 12),
      avgUs: 9, maxUs: Math.min(61, 18 + Math.floor(Math.sqrt(inSegment) * 3) + (cpu % 7)),
    })),
  };
}
