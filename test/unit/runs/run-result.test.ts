import { describe, expect, it } from 'vitest';
import type { CyclictestRun } from '../../../shared/model/run.ts';
import { parseRunJournal } from '../../../shared/parsers/run-journal.ts';
import { runResultOf } from '../../../shared/statistics/run-result.ts';
import { runResultSchema } from '../../../shared/model/run.ts';
import { sampleJournal, sampleOutput, type SampleOptions } from './sample-journal.ts';

const run = (changes: Partial<CyclictestRun> = {}): CyclictestRun => ({
  schema: 1, id: 'demo-1', benchmark: 'cyclictest', boardId: 'b', boardName: 'Bench', snapshotId: null, createdAt: '20261120T141000Z',
  options: { cpus: [2, 3], mainCpus: [0, 1], priority: 95, intervalUs: 1_000, durationSeconds: 2, histogramUs: 100, lockMemory: true, holdDmaLatency: true, segmentSeconds: 1, deadlineUs: null, deadlineFraction: 1 },
  command: ['cyclictest'], conditions: ['not isolated'], state: 'completed', stateReason: null, bootId: null, endedAt: null, journalSha256: null, ...changes,
});
const resultOf = (options: SampleOptions = {}, changes: Partial<CyclictestRun> = {}, cut = Infinity) =>
  runResultOf(run(changes), parseRunJournal(sampleJournal(options).subarray(0, cut)), { virtualised: true });
const whole = sampleJournal();

