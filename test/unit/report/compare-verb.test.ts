import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { seededRandom } from '../../../shared/statistics/extreme-values/seeded-random.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { runVerb } from './cli-kit.ts';

const fixture = (file: string) => fileURLToPath(new URL(`../../fixtures/${file}`, import.meta.url));
const comparisonSchema = z.object({
  obstacle: z.string().nullable(),
  rows: z.array(z.object({ key: z.string(), isWorst: z.boolean(), figures: z.array(z.object({ figure: z.string(), sides: z.array(z.object({ median: z.object({ ns: z.number().nullable() }) })), differences: z.array(z.object({ ns: z.number().nullable(), meaning: z.string(), p: z.number().nullable() })) })) })),
  statements: z.array(z.string()),
  gates: z.array(z.object({ gate: z.string(), outcome: z.string() })),
});
const comparisonOf = (text: string) => comparisonSchema.parse(JSON.parse(text));

/** Reports as cyclictest writes them: repeats that scatter around a latency. */
async function reports(folder: string, name: string, aroundUs: number, count: number): Promise<string[]> {
  const random = seededRandom(aroundUs);
  return Promise.all(Array.from({ length: count }, async (_, i) => {
    const middle = aroundUs + Math.floor(random() * 3);
    const histogram = { [middle]: 9000, [middle + 1]: 900, [middle + 6]: 99, [middle + 9 + i]: 1 };
    const file = join(folder, `${name}-${i}.json`);
    await writeFile(file, JSON.stringify({
      file_version: 1, 'cmdline:': 'cyclictest -q -h 400 -D 10', 'rt_test_version:': '2.40', start_time: '', end_time: '', return_code: 0,
      sysinfo: { sysname: 'Linux', nodename: 'n', release: 'r', version: 'v', machine: 'x86_64', realtime: 1 }, num_threads: 1, resolution_in_ns: 0,
      thread: { 0: { histogram, cycles: 10_000, min: middle, max: middle + 9 + i, avg: middle, cpu: 2, node: 0 } },
    }, null, 2));
    return file;
  }));
}

describe('compare', () => {
  it('of two outputs shows figures side by side and draws no conclusion', async () => {
    const { code, data } = await runVerb('compare', fixture('cyclictest/json_hist.json'), fixture('cyclictest/hist_h40.txt'));
    expect(code).toBe(0);
    expect(data).toMatch(/worst +min +9 µs +10 µs/);
    expect(data).toContain('hist_h40.txt against json_hist.json');
    expect(data).toContain('Measure each at least four times.');
  });

  it('of repeats says what is more than chance, and gates on it', async () => {
    const folder = await temporaryFolder();
    const [before, after] = [await reports(folder, 'before', 10, 5), await reports(folder, 'after', 30, 5)];
    const { code, data } = await runVerb('compare', ...before, '--with', ...after, '--json', '--fail-if', 'p99 > 20%', '--fail-if', 'max > 400us or p50 > +100us');
    const comparison = comparisonOf(data);
    expect(comparison.rows.map(({ key }) => key)).toEqual(['CPU 2']);
    expect(comparison.rows[0]?.figures.find(({ figure }) => figure === 'p50')?.differences[0]).toMatchObject({ meaning: 'different', p: expect.closeTo(2 / 252, 9) });
    expect(comparison.gates.map(({ outcome }) => outcome)).toEqual(['failed', 'passed', 'passed']);
    expect(code).toBe(1);
    expect(comparison.statements[0]).toMatch(/^after \(5 repeats\) against before \(5 repeats\): More than chance: /);
  });

  it('passes where nothing became worse', async () => {
    const [one = '', other = ''] = await reports(await temporaryFolder(), 'same', 10, 2);
    expect((await runVerb('compare', one, one, other, '--fail-if', 'p50 > 50%')).code).toBe(0);
  });

  it('reads what others measured: a printed summary of rteval beside cyclictest', async () => {
    const folder = await temporaryFolder();
    const line = '='.repeat(67);
    const file = join(folder, 'rteval.txt');
    await writeFile(file, `  ${line}\n   rteval (v3.8) report\n  ${'-'.repeat(67)}\n   Measurements: \n          Command: cyclictest -i100 -qmu\n\n          CPU core 2       Priority: 95\n          Statistics: \n            Samples:           10000\n            Mean:              11us\n            Min:               9us\n            Max:               21us\n  ${line}\n`);
    const [own = ''] = await reports(folder, 'own', 10, 1);
    const comparison = comparisonOf((await runVerb('compare', file, own, '--json')).data);
    expect(comparison.obstacle).toBeNull();
    expect(comparison.rows[0]?.figures.find(({ figure }) => figure === 'max')?.sides[0]?.median.ns).toBe(21_000);
  });

  it('reads summary.xml of rteval without being told what it is, and lets no name steer the terminal', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'summary\u001b[2J.xml');
    await writeFile(file, '<?xml version="1.0"?>\n<rteval version="3.8">\n<Measurements>\n<cyclictest command_line="cyclictest -i100">\n<core id="2" priority="95"><statistics><samples>3</samples><minimum unit="us">4</minimum><maximum unit="us">9</maximum><mean unit="us">6</mean></statistics><histogram nbuckets="10">\n<bucket index="4" value="2"/>\n<bucket index="9" value="1"/>\n</histogram></core>\n</cyclictest>\n</Measurements>\n</rteval>\n');
    const [own = ''] = await reports(folder, 'own', 10, 1);
    const { code, data } = await runVerb('compare', file, own);
    expect(code).toBe(0);
    expect(data).toContain('summary⟨U+001B⟩[2J.xml  (rteval 3.8)');
    expect(data).not.toContain('\u001b');
    expect(data).toMatch(/CPU 2 +min +4 µs +\d+ µs/);
  });

  it('of different tools draws nothing, and a relative gate is no pass', async () => {
    const { code, data } = await runVerb('compare', fixture('cyclictest/json_hist.json'), fixture('oslat/run_json.json'), '--json', '--fail-if', 'p50 > 900%');
    expect(comparisonOf(data)).toMatchObject({ obstacle: expect.stringContaining('measure different things'), gates: [{ outcome: 'undecided' }] });
    expect(code).toBe(1);
  });

  it.each([
    [['compare', fixture('cyclictest/json_hist.json')], 2, 'nothing to compare it with'],
    [['compare', fixture('cyclictest/json_hist.json'), fixture('cyclictest/hist_h40.txt'), '--fail-if', 'fast'], 2, '“fast” is no condition'],
    [['compare', fixture('cyclictest/json_hist.json'), fixture('cyclictest/opt_n.txt')], 1, 'opt_n.txt'],
    [['compare', fixture('cyclictest/json_hist.json'), fixture('cyclictest/hist_h40.txt'), '--format', 'magic'], 2, 'magic'],
  ])('%j fails with %i and words', async (argv, code, words) => {
    const said = await runVerb(...argv);
    expect(said.code).toBe(code);
    expect(said.notes).toContain(words);
  });
});

describe('how-long', () => {
  it('answers in words and numbers', async () => {
    expect((await runVerb('how-long', '--fraction', '99.99%', '--interval', '1000')).data).toContain('measured for 30 s (29,956 samples)');
    expect((await runVerb('how-long', '--fraction', '1.5')).code).toBe(2);
    expect((await runVerb('how-long')).code).toBe(2);
  });
});
