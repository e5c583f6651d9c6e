import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { CyclictestOutput } from '../../../shared/parsers/cyclictest/output.ts';
import { parseCyclictest, parseCyclictestStatus } from '../../../shared/parsers/cyclictest/parse-cyclictest.ts';
import { parseSummaryLine } from '../../../shared/parsers/cyclictest/summary-line.ts';

const fixture = (file: string) => readFileSync(new URL(`../../fixtures/${file}`, import.meta.url), 'utf8');

function parsed(text: string): CyclictestOutput {
  const result = parseCyclictest(text);
  if (!result.ok) throw result.error;
  return result.value;
}
const refusal = (text: string) => {
  const result = parseCyclictest(text);
  return result.ok ? 'a result' : result.error.message;
};
const samples = (text: string) => parsed(text).threads.map((thread) => thread.samples);

const quiet = fixture('cyclictest/quiet_2threads.txt');
const live = fixture('cyclictest/pty_S.typescript');
const histogram = fixture('cyclictest/hist_h40.txt');
const json = fixture('cyclictest/json_hist.json');

describe('summary lines', () => {
  it('may have columns that outgrew their width', () => {
    const line = 'T: 0 (1694100) P:95 I:1000 C:1499941000 Min:      1 Act:1234567 Avg:    3 Max: 123456789';
    expect(parseSummaryLine(line)).toMatchObject({ threadId: 1694100, samples: 1499941000, max: 123456789, unit: 'us' });
  });

  it('count SMIs when asked to', () => {
    const output = parsed('T: 0 ( 3055) P:95 I:1000 C:     10 Min:     12 Act:   15 Avg:   13 Max:      19 SMI:       2\n');
    expect(output.smiCounts).toEqual([2]);
    expect(output.threads[0]).toEqual({ index: 0, samples: 10, minUs: 12, avgUs: 13, maxUs: 19, overflows: 0 });
  });

  it('say nothing while a thread has no samples', () => {
    const output = parsed('T: 0 (    0) P:95 I:1000 C:      0 Min:1000000 Act:    0 Avg:    0 Max:       0\n');
    expect(output.threads).toEqual([{ index: 0, samples: 0, minUs: null, avgUs: null, maxUs: null, overflows: 0 }]);
  });

  it('of several reads of a FIFO: the last one counts', () => {
    expect(samples(fixture('cyclictest/fifo_read_head.txt') + fixture('cyclictest/fifo_read_cat.txt'))).toEqual([2996, 1991]);
  });

  it('of a status in the middle of a run do not replace its end', () => {
    const output = parsed(fixture('cyclictest/usr1.stderr.txt') + fixture('cyclictest/fifo_run.txt'));
    expect(output.complete).toBe(true);
    expect(output.threads.map((thread) => thread.samples)).toEqual([5987, 3978]);
  });
});

describe('a run that was killed', () => {
  const cutAfter = (text: string, mark: string) => text.slice(0, text.lastIndexOf(mark) + mark.length);

  it('in the middle of the last line of the display gives the block before', () => {
    const output = parsed(cutAfter(live, 'T: 1 ( 3000) P:95 I:1500 C:    66'));
    expect(output).toMatchObject({ complete: false });
    expect(output.threads.map((thread) => thread.samples)).toEqual([981, 655]);
    expect(output.warnings).toContain('The last line is cut and was not used.');
  });

  it('within the last number does not take the digits that are left for the number', () => {
    const cut = cutAfter(live.replaceAll('\r', ''), 'Max:      3');
    expect(samples(cut)).toEqual([981, 655]);
    expect(parsed(cutAfter(quiet, 'Max:    125')).threads).toHaveLength(1);
  });

  it('between two blocks of the display is not complete', () => {
    const upTo = live.lastIndexOf('policy: ');
    const output = parsed(live.slice(0, upTo));
    expect(output.complete).toBe(false);
    expect(output.threads.map((thread) => thread.samples)).toEqual([981, 655]);
  });

  it('at any byte gives figures that the whole display has, or an error', () => {
    const known = new Set([...live.matchAll(/T: ?(\d) .* C: +(\d+) Min: *(\d+) .* Avg: *(\d+) Max: *(\d+)/g)].map((match) => match.slice(1).map(Number).join()));
    const tail = live.slice(0, 1200);
    for (let length = 1; length < tail.length; length++) {
      const result = parseCyclictest(tail.slice(0, length));
      if (!result.ok) continue;
      for (const thread of result.value.threads) {
        expect(known).toContain([thread.index, thread.samples, thread.minUs ?? 1000000, thread.avgUs ?? 0, thread.maxUs ?? 0].join());
      }
    }
  });

  it('loses the last block but not the output when only the newline is missing', () => {
    const output = parsed(quiet.trimEnd());
    expect(output.threads.map((thread) => thread.maxUs)).toEqual([4746, 1257]);
  });
});

