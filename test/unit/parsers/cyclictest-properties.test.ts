import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cyclictestOutputSchema } from '../../../shared/parsers/cyclictest/output.ts';
import { parseCyclictest, parseCyclictestStatus } from '../../../shared/parsers/cyclictest/parse-cyclictest.ts';
import { formats, parseOutput } from '../../../shared/parsers/parse-output.ts';
import { toolOutputSchema } from '../../../shared/parsers/tool-output.ts';

const folder = new URL('../../fixtures/cyclictest/', import.meta.url);
const outputs = readdirSync(folder).filter((file) => !file.endsWith('.cmd.txt')).map((file) => readFileSync(new URL(file, folder), 'utf8')).filter((text) => text.length < 10_000);

/** Whatever is given: a sound value or the one error, the same each time. */
function checkTotal(text: string): void {
  const result = parseCyclictest(text);
  if (!result.ok) {
    expect(result.error.code).toBe('output-unreadable');
    expect(result.error.message.length).toBeLessThan(400);
    return;
  }
  const output = cyclictestOutputSchema.parse(result.value);
  expect(JSON.parse(JSON.stringify(output))).toEqual(output);
  for (const { histogram, samples, overflows } of output.threads) {
    expect(samples).toBeGreaterThanOrEqual(0);
    if (histogram !== undefined) expect(histogram.reduce((sum, [, count]) => sum + count, 0) + overflows).toBe(samples);
  }
}

const output = fc.constantFrom(...outputs);
const scrap = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom('\n', '\r\n', '\t', ' ', '\u001b[4A', '# Histogram\n', '# Total:', '# Min Latencies: 00001\n', 'T: 0 (', '{\n', '}\n', '"', '\\', '-nan', '-', '99999999999999999999999', '1e999', '\0', 'policy: fifo', '# Thread 0: # 5 others\n'),
  fc.nat().map(String),
);
const place = fc.double({ min: 0, max: 1, noNaN: true });
const damage = fc.array(fc.tuple(fc.constantFrom('cut', 'drop', 'insert', 'replace', 'repeat'), place, place, scrap), { minLength: 1, maxLength: 4 });

function damaged(text: string, wounds: ReadonlyArray<readonly [kind: string, from: number, length: number, scrap: string]>): string {
  return wounds.reduce((now, [kind, from, part, insert]) => {
    const start = Math.floor(from * now.length);
    const end = start + Math.floor(part * 40);
    switch (kind) {
      case 'cut': return now.slice(0, start);
      case 'drop': return now.slice(0, start) + now.slice(end);
      case 'insert': return now.slice(0, start) + insert + now.slice(start);
      case 'replace': return now.slice(0, start) + insert + now.slice(end);
      default: return now.slice(0, end) + now.slice(start);
    }
  }, text);
}

describe('10,000 malformed outputs: no crash, no hang, no unsound figure', { timeout: 120_000 }, () => {
  it('damaged recordings', () => {
    fc.assert(fc.property(output, damage, (text, wounds) => { checkTotal(damaged(text, wounds)); }), { numRuns: 5000 });
  });

  it('two recordings run together', () => {
    fc.assert(fc.property(output, output, place, (one, other, at) => { checkTotal(one.slice(0, Math.floor(at * one.length)) + other); }), { numRuns: 2000 });
  });

  it('scraps of output and of anything', () => {
    const line = fc.oneof(output.map((text) => text.split('\n')[3] ?? ''), scrap, fc.string());
    fc.assert(fc.property(fc.array(line, { maxLength: 12 }), (lines) => { checkTotal(lines.join('\n')); }), { numRuns: 3000 });
  });

  it.each(['\r', ' ', '\n', '{\n', '{\n}\n', '\u001b[4A', '9', '9 ', '0\n', '000000 1\t', 'T:', 'T: 0 (', '#', '# ', '# Thread 0:', '# Min Latencies: 1 ', '0:', '       0:       0:', '}', '"', 'V 2.40', '# Histogram\n'])(
    'a million times %j',
    (piece) => {
      const many = piece.repeat(Math.ceil(1_000_000 / piece.length));
      for (const text of [many, `{\n${many}`, `# Histogram\n${many}`, `${many}x\n`, `T: 0 (${many}`, `# Histogram\n# Thread 0:${many}\n`]) {
        const result = parseCyclictest(text);
        expect(result.ok || result.error.code === 'output-unreadable').toBe(true);
      }
      expect(parseCyclictestStatus(many)).toEqual([]);
    },
  );
});

const counts = fc.integer({ min: 0, max: 3_000_000_000 });
const run = fc.integer({ min: 1, max: 5 }).chain((threads) => fc.integer({ min: 1, max: 30 }).chain((rows) => fc.record({
  rows: fc.array(fc.array(counts, { minLength: threads, maxLength: threads }), { minLength: rows, maxLength: rows }),
  overflows: fc.array(fc.nat({ max: 100_000 }), { minLength: threads, maxLength: threads }),
})));
interface GeneratedRun { readonly rows: number[][]; readonly overflows: number[] }