describe('result of a run', () => {
  it('merges segments exactly, CPU by CPU, overflows counted as samples', () => {
    const result = resultOf();
    expect(runResultSchema.parse(result)).toEqual(result);
    expect(result.threads.map(({ cpu, samples, overflows, maxUs, histogram }) => ({ cpu, samples, overflows, maxUs, histogram }))).toEqual([
      { cpu: 2, samples: 997 + 2 + 998 + 2, overflows: 0, maxUs: 11, histogram: [[10, 1_995], [11, 4]] },
      { cpu: 3, samples: 994 + 3 + 3 + 997 + 3, overflows: 3, maxUs: 120, histogram: [[10, 1_991], [11, 6]] },
    ]);
    expect(result.merged).toMatchObject({ samples: 3_999, overflows: 3, minUs: 10, maxUs: 120, histogram: [[10, 3_986], [11, 10]] });
    expect(result).toMatchObject({ measuredSeconds: 2, expectedSamples: 4_000, gapSeconds: 0.11, conditions: ['not isolated'], warnings: [] });
    expect(result.segments.map(({ complete, maxUs, startedAtSeconds }) => ({ complete, maxUs, startedAtSeconds }))).toEqual([
      { complete: true, maxUs: 120, startedAtSeconds: 0.22 }, { complete: true, maxUs: 11, startedAtSeconds: 1.33 },
    ]);
    expect(result.strip).toEqual([{ atSeconds: 0.72, maxUs: 120 }, { atSeconds: 1.23, maxUs: 120 }, { atSeconds: 1.82, maxUs: 11 }, { atSeconds: 2.34, maxUs: 11 }]);
    expect(result.verdict).toMatchObject({ grade: 'good', indicative: true });
    expect(result.percentiles[0]?.cpu).toBeNull();
    expect(result.percentiles.map(({ cpu }) => cpu)).toEqual([null, 2, 3]);
  });

  it('gives the threads of a list in any order the CPUs in ascending order, as cyclictest does', () => {
    const result = resultOf({}, { options: { ...run().options, cpus: [3, 2] } });
    expect(result.threads.map(({ cpu, maxUs }) => [cpu, maxUs])).toEqual([[2, 11], [3, 120]]);
    expect(result.verdict.grade).toBe('good');
  });

  it('never gives a verdict to a run that broke off, and keeps the parts that ended', () => {
    const result = resultOf({}, { state: 'interrupted', stateReason: 'The board restarted during the run.' }, whole.indexOf('b stdout', whole.indexOf('segment 2')));
    expect(result.verdict).toMatchObject({ grade: 'not comparable' });
    expect(result.verdict.reasons.join()).toContain('restarted');
    expect(result.merged.samples).toBe(1_999);
    expect(result.measuredSeconds).toBe(1);
    expect(result.warnings.join()).toContain('Part 2 left no counts: its 1,000 samples seen live are not in the result; its maximum was 11 µs');
    expect(result.segments.map(({ complete }) => complete)).toEqual([true, false]);
  });

  it('falls back to what was seen live when there is nothing exact', () => {
    const result = resultOf({}, { state: 'interrupted', stateReason: 'x' }, whole.indexOf('b stdout'));
    expect(result.merged).toMatchObject({ samples: 1_800, maxUs: 120 });
    expect(result.merged.histogram).toBeUndefined();
    expect(result.percentiles.every(({ values }) => values.length === 0)).toBe(true);
    expect(result.verdict.grade).toBe('not comparable');
  });

  it('has nothing to show for nothing', () => {
    const result = resultOf({}, { state: 'failed', stateReason: 'x' }, 0);
    expect(result).toMatchObject({ threads: [], measuredSeconds: 0, gapSeconds: 0, strip: [], segments: [] });
    expect(result.verdict.grade).toBe('not comparable');
    expect(runResultSchema.parse(result)).toEqual(result);
  });

  it('judges a run that was stopped on request by what it has, and says so', () => {
    const result = resultOf({}, { state: 'stopped' });
    expect(result.verdict.grade).toBe('good');
    expect(result.conditions).toEqual(['not isolated', 'Stopped early: 2 s of 2 s measured.']);
  });

  it.each([
    ['another CPU was measured', { affinity: '/proc/500/task/500/status:Cpus_allowed_list:\t0-1\n/proc/500/task/501/status:Cpus_allowed_list:\t2\n/proc/500/task/502/status:Cpus_allowed_list:\t0\n' }, /CPU 3 was allowed on CPU 0/],
    ['cyclictest’s own thread is on a measured CPU', { affinity: '/proc/500/task/500/status:Cpus_allowed_list:\t0-3\n/proc/500/task/501/status:Cpus_allowed_list:\t2\n/proc/500/task/502/status:Cpus_allowed_list:\t3\n' }, /allowed on measured CPU 2-3/],
    ['a thread has no real-time policy', { threads: '501 (cyclictest) S 1 1 1 0 -1 4194624 33 0 0 0 2 1 0 0 -81 0 3 0 2 1 2 1 9 9 9 9 9 0 0 0 0 0 0 0 -1 2 95 1 0\n' }, /1 of 2 measuring threads/],
  ])('is not comparable when %s', (_, options: SampleOptions, reason) => {
    const { verdict } = resultOf(options);
    expect(verdict.grade).toBe('not comparable');
    expect(verdict.reasons.join(' ')).toMatch(reason);
  });

  it('warns of what cyclictest says and goes on, and of idle states it could not keep shut', () => {
    expect(resultOf({ stderr: 'WARN: Could not set CPU affinity to CPU #2\nnothing\n' }).warnings).toEqual(['WARN: Could not set CPU affinity to CPU #2']);
    const open = sampleOutput([997, 994], [0, 0], [11, 11]).replace('# /dev/cpu_dma_latency set to 0us\n', '');
    expect(resultOf({ stdout: [open, open] }).warnings.join()).toContain('/dev/cpu_dma_latency');
    const asked = { options: { ...run().options, holdDmaLatency: false } };
    expect(resultOf({ stdout: [open, open], stderr: 'WARN: not setting cpu_dma_latency from cyclictest\n' }, asked).warnings).toEqual([]);
  });

  it('counts the periods that were slept through', () => {
    const few = sampleOutput([500, 997], [0, 0], [11, 11]);
    expect(resultOf({ stdout: [few, few] }).warnings).toEqual(['CPU 2 took 1,004 of 2,000 samples: 996 periods were slept through.']);
  });

  it('is not comparable when a measured CPU was throttled', () => {
    const bytes = sampleJournal().toString();
    const throttle = (cpu: number, count: number) => {
      const line = `/sys/devices/system/cpu/cpu${cpu}/thermal_throttle/core_throttle_count:${count}`;
      return `b throttle ;\n|${line}\ne throttle ${line.length + 1} ;\n`;
    };
    const withCounts = (cpu: number) => parseRunJournal(Buffer.from(bytes.replace('b command', `${throttle(cpu, 4)}b command`).replace('end completed', `${throttle(cpu, 5)}end completed`)));
    expect(runResultOf(run(), withCounts(2), { virtualised: false }).verdict).toMatchObject({ grade: 'not comparable', reasons: ['CPU 2 was throttled by heat or power during the run.'] });
    expect(runResultOf(run(), withCounts(0), { virtualised: false }).verdict.grade).toBe('poor');
  });
});
