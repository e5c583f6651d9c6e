import { describe, expect, it } from 'vitest';
import { fixture, parsed, refusal, rowOf, scalarsOf, type Row } from './tool-fixture.ts';

/** Figures computed from the recordings by other means; histograms add up to the count that rtla prints. */
const recorded: ReadonlyArray<readonly [file: string, rows: readonly Row[]]> = [
  ['rtla/6.1/rtla_osnoise_hist.txt', [
    ['noise on CPU 2', 2, 1908, 0, 840000, 11570000, 425, 20, 37710000],
    ['noise on CPU 3', 3, 1661, 0, 958000, 11570000, 426, 20, 39730000],
  ]],
  ['rtla/6.1/rtla_osnoise_stop.txt', [
  ]],
  ['rtla/6.1/rtla_osnoise_top_q.txt', [
    ['noise per period on CPU 2', 2, 4, null, 150288000, 189963000, 0, 0, 0],
    ['noise per period on CPU 3', 3, 3, null, 133644666.667, 151258000, 0, 0, 0],
  ]],
  ['rtla/6.1/rtla_timerlat_auto.txt', [
    ['IRQ on CPU 2', 2, 1, 2007000, 2007000, 2007000, 0, 0, 0],
    ['Thread on CPU 2', 2, 1, 2810000, 2810000, 2810000, 0, 0, 0],
  ]],
  ['rtla/6.1/rtla_timerlat_hist.txt', [
    ['IRQ on CPU 2', 2, 3968, 35000, 59000, 6602000, 6, 15, 78900000],
    ['Thread on CPU 2', 2, 3968, 45000, 73000, 6807000, 8, 13, 212900000],
    ['IRQ on CPU 3', 3, 3970, 29000, 58000, 5515000, 8, 15, 66700000],
    ['Thread on CPU 3', 3, 3970, 45000, 72000, 5544000, 9, 18, 210450000],
  ]],
  ['rtla/6.1/rtla_timerlat_hist_nozero.txt', [
    ['column 1', null, 3972, 15000, 60000, 6746000, 4, 11, 25500000],
    ['column 2', null, 3972, 27000, 76000, 6761000, 7, 10, 36100000],
    ['column 3', null, 3962, 29000, 60000, 4665000, 10, 10, 24700000],
    ['column 4', null, 3962, 40000, 78000, 4684000, 12, 11, 51500000],
  ]],
  ['rtla/6.1/rtla_timerlat_top_live.txt', [
    ['IRQ on CPU 2', 2, 2942, 29000, 71000, 8396000, 0, 0, 0],
    ['Thread on CPU 2', 2, 2942, 40000, 90000, 11327000, 0, 0, 0],
    ['IRQ on CPU 3', 3, 2933, 25000, 66000, 8205000, 0, 0, 0],
    ['Thread on CPU 3', 3, 2933, 36000, 94000, 8278000, 0, 0, 0],
  ]],
  ['rtla/6.1/rtla_timerlat_top_q.txt', [
    ['IRQ on CPU 2', 2, 3927, 34000, 66000, 11351000, 0, 0, 0],
    ['Thread on CPU 2', 2, 3927, 45000, 82000, 11414000, 0, 0, 0],
    ['IRQ on CPU 3', 3, 3929, 27000, 69000, 14425000, 0, 0, 0],
    ['Thread on CPU 3', 3, 3929, 40000, 84000, 14468000, 0, 0, 0],
  ]],
  ['rtla/6.1/rtla_timerlat_top_q_P_nou.txt', [
    ['IRQ on CPU 2', 2, 2968, 34000, 60000, 3984000, 0, 0, 0],
    ['Thread on CPU 2', 2, 2968, 45000, 75000, 4008000, 0, 0, 0],
    ['IRQ on CPU 3', 3, 2969, 33000, 60000, 3984000, 0, 0, 0],
    ['Thread on CPU 3', 3, 2969, 45000, 76000, 4006000, 0, 0, 0],
  ]],
  ['rtla/6.1/rtla_timerlat_top_stop.txt', [
    ['IRQ on CPU 2', 2, 1, 50000, 50000, 50000, 0, 0, 0],
    ['Thread on CPU 2', 2, 1, 89000, 89000, 89000, 0, 0, 0],
  ]],
  ['rtla/6.12/rtla_hwnoise.txt', [
    ['noise per period on CPU 2', 2, 2, null, 57055500, 67938000, 0, 0, 0],
    ['noise per period on CPU 3', 3, 2, null, 65796500, 77071000, 0, 0, 0],
  ]],
  ['rtla/6.12/rtla_osnoise_hist.txt', [
    ['noise on CPU 2', 2, 1637621, 0, 200, 8810000, 155, 20, 35510000],
    ['noise on CPU 3', 3, 1764364, 0, 110, 12050000, 73, 20, 46200000],
  ]],
  ['rtla/6.12/rtla_osnoise_stop.txt', [
  ]],
  ['rtla/6.12/rtla_osnoise_top.txt', [
    ['noise per period on CPU 2', 2, 2, null, 196884500, 216290000, 0, 0, 0],
    ['noise per period on CPU 3', 3, 2, null, 187650500, 198691000, 0, 0, 0],
  ]],
  ['rtla/6.12/rtla_timerlat_a.txt', [
    ['IRQ on CPU 2', 2, 1, 106000, 106000, 106000, 0, 0, 0],
    ['Thread on CPU 2', 2, 0, null, null, null, 0, 0, 0],
    ['User on CPU 2', 2, 0, null, null, null, 0, 0, 0],
  ]],
  ['rtla/6.12/rtla_timerlat_aa.txt', [
  ]],
  ['rtla/6.12/rtla_timerlat_hist.txt', [
    ['IRQ on CPU 2', 2, 2862, 30000, 146000, 13381000, 30, 29, 225850000],
    ['Thread on CPU 2', 2, 2862, 44000, 174000, 13503000, 30, 32, 310450000],
    ['User on CPU 2', 2, 2862, 52000, 191000, 13725000, 30, 30, 355250000],
    ['IRQ on CPU 3', 3, 2882, 34000, 126000, 14188000, 24, 28, 191050000],
    ['Thread on CPU 3', 3, 2882, 47000, 156000, 14216000, 24, 30, 272800000],
    ['User on CPU 3', 3, 2882, 55000, 174000, 14233000, 24, 27, 322400000],
  ]],
  ['rtla/6.12/rtla_timerlat_hist_k.txt', [
    ['IRQ on CPU 2', 2, 2996, 35000, 57000, 3446000, 2, 13, 64350000],
    ['Thread on CPU 2', 2, 2996, 44000, 69000, 3480000, 2, 13, 166600000],
    ['IRQ on CPU 3', 3, 2993, 31000, 52000, 3240000, 4, 10, 29900000],
    ['Thread on CPU 3', 3, 2993, 40000, 64000, 3397000, 4, 11, 144050000],
  ]],
  ['rtla/6.12/rtla_timerlat_stop.txt', [
    ['IRQ on CPU 2', 2, 1, 846000, 846000, 846000, 0, 0, 0],
    ['Thread on CPU 2', 2, 1, 1220000, 1220000, 1220000, 0, 0, 0],
    ['User on CPU 2', 2, 0, null, null, null, 0, 0, 0],
  ]],
  ['rtla/6.12/rtla_timerlat_top.txt', [
    ['IRQ on CPU 2', 2, 2990, 32000, 53000, 2985000, 0, 0, 0],
    ['Thread on CPU 2', 2, 2990, 42000, 66000, 3559000, 0, 0, 0],
    ['User on CPU 2', 2, 2990, 50000, 75000, 3661000, 0, 0, 0],
    ['IRQ on CPU 3', 3, 2984, 35000, 54000, 2464000, 0, 0, 0],
    ['Thread on CPU 3', 3, 2984, 46000, 66000, 2510000, 0, 0, 0],
    ['User on CPU 3', 3, 2984, 52000, 74000, 2536000, 0, 0, 0],
  ]],
  ['rtla/6.12/rtla_timerlat_top_k.txt', [
    ['IRQ on CPU 2', 2, 2999, 32000, 51000, 2534000, 0, 0, 0],
    ['Thread on CPU 2', 2, 2999, 41000, 61000, 2572000, 0, 0, 0],
    ['IRQ on CPU 3', 3, 2998, 30000, 55000, 3282000, 0, 0, 0],
    ['Thread on CPU 3', 3, 2998, 41000, 65000, 3311000, 0, 0, 0],
  ]],
  ['rtla/6.12/rtla_timerlat_top_live.txt', [
    ['IRQ on CPU 2', 2, 2982, 35000, 61000, 2773000, 0, 0, 0],
    ['Thread on CPU 2', 2, 2982, 43000, 72000, 2805000, 0, 0, 0],
    ['User on CPU 2', 2, 2982, 49000, 80000, 2823000, 0, 0, 0],
    ['IRQ on CPU 3', 3, 2987, 31000, 53000, 2583000, 0, 0, 0],
    ['Thread on CPU 3', 3, 2987, 41000, 64000, 2751000, 0, 0, 0],
    ['User on CPU 3', 3, 2987, 48000, 71000, 2760000, 0, 0, 0],
  ]],
];

