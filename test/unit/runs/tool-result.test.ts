import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runSchema, toolRunResultSchema, type ToolRun } from '../../../shared/model/run.ts';
import { parseRunJournal, RunJournalReader } from '../../../shared/parsers/run-journal.ts';
import type { ToolOutput } from '../../../shared/parsers/tool-output.ts';
import { mergeOutputs } from '../../../shared/statistics/merge-outputs.ts';
import { toolResultOf } from '../../../shared/statistics/tool-result.ts';

const fixture = (name: string): string => readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), 'utf8');
const block = (name: string, text: string): string =>
  text === '' ? '' : `b ${name} ;\n${text.split('\n').slice(0, -1).map((line) => `|${line}\n`).join('')}e ${name} ${Buffer.byteLength(text)} ;\n`;

/** The journal of a run in parts of 10 s each, with what each printed. */
const journalOf = (outputs: readonly string[], { status = 0, live = '', stderr = '' } = {}) => parseRunJournal(Buffer.from([
  'rtvm-bench-journal 1 ;\nrun demo-1 ;\nboot b ;\nstart 1795298475 100 ;\nplan 1 10 20 1 ;\nroot yes ;\n',
  ...outputs.map((stdout, at) => `segment ${at + 1} ${100 + at * 11} 10 ;\n${live === '' ? '' : `live ${101 + at * 11} ;\n${block('live', live)}`}${block('stdout', stdout)}${block('stderr', stderr)}end-segment ${at + 1} ${110 + at * 11} ${status} ;\n`),
].join('')));

const run = (benchmark: string, changes: Partial<ToolRun> = {}): ToolRun => ({
  schema: 1, id: 'demo-1', benchmark, boardId: 'b', boardName: 'Bench', snapshotId: null, createdAt: '20261120T141000Z',
  options: { cpus: [1], mainCpus: [0], priority: null, durationSeconds: 20, deadlineUs: null, deadlineFraction: 1, values: {} },
  command: [benchmark], conditions: ['stated'], state: 'completed', stateReason: null, bootId: null, endedAt: null, journalSha256: null, ...changes,
});

describe('result of a run with a tool', () => {
  it('adds parts up exactly and judges the longest gap, as oslat’s by the limits of the board', () => {
    const one = toolResultOf(run('oslat'), journalOf([fixture('oslat/good.txt')]), { virtualised: true });
    const two = toolResultOf(run('oslat'), journalOf([fixture('oslat/good.txt'), fixture('oslat/good.txt')]), { virtualised: true });
    expect(toolRunResultSchema.parse(two)).toEqual(two);
    const [first, both] = [one.output?.distributions[0], two.output?.distributions[0]];
    expect(both).toMatchObject({ samples: (first?.samples ?? 0) * 2, minNs: first?.minNs, maxNs: first?.maxNs, avgNs: first?.avgNs });
    expect(both?.buckets).toEqual(first?.buckets.map(([edge, count]) => [edge, count * 2]));
    expect(two).toMatchObject({ measuredSeconds: 20, gapSeconds: 1, noVerdict: null, verdict: { rule: expect.stringContaining('in a virtual machine') } });
  });

  it('says why there is no verdict where nothing decides one, and judges by a deadline that is set', () => {
    const output = fixture('pmqtest/run_q.txt');
    const open = toolResultOf(run('pmqtest'), journalOf([output]), { virtualised: false });
    expect(open).toMatchObject({ verdict: null, noVerdict: expect.stringContaining('set a deadline') });
    const judged = toolResultOf(run('pmqtest', { options: { ...run('pmqtest').options, deadlineUs: 1_000_000 } }), journalOf([output]), { virtualised: false });
    expect(judged.verdict?.grade).not.toBe('poor');
    expect(judged.verdict?.rule).toContain('Your deadline');
  });

  it('holds hwlatdetect against the firmware gate, and in a virtual machine against nothing', () => {
    const gate = (seconds: number, gaps: string) => toolResultOf(run('hwlatdetect'), journalOf([`hwlatdetect:  test duration ${seconds} seconds\n   detector: tracer\n   parameters:\n        Latency threshold: 10us\nStarting test\ntest finished\n${gaps}`]), { virtualised: false });
    const quiet = 'Max Latency: Below threshold\nSamples recorded: 0\nSamples exceeding threshold: 0\n';
    expect(gate(600, quiet).verdict?.grade).toBe('great');
    expect(gate(60, quiet)).toMatchObject({ verdict: null, noVerdict: expect.stringContaining('too short') });
    expect(gate(600, 'Max Latency: 250us\nSamples recorded: 1\nSamples exceeding threshold: 1\nts: 1.5, inner:0, outer:250\n').verdict?.grade).toBe('poor');
    expect(toolResultOf(run('hwlatdetect'), journalOf([quiet]), { virtualised: true }).noVerdict).toContain('host');
  });

  it('takes the time of a compilation from the journal, and none of one that failed', () => {
    expect(toolResultOf(run('kernel-compile'), journalOf(['CC kernel/fork.o\n']), { virtualised: false }).output?.scalars).toEqual([{ name: 'time', value: 10, unit: 's' }]);
    const failing = toolResultOf(run('kernel-compile', { state: 'failed' }), journalOf([''], { status: 2, stderr: 'no compiler\n' }), { virtualised: false });
    expect(failing.output).toBeNull();
    expect(failing.warnings).toContain('no compiler');
  });

  it('keeps a run of a benchmark that this version has not, and says so', () => {
    const result = toolResultOf(run('from-the-future'), journalOf(['x\n']), { virtualised: null });
    expect(result).toMatchObject({ output: null, verdict: null });
    expect(result.warnings.join()).toContain('from-the-future');
  });

  it('gives a result for any output, whatever was printed', () => {
    fc.assert(fc.property(fc.constantFrom('oslat', 'ping', 'hackbench', 'iperf3', 'rtla-timerlat', 'hwlatdetect', 'smi-count'), fc.string({ unit: 'binary-ascii' }), (benchmark, text) => {
      const result = toolResultOf(run(benchmark), journalOf([`${text.replaceAll('\0', '')}\n`]), { virtualised: null });
      expect(toolRunResultSchema.safeParse(result).success).toBe(true);
    }), { numRuns: 500 });
  });

  it('reads the newest lines of a tool as live readings without threads', () => {
    const journal = journalOf(['x\n'], { live: 'first\nsecond\n' });
    expect(journal.problem).toBeNull();
    expect(journal.statuses).toEqual([{ atSeconds: 1, segment: 1, threads: [], lines: ['first', 'second'] }]);
  });

  it('tells a live reading once, and with its lines, however its bytes come', () => {
    const bytes = Buffer.from(`rtvm-bench-journal 1 ;\nrun demo-1 ;\nboot b ;\nstart 1795298475 100 ;\nplan 1 10 20 1 ;\nroot yes ;\nsegment 1 100 10 ;\nlive 101 ;\n${block('live', 'one\n')}live 102 ;\nlive 103 ;\n${block('live', 'two\nthree\n')}`);
    const reader = new RunJournalReader({ keep: 'watching' });
    const seen: string[] = [];
    for (let at = 0, told = 0; at < bytes.length; at += 1) {
      reader.feed(bytes.subarray(at, at + 1));
      if (reader.journal.statusCount > told) seen.push((reader.journal.statuses.at(-1)?.lines ?? []).join(' '));
      told = reader.journal.statusCount;
    }
    expect(reader.journal.problem).toBeNull();
    expect(seen).toEqual(['one', '', 'two three']);
  });
});

