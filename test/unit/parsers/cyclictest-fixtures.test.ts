import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cyclictestOutputSchema, type CyclictestOutput } from '../../../shared/parsers/cyclictest/output.ts';
import { parseCyclictest } from '../../../shared/parsers/cyclictest/parse-cyclictest.ts';
import { expectedOutputs } from './cyclictest-expected.ts';

const folder = new URL('../../fixtures/', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, folder), 'utf8');

function parsed(file: string): CyclictestOutput {
  const result = parseCyclictest(read(file));
  if (!result.ok) throw result.error;
  return result.value;
}

/** Recorded outputs without a result: the line that says so, and what it is taken to mean. */
const unreadable: ReadonlyArray<readonly [file: string, line: number, meaning: string]> = [
  ['cyclictest/D0.txt', 1, 'prints no such line'],
  ['cyclictest/S_with_a_t.stderr.txt', 2, 'before any result'],
  ['cyclictest/a_bad.stderr.txt', 1, 'a CPU was named that the machine does not have'],
  ['cyclictest/a_bad.txt', 1, 'the options were refused'],
  ['cyclictest/bad_hist.txt', 1, 'the options were refused'],
  ['cyclictest/default_system.stderr.txt', 1, 'before any result'],
  ['cyclictest/fifo_ls.txt', 1, 'prints no such line'],
  ['cyclictest/hist_file_noperm.stderr.txt', 1, 'histogram file could not be opened'],
  ['cyclictest/hist_file_noperm.txt', 1, 'before any result'],
  ['cyclictest/hist_with_d.stderr.txt', 1, 'before any result'],
  ['cyclictest/json_file_noperm.stderr.txt', 1, 'JSON file could not be opened'],
  ['cyclictest/json_file_noperm.txt', 1, 'before any result'],
  ['cyclictest/laptop.stderr.txt', 1, 'before any result'],
  ['cyclictest/nonroot_fifo.stderr.txt', 1, 'real-time scheduling is not permitted'],
  ['cyclictest/nonroot_other.stderr.txt', 1, 'real-time scheduling is not permitted'],
  ['cyclictest/nonroot_policy_other.stderr.txt', 1, 'real-time scheduling is not permitted'],
  ['cyclictest/nonroot_rtprio50_want95.stderr.txt', 1, 'the command before cyclictest failed'],
  ['cyclictest/nonroot_rtprio_nomemlock.stderr.txt', 1, 'the command before cyclictest failed'],
  ['cyclictest/nonroot_rtprio_ok.stderr.txt', 1, 'the command before cyclictest failed'],
  ['cyclictest/opt_n.stderr.txt', 1, 'an option was not accepted'],
  ['cyclictest/opt_n.txt', 1, 'the options were refused'],
  ['cyclictest/policy_fifo_noprio.stderr.txt', 1, 'before any result'],
  ['cyclictest/prio100.txt', 1, 'the options were refused'],
  ['cyclictest/rhel_doc_single_dash_mainaffinity.stderr.txt', 2, 'before any result'],
  ['cyclictest/root_capdrop_ipclock_memlock64k.stderr.txt', 1, 'memory could not be locked'],
  ['cyclictest/root_capdrop_nice.stderr.txt', 1, 'real-time scheduling is not permitted'],
  ['cyclictest/root_capdrop_nice_other.stderr.txt', 1, 'real-time scheduling is not permitted'],
  ['cyclictest/sigpipe.txt', 4, 'prints no such line'],
  ['cyclictest/smi.stderr.txt', 1, 'SMIs cannot be counted'],
  ['cyclictest/smi_noaffinity.stderr.txt', 1, 'SMIs cannot be counted'],
  ['cyclictest/snapshot.txt', 1, 'prints no such line'],
  ['cyclictest/snapshot_list.txt', 1, 'prints no such line'],
  ['cyclictest-versions/v1.10_n.stderr.txt', 1, 'an option was not accepted'],
  ['cyclictest-versions/v1.10_n.txt', 1, 'the options were refused'],
  ['cyclictest-versions/v2.10_dis.stderr.txt', 2, 'cannot set idle states'],
  ['cyclictest-versions/v2.10_opt_n.stderr.txt', 1, 'an option was not accepted'],
  ['cyclictest-versions/v2.10_opt_n.txt', 1, 'the options were refused'],
  ['cyclictest-versions/v2.10_smi.stderr.txt', 1, 'SMIs cannot be counted'],
];

it('covers every recorded output', () => {
  const recorded = ['cyclictest', 'cyclictest-versions'].flatMap((name) => readdirSync(new URL(`${name}/`, folder)).map((file) => `${name}/${file}`));
  const outputs = recorded.filter((file) => !file.endsWith('.cmd.txt')).sort();
  expect([...expectedOutputs, ...unreadable].map(([file]) => file).sort()).toEqual(outputs);
});