describe('histograms', () => {
  it('cut within a row: that row is not counted, and what is not known is said', () => {
    const output = parsed(histogram.slice(0, histogram.indexOf('000873') + 4));
    expect(output.complete).toBe(false);
    expect(output.threads[0]).toEqual({ index: 0, samples: 207, minUs: 10, avgUs: null, maxUs: null, overflows: 0, histogram: [[10, 4], [11, 12], [12, 16], [13, 175]] });
    expect(output.warnings.join()).toContain('cut before its overflow counts');
  });

  it('cut before the overflow counts are not complete', () => {
    const output = parsed(histogram.slice(0, histogram.indexOf('# Histogram Overflows')));
    expect(output).toMatchObject({ complete: false, form: 'histogram' });
    expect(output.threads.map((thread) => [thread.samples, thread.maxUs])).toEqual([[5945, 6456], [5935, 460]]);
  });

  it('cut beside a display: the display has the figures', () => {
    const both = fixture('cyclictest/hist_no_q.txt');
    const output = parsed(both.slice(0, both.indexOf('000016')));
    expect(output).toMatchObject({ form: 'summary', complete: false });
    expect(output.threads[0]).toEqual({ index: 0, samples: 30, minUs: 13, avgUs: 14, maxUs: 19, overflows: 0 });
  });

  it('with -H up to 2.6 have a sum in rows, Total, Max and Overflows', () => {
    const output = parsed([
      '# Histogram', '000000 000000\t000000\t000000', '000001 000003\t000004\t000007', '# Total: 000000003 000000004 000000007',
      '# Min Latencies: 00001 00001', '# Avg Latencies: 00001 00002', '# Max Latencies: 00001 00009 00009',
      '# Histogram Overflows: 00000 00001 00001', '# Histogram Overflow at cycle number:', '# Thread 0:', '# Thread 1: 00002', '', '',
    ].join('\n'));
    expect(output.threads.map((thread) => [thread.samples, thread.maxUs, thread.overflows])).toEqual([[3, 1, 0], [5, 9, 1]]);
    expect(output).toMatchObject({ histogramBoundUs: 2, warnings: [], complete: true });
  });

  it('with -H cut before the Min line are known by their sums', () => {
    const cut = '# Histogram\n000001 000003\t000004\t000007\n000002 000001\t000000\t000001\n';
    expect(parsed(cut).threads).toHaveLength(2);
    expect(parsed(cut.replace('000007', '000008')).threads).toHaveLength(3);
  });

  it('count more than six digits', () => {
    const output = parsed('# Histogram\n000003 43200000\t1234567890123\n# Min Latencies: 00003 00003\n# Avg Latencies: 00003 00003\n# Max Latencies: 00003 00003\n# Histogram Overflows: 00000 00000\n');
    expect(output.threads.map((thread) => thread.samples)).toEqual([43200000, 1234567890123]);
  });

  it('of which not all rows can be read say so', () => {
    const output = parsed(histogram.replace('000012 000016\t000013', '000012 000016\tgarbage'));
    expect(output.complete).toBe(false);
    expect(output.warnings.join()).toContain('1 row of the histogram could not be read');
    expect(output.warnings.join()).toContain('The Total line says 5945 for thread 0, but its rows add up to 5929.');
  });

  it('of two runs in one file: the last one counts, and it says so', () => {
    const output = parsed(fixture('cyclictest/hist_h40.txt') + fixture('cyclictest/rhel_doc_double_dash.txt'));
    expect(output.threads.map((thread) => thread.samples)).toEqual([10000]);
    expect(output.warnings.join()).toContain('2 histograms');
  });

  it('of a thread without samples have no minimum', () => {
    const output = parsed('# Histogram\n000003 000007\t000000\n# Min Latencies: 00003 1000000\n# Avg Latencies: 00003 00000\n# Max Latencies: 00003 00000\n# Histogram Overflows: 00000 00000\n');
    expect(output.threads[1]).toEqual({ index: 1, samples: 0, minUs: null, avgUs: null, maxUs: null, overflows: 0, histogram: [] });
    expect(output.unit).toBe('us');
  });

  it('keep an overflow list longer than any line', () => {
    const cycles = Array.from({ length: 200_000 }, (_, i) => String(i).padStart(5, '0')).join(' ');
    const output = parsed(histogram.replace('# Thread 0: 00054', `# Thread 0: ${cycles} 00054`));
    expect(output.overflowCycles?.[0]?.cycles).toHaveLength(200_029);
  });

  it('come through a terminal as well', () => {
    expect(parsed(histogram.replaceAll('\n', '\r\n'))).toEqual(parsed(histogram));
  });
});