const usage = 'the options were refused or help was asked for';
const unreadable: ReadonlyArray<readonly [file: string, line: number, meaning: string]> = [
  ['rtla/6.1/rtla_hwnoise.stderr.txt', 4, usage],
  ['rtla/6.1/rtla_hwnoise_help.stderr.txt', 4, usage],
  ['rtla/6.1/rtla_nonroot.stderr.txt', 1, 'root is needed'],
  ['rtla/6.1/rtla_osnoise_help.stderr.txt', 4, usage],
  ['rtla/6.1/rtla_osnoise_hist_help.stderr.txt', 3, usage],
  ['rtla/6.1/rtla_osnoise_top_help.stderr.txt', 2, usage],
  ['rtla/6.1/rtla_timerlat_aa.stderr.txt', 1, 'an option was not accepted'],
  ['rtla/6.1/rtla_timerlat_help.stderr.txt', 4, usage],
  ['rtla/6.1/rtla_timerlat_hist_help.stderr.txt', 3, usage],
  ['rtla/6.1/rtla_timerlat_top_help.stderr.txt', 3, usage],
  ['rtla/6.1/rtla_timerlat_top_q_P.stderr.txt', 1, 'an option was not accepted'],
  ['rtla/6.1/rtla_version.txt', 4, usage],
  ['rtla/6.12/rtla_help_hwnoise.txt', 2, usage],
  ['rtla/6.12/rtla_help_osnoise_hist.txt', 3, usage],
  ['rtla/6.12/rtla_help_osnoise_top.txt', 2, usage],
  ['rtla/6.12/rtla_help_timerlat_hist.txt', 3, usage],
  ['rtla/6.12/rtla_help_timerlat_top.txt', 3, usage],
  ['vm-deb13-rt612-misc/rtla_badopt.stderr.txt', 1, 'an option was not accepted'],
];