const wide = (values: readonly number[], width: number) => values.map((value) => ` ${String(value).padStart(width, '0')}`).join('');
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** What cyclictest prints for these counts; `sums` is -H, `since27` the layout of rt-tests 2.7 and later. */
function printed({ rows, overflows }: GeneratedRun, { sums, since27 }: { sums: boolean; since27: boolean }): string {
  const withSum = (values: readonly number[]) => (sums && (overflows.length > 1 || since27) ? [...values, sum(values)] : [...values]);
  const lastSum = (values: readonly number[], all: number) => (sums && overflows.length > 1 ? [...values, all] : [...values]);
  const totals = overflows.map((_, thread) => sum(rows.map((row) => row[thread] ?? 0)));
  const lines = rows.flatMap((row, bin) => (since27 && sum(row) === 0 ? [] : [`${String(bin).padStart(6, '0')} ${withSum(row).map((count) => String(count).padStart(6, '0')).join('\t')}`]));
  const threads = overflows.map(() => 7);
  return [
    '# Histogram', ...lines, ...(since27 ? [] : [`# Total:${wide(lastSum(totals, sum(totals)), 9)}`]),
    `# Min Latencies:${wide(threads, 5)}`, `# Avg Latencies:${wide(threads, 5)}`, `# Max Latencies:${wide(lastSum(threads, 7), 5)}`,
    `# Histogram Overflows:${wide(lastSum(overflows, sum(overflows)), 5)}`, '# Histogram Overflow at cycle number:', ...overflows.map((_, thread) => `# Thread ${thread}:`), '', '',
  ].join('\n');
}

describe('what was written is read back', { timeout: 120_000 }, () => {
  it.each([{ sums: false, since27: false }, { sums: true, since27: false }, { sums: false, since27: true }, { sums: true, since27: true }])('as a histogram, %j', (layout) => {
    fc.assert(fc.property(run, (generated) => {
      const result = parseCyclictest(printed(generated, layout), { unit: 'us' });
      if (!result.ok) throw result.error;
      expect(result.value.warnings).toEqual([]);
      expect(result.value.threads.map(({ overflows, histogram }) => ({ overflows, histogram }))).toEqual(generated.overflows.map((overflows, thread) => ({
        overflows, histogram: generated.rows.map((row, bin) => [bin, row[thread] ?? 0]).filter(([, count]) => count !== 0),
      })));
    }), { numRuns: 500 });
  });

  it('as JSON', () => {
    fc.assert(fc.property(run, ({ rows, overflows }) => {
      const thread = Object.fromEntries(overflows.map((overflow, index) => {
        const histogram = Object.fromEntries(rows.map((row, bin) => [bin, row[index] ?? 0] as const).filter(([, count]) => count > 0));
        return [index, { histogram, cycles: sum(Object.values(histogram)) + overflow, min: 1, max: 9, avg: 2.5, cpu: index, node: -1 }];
      }));
      const report = { file_version: 1, 'cmdline:': 'cyclictest -q -h 30 --json=x', 'rt_test_version:': '2.40', num_threads: overflows.length, resolution_in_ns: 0, thread };
      const result = parseCyclictest(JSON.stringify(report, null, 2));
      if (!result.ok) throw result.error;
      expect(result.value.threads.map((one) => one.overflows)).toEqual(overflows);
      expect(result.value.threads.map((one) => Object.fromEntries(one.histogram ?? []))).toEqual(overflows.map((_, index) => thread[index]?.histogram));
    }), { numRuns: 500 });
  });
});

describe('parseOutput', () => {
  it('gives cyclictest’s own shape and the one that all tools share', () => {
    const text = readFileSync(new URL('json_hist.json', folder), 'utf8');
    const result = parseOutput('cyclictest', text);
    const plain = parseCyclictest(text);
    if (!result.ok || !plain.ok) throw new Error('unreadable');
    expect(result.value).toMatchObject(plain.value);
    const shared = toolOutputSchema.parse(result.value);
    expect(shared.distributions[1]).toMatchObject({ label: 'thread 1', cpu: 1, samples: 3992, minNs: 9000, avgNs: 17150, maxNs: 235_000, overflows: 7 });
    expect(shared.distributions[1]?.buckets[0]).toEqual([9000, 2]);
  });

  it('knows its formats, and no inherited name is one', () => {
    expect(Object.keys(formats)).toContain('cyclictest');
    for (const name of ['toString', '__proto__', 'constructor', '', 'cyclictest ']) {
      const result = parseOutput(name, '');
      expect(!result.ok && result.error.code).toBe('format-unknown');
    }
  });
});