describe('JSON reports', () => {
  it('may have quotes and backslashes in the command line', () => {
    const text = json.replace('--json=json_hist.json"', '--json="my \\report".json"');
    expect(() => { JSON.parse(text); }).toThrow();
    expect(samples(text)).toEqual([3987, 3992]);
  });

  it('have -nan where a thread took no samples', () => {
    const text = json.replace('"cycles": 3992,\n      "min": 9,\n      "max": 235,\n      "avg": 17.15', '"cycles": 0,\n      "min": 1000000,\n      "max": 0,\n      "avg": -nan').replace(/"1": \{\n {6}"histogram": \{[^}]*\}/, '"1": {\n      "histogram": {      }');
    expect(parsed(text).threads[1]).toEqual({ index: 1, cpu: 1, samples: 0, minUs: null, avgUs: null, maxUs: null, overflows: 0, histogram: [] });
  });

  it('without a pinned CPU name none', () => {
    expect(parsed(json.replace('"cpu": 0', '"cpu": -1')).threads.map((thread) => thread.cpu)).toEqual([undefined, 1]);
  });

  it('of nanoseconds are converted exactly', () => {
    const output = parsed(json.replace('"resolution_in_ns": 0', '"resolution_in_ns": 1'));
    expect(output).toMatchObject({ unit: 'ns', histogramBoundUs: 0.06 });
    expect(output.threads[0]).toMatchObject({ minUs: 0.009, maxUs: 4.932, samples: 3987, overflows: 13 });
    expect(output.threads[0]?.histogram?.[0]).toEqual([0.009, 5]);
    // 111773.13 / 1000 is 111.77313000000001 in floating point.
    const average = json.replace('"resolution_in_ns": 0', '"resolution_in_ns": 1').replace('"avg": 20.67', '"avg": 111773.13');
    expect(parsed(average).threads[0]?.avgUs).toBe(111.77313);
  });

  it('with every value in the overflow have an empty histogram, not none', () => {
    const text = fixture('cyclictest/json_nohist.json').replace('-D 2 ', '-D 2 -h3 ');
    expect(parsed(text).threads[0]).toMatchObject({ samples: 2000, overflows: 2000, histogram: [] });
    expect(parsed(text).histogramBoundUs).toBe(3);
  });

  it('beside a histogram in the same output are taken, as the more exact', () => {
    const output = parsed(fixture('cyclictest/json_hist.txt') + json);
    expect(output).toMatchObject({ form: 'json', dmaLatencyUs: 0 });
    expect(output.threads[0]).toMatchObject({ cpu: 0, avgUs: 20.67 });
  });

  it('that are cut or not of cyclictest are refused, with the reason', () => {
    expect(refusal(json.slice(0, 900))).toContain('not valid JSON');
    expect(refusal(json.slice(0, 300))).toContain('it has no threads');
    expect(refusal('{\n  "a": 1\n}\n')).toContain('it has no threads');
    expect(refusal('{\n  "thread": 3\n}\n')).toContain('not a report of cyclictest: thread');
    expect(samples(json.slice(0, 900).replace(/\n$/, '') + '\n}\n' + quiet)).toEqual([2995, 1997]);
  });

  it('that count more than their cycles say so', () => {
    expect(parsed(json.replace('"cycles": 3987', '"cycles": 10')).warnings.join()).toContain('more than its 10 cycles');
  });
});