describe('recorded outputs of rtla', () => {
  it.each(recorded)('%s', (file, rows) => {
    const output = parsed('rtla', fixture(file));
    expect(output.distributions.map(rowOf)).toEqual(rows);
    expect(output).toMatchObject({
      form: file.includes('_hist') ? 'hist' : rows.length > 0 ? 'top' : 'analysis',
      stopped: /_(?:stop|auto|a|aa)\.txt$/.test(file),
      warnings: file.includes('nozero') ? [expect.stringContaining('Without a header the unit is not known')] : [],
    });
  });

  it.each(unreadable)('%s has no result, and line %i says why', (file, line, meaning) => {
    expect(refusal('rtla', fixture(file))).toEqual({ line, message: expect.stringContaining(meaning) });
  });

  it.each([
    ['rtla/6.1/rtla_timerlat_hist.txt', 'timerlat'], ['rtla/6.12/rtla_hwnoise.txt', 'hwnoise'], ['rtla/6.12/rtla_osnoise_top.txt', 'osnoise'],
    ['rtla/6.1/rtla_osnoise_stop.txt', 'osnoise'], ['rtla/6.12/rtla_timerlat_aa.txt', 'timerlat'], ['rtla/6.1/rtla_timerlat_hist_nozero.txt', null],
  ])('%s is of %j', (file, tracer) => { expect(parsed('rtla', fixture(file))).toMatchObject({ tracer }); });
});