describe('runs as they are stored', () => {
  it('a run of an earlier version opens as before', () => {
    const old = {
      schema: 1, id: 'old', benchmark: 'cyclictest', boardId: 'b', boardName: 'B', snapshotId: null, createdAt: '20251120T141000Z', command: ['cyclictest'], conditions: [],
      options: { cpus: [1], mainCpus: [0], priority: 95, intervalUs: 1000, durationSeconds: 60, histogramUs: 400, lockMemory: true, holdDmaLatency: true, segmentSeconds: 60, deadlineUs: null, deadlineFraction: 1 },
      state: 'completed', stateReason: null, bootId: null, endedAt: null, journalSha256: null,
    };
    expect(runSchema.parse(old)).toEqual(old);
    expect(runSchema.safeParse({ ...old, options: run('ping').options }).success).toBe(false);
    expect(runSchema.safeParse({ ...run('ping'), options: old.options }).success).toBe(false);
    expect(runSchema.parse(run('ping'))).toEqual(run('ping'));
  });
});

describe('merging outputs', () => {
  const output = (samples: number, maxNs: number, count: number): ToolOutput => ({
    tool: 't', version: null, warnings: [], distributions: [{ label: 'a', cpu: 1, samples, minNs: 1, avgNs: maxNs / 2, maxNs, overflows: 0, buckets: [[1000, samples]] }], scalars: [{ name: 'n', value: count, unit: 'count' }, { name: 'peak', value: maxNs, unit: 'ns' }],
  });

  it('sums counts, keeps extremes, weighs averages, whatever the order', () => {
    fc.assert(fc.property(fc.array(fc.record({ samples: fc.integer({ min: 1, max: 1e6 }), maxNs: fc.integer({ min: 1, max: 1e9 }), count: fc.nat(1e6) }), { minLength: 1, maxLength: 6 }), (parts) => {
      const merged = mergeOutputs(parts.map(({ samples, maxNs, count }) => output(samples, maxNs, count)));
      const total = parts.reduce((sum, { samples }) => sum + samples, 0);
      const largest = Math.max(...parts.map(({ maxNs }) => maxNs));
      expect(merged?.distributions[0]).toMatchObject({ samples: total, maxNs: largest, buckets: [[1000, total]] });
      expect(merged?.distributions[0]?.avgNs).toBeCloseTo(parts.reduce((sum, { samples, maxNs }) => sum + (samples * maxNs) / 2, 0) / total, 3);
      expect(merged?.scalars).toEqual([{ name: 'n', value: parts.reduce((sum, { count }) => sum + count, 0), unit: 'count' }, { name: 'peak', value: largest, unit: 'ns' }]);
    }));
    expect(mergeOutputs([])).toBeNull();
  });
});