describe('verbose lines', () => {
  it('may carry an SMI count with nothing in between', () => {
    expect(parsed('       0:       0:      24       0\n       0:       1:      16       1\n').threads[0]).toMatchObject({ samples: 2, minUs: 16, maxUs: 24 });
  });

  it('with gaps (-o, or a slow reader) say what is missing', () => {
    expect(parsed('       0:       4:      24\n       0:       9:      30\n').warnings.join()).toContain('Thread 0 skips 8 cycle numbers');
  });
});

describe('spikes', () => {
  it('are listed with their time, and counted', () => {
    const output = parsed(`${quiet}\n\nT: 1 Spike:    6034: TS:   1901356947\nspikes = 52\n\n`);
    expect(output.spikes).toEqual({ total: 52, list: [{ index: 1, valueUs: 6034, atMonotonicUs: 1901356947 }] });
    expect(output.warnings).toEqual([]);
  });

  it('of a run in nanoseconds are in µs like all else', () => {
    const output = parsed(`${fixture('cyclictest/nsecs.txt')}\n\nT: 1 Spike:    6034: TS:   1901356947\nspikes = 1\n\n`);
    expect(output.spikes?.list[0]?.valueUs).toBe(6.034);
  });
});

describe('what is no output of cyclictest', () => {
  it.each([
    ['', 'The output is empty'],
    ['\n\n', 'ends at line 2 before any result'],
    ['# /dev/cpu_dma_latency set to 0us\n', 'ends at line 1 before any result'],
    ['# /dev/cpu_dma_latency set to 0us\nMax Latenzen: 17\n', 'Line 2 “Max Latenzen: 17”: cyclictest prints no such line'],
    ['bash: cyclictest: Kommando nicht gefunden.\n', 'the command before cyclictest failed'],
    ['\u0000\u0001\ufffd', 'Line 1'],
    ['# Histogram\n', 'before any result'],
    ['T: 0 ( 1) P:95 I:1000 C:', 'the output is cut there'],
  ])('%j', (text, message) => { expect(refusal(text)).toContain(message); });

  it('mixed with output is named, and the rest is read', () => {
    const output = parsed(`hello\n${quiet}world\n`);
    expect(output.threads).toHaveLength(2);
    expect(output.warnings).toEqual(['2 lines were not understood, first line 1: “hello”.']);
  });
});

describe('parseCyclictestStatus', () => {
  it('gives the threads of the last whole status', () => {
    expect(parseCyclictestStatus(fixture('cyclictest/fifo_read_cat.txt'))).toEqual([
      { index: 0, threadId: 2660, priority: 95, intervalUs: 1000, samples: 2996, minUs: 9, actUs: 14, avgUs: 22, maxUs: 6642 },
      { index: 1, threadId: 2661, priority: 95, intervalUs: 1500, samples: 1991, minUs: 11, actUs: 28, avgUs: 29, maxUs: 16692 },
    ]);
    expect(parseCyclictestStatus('')).toEqual([]);
  });
});