describe('what rtla says beside latencies', () => {
  it('noise by its source, and how much of the CPU was left', () => {
    expect(scalarsOf(parsed('rtla', fixture('rtla/6.12/rtla_osnoise_top.txt')))).toMatchObject({
      'duration [s]': 3, 'Runtime on CPU 2 [us]': 2_000_000, 'Noise on CPU 2 [us]': 393_769, '% CPU Aval on CPU 2 [%]': 80.31155, 'Max Single on CPU 2 [us]': 14_008,
      'HW on CPU 3 [count]': 1416, 'NMI on CPU 3 [count]': 0, 'IRQ on CPU 3 [count]': 392, 'Softirq on CPU 3 [count]': 0, 'Thread on CPU 3 [count]': 17,
    });
    expect(scalarsOf(parsed('rtla', fixture('rtla/6.12/rtla_hwnoise.txt')))).not.toHaveProperty('Thread on CPU 2 [count]');
  });

  it('what a latency above the limit was made of', () => {
    expect(parsed('rtla', fixture('rtla/6.12/rtla_timerlat_stop.txt'))).toMatchObject({
      analyses: [{
        cpu: 2, stack: [],
        parts: [
          { name: 'IRQ handler delay (exit from idle)', us: 813.68, percent: 66.66 },
          { name: 'IRQ latency', us: 846.67, percent: null },
          { name: 'Timerlat IRQ duration', us: 51.58, percent: 4.23 },
          { name: 'Blocking thread', us: 254.09, percent: 20.82 },
          { name: 'swapper/2:0', us: 254.09, percent: null },
          { name: 'Thread latency', us: 1220.58, percent: 100 },
          { name: 'Max timerlat IRQ latency from idle', us: 846.67, percent: null },
        ],
      }],
    });
  });

  it('where the CPU was when the limit was hit', () => {
    expect(parsed('rtla', fixture('rtla/6.12/rtla_timerlat_aa.txt'))).toMatchObject({
      analyses: [{ cpu: 2, stack: ['timerlat_irq', '__hrtimer_run_queues', 'hrtimer_interrupt', '__sysvec_apic_timer_interrupt', 'sysvec_apic_timer_interrupt', 'asm_sysvec_apic_timer_interrupt', 'pv_native_safe_halt', 'default_idle', 'default_idle_call', 'do_idle', 'cpu_startup_entry', 'start_secondary', 'common_startup_64'] }],
    });
  });

  it('nanoseconds where -n asks for them', () => {
    const top = fixture('rtla/6.12/rtla_timerlat_top_k.txt').replaceAll('(us)', '(ns)');
    expect(parsed('rtla', top).distributions[0]).toMatchObject({ minNs: 32, avgNs: 51, maxNs: 2534 });
    const hist = fixture('rtla/6.12/rtla_timerlat_hist_k.txt').replace('microseconds (us)', 'nanoseconds (ns)');
    expect(parsed('rtla', hist).distributions[0]).toMatchObject({ minNs: 35, maxNs: 3446, buckets: expect.arrayContaining([[50, 1011]]) });
  });
});

describe('a damaged output of rtla', () => {
  const hist = fixture('rtla/6.12/rtla_timerlat_hist_k.txt');
  const live = fixture('rtla/6.12/rtla_timerlat_top_live.txt');

  it('without its tail gives the rows, and says that overflows are not counted', () => {
    const output = parsed('rtla', hist.slice(0, hist.indexOf('over:')));
    expect(output.distributions[0]).toMatchObject({ samples: 2994, overflows: 0, minNs: null, maxNs: null });
    expect(output.warnings.join()).toContain('overflows are not counted');
  });

  it('with a row too many or too few doubts the sum', () => {
    const output = parsed('rtla', hist.replace('100          49       190        25       153 \n', ''));
    expect(output.warnings).toEqual(expect.arrayContaining(['IRQ on CPU 2: the rows and the overflows add up to 2947, but rtla counted 2996.']));
  });

  it('with a row of other columns leaves it out, and says so', () => {
    const output = parsed('rtla', hist.replace('100          49       190        25       153 \n', '100          49       190 \n'));
    expect(output.warnings.join()).toContain('1 row of the histogram could not be read');
  });

  it('of a display that was killed gives the last whole table', () => {
    const output = parsed('rtla', live.slice(0, live.indexOf('  3 #2987')));
    expect(output.distributions.map(({ samples }) => samples)).toEqual([2045, 2045, 2045, 2049, 2049, 2049]);
  });

  it('with carriage returns and colours reads the same', () => {
    const coloured = hist.split('\n').map((line) => `\u001b[2;37;40m${line}\u001b[0;0;0m\r`).join('\n');
    expect(parsed('rtla', coloured).distributions).toEqual(parsed('rtla', hist).distributions);
  });

  it('of another tool is refused', () => {
    expect(refusal('rtla', fixture('oslat/good.txt'))).toEqual({ line: 1, message: expect.stringContaining('rtla prints no such line') });
  });
});