describe.each(expectedOutputs)('%s', (file, form, threads) => {
  const output = parsed(file);

  it('gives the recorded figures', () => {
    const found = output.threads.map((thread) => [
      thread.samples, thread.minUs, thread.avgUs, thread.maxUs, thread.overflows, thread.histogram?.length ?? null, thread.cpu ?? null,
    ]);
    expect(output.form).toBe(form);
    expect(found).toEqual(threads);
    expect(output.threads.map(({ index }) => index)).toEqual(threads.map((_, index) => index));
  });

  it('counts every sample once: in a bucket or in the overflow', () => {
    expect(cyclictestOutputSchema.parse(output)).toEqual(output);
    for (const { histogram, samples, overflows } of output.threads) {
      if (histogram === undefined) continue;
      expect(histogram.reduce((sum, [, count]) => sum + count, 0) + overflows).toBe(samples);
      expect(histogram.every(([edge, count], i) => count > 0 && edge > (histogram[i - 1]?.[0] ?? -1))).toBe(true);
    }
  });

  it('says whether the run reached its end', () => {
    expect(output.complete).toBe(!['cyclictest/usr1.stderr.txt', 'cyclictest/usr2_shm.txt'].includes(file));
  });
});

it.each(unreadable)('%s has no result, and line %i says why', (file, line, meaning) => {
  const result = parseCyclictest(read(file));
  if (result.ok) throw new Error('there is a result');
  expect(result.error.code).toBe('output-unreadable');
  expect(result.error.extras.details).toEqual({ line });
  expect(result.error.message).toContain(meaning);
  expect(result.error.extras.next).not.toBe('');
});

describe('what the outputs say beside the threads', () => {
  it('reads the same histograms from the text and the JSON of one run', () => {
    for (const [text, json] of [
      ['cyclictest/json_hist.txt', 'cyclictest/json_hist.json'],
      ['cyclictest/sigint_preserve.txt', 'cyclictest/sigint.json'],
      ['cyclictest-versions/v2.10_hist.txt', 'cyclictest-versions/v2.10_hist.json'],
    ] as const) {
      const fromText = parsed(text).threads.map(({ samples, overflows, histogram }) => ({ samples, overflows, histogram }));
      expect(parsed(json).threads.map(({ samples, overflows, histogram }) => ({ samples, overflows, histogram }))).toEqual(fromText);
    }
  });

  it.each([
    ['cyclictest/hist_h40.txt', 40],
    ['cyclictest/hist_h3_overflow.txt', 3],
    ['cyclictest/osadl_style.txt', 400],
    ['cyclictest/json_hist.json', 60],
    ['cyclictest/json_nohist.json', null],
    ['cyclictest/unit_ns_hist.txt', 20],
    ['cyclictest/quiet_2threads.txt', null],
    ['cyclictest-versions/v1.0_hist.txt', 20],
    ['cyclictest-versions/v2.10_hist.json', 40],
    // 2.7 and later print no empty rows: the size shows only where an overflow list was cut.
    ['cyclictest-versions/v2.10_hist.txt', null],
    ['cyclictest-versions/v2.10_histfall_overflow.txt', 15],
  ])('%s: histogram up to %j µs', (file, bound) => { expect(parsed(file).histogramBoundUs).toBe(bound); });

  it('reads a run cut short by -b from its lines', () => {
    expect(parsed('cyclictest/breaktrace_hit.txt').breaktrace).toEqual({ threadIds: [1507, 1508], hit: { threadId: 1508, index: 1, valueUs: 34 } });
    expect(parsed('cyclictest/breaktrace_nohit.txt').breaktrace).toEqual({ threadIds: [1520], hit: null });
    expect(parsed('cyclictest/quiet_2threads.txt').breaktrace).toBeUndefined();
  });

  it('reads whether idle states were held shut', () => {
    expect(parsed('cyclictest/latency50.txt').dmaLatencyUs).toBe(50);
    expect(parsed('cyclictest/quiet_1thread.txt').dmaLatencyUs).toBe(0);
    expect(parsed('cyclictest/default_system.txt').dmaLatencyUs).toBeUndefined();
  });

  it('tells nanoseconds by the width of the fields, and says so when it has to guess', () => {
    expect(parsed('cyclictest/nsecs.txt')).toMatchObject({ unit: 'ns', warnings: [] });
    const guessed = parsed('cyclictest/unit_ns_hist.txt');
    expect(guessed.unit).toBe('ns');
    expect(guessed.warnings.join()).toContain('read as nanoseconds');
    expect(guessed.threads[0]?.histogram?.[0]).toEqual([12.394, 1]);
    const told = parseCyclictest(read('cyclictest/unit_ns_hist.txt'), { unit: 'us' });
    expect(told.ok && told.value.threads[0]?.minUs).toBe(12394);
  });

  it('reads version and the real-time flag of a JSON report', () => {
    expect(parsed('cyclictest/json_stdout.txt')).toMatchObject({ version: '2.40', realtimeFlag: false, dmaLatencyUs: 0 });
    expect(parsed('cyclictest/quiet_1thread.txt')).not.toHaveProperty('realtimeFlag');
  });

  it('keeps the cycle numbers of overflows', () => {
    expect(parsed('cyclictest/hist_with_d.txt').overflowCycles?.[1]).toEqual({ index: 1, cycles: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], others: 10 });
    expect(parsed('cyclictest-versions/v2.10_hist.txt').overflowCycles?.[0]).toEqual({ index: 0, cycles: [357, 1629, 1653, 1670, 1672, 2506], others: 0 });
  });

  it('keeps what standard error warned of when it is in the same file', () => {
    const result = parseCyclictest(read('cyclictest/hist_with_d.stderr.txt') + read('cyclictest/hist_with_d.txt'));
    expect(result.ok && result.value.warnings).toEqual(['WARN: distance is ignored and set to 0, if histogram enabled']);
    expect(result.ok && result.value.threads[0]?.samples).toBe(20);
  });
});
