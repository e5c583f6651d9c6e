import { describe, expect, it } from 'vitest';
import { fixture, parsed, refusal, rowOf, scalarsOf } from './tool-fixture.ts';

const brief = ['bogo ops [count]', 'real time [s]', 'user time [s]', 'system time [s]', 'bogo ops per second of real time [1/s]', 'bogo ops per second of CPU time [1/s]'];
const full = [...brief, 'CPU used per instance [%]', 'largest resident set [KB]'];
const figures = (stressor: string, names: readonly string[], values: readonly number[]) => Object.fromEntries(values.map((value, i) => [`${stressor}: ${names[i] ?? ''}`, value]));

const recorded: ReadonlyArray<readonly [file: string, scalars: Readonly<Record<string, number>>]> = [
  ['stress-ng/matrix_rand_l3.stderr.txt', { ...figures('l1cache', brief, [2496, 2, 2, 0, 1245.73, 1245.77]), 'run time [s]': 2 }],
  ['stress-ng/metrics.stderr.txt', { ...figures('cpu', full, [6373, 3, 2.95, 0, 2123.81, 2154.85, 98.56, 6484]), ...figures('vm', full, [305833, 3.01, 1.98, 1.02, 101763.97, 101881.3, 99.88, 76168]), 'run time [s]': 3.01 }],
  ['stress-ng/sigint.stderr.txt', { ...figures('cpu', brief, [2147, 1, 0.99, 0.01, 2154.08, 2154.1]), 'run time [s]': 1 }],
  ['stress-ng/taskset.stderr.txt', { ...figures('cpu', brief, [4231, 2, 2, 0, 2113.93, 2114.07]), 'run time [s]': 2 }],
  ['stress-ng/times_tz.stderr.txt', { 'available CPU time [s]': 4, 'user time [s]': 2, 'system time [s]': 0, 'total time [s]': 2, 'run time [s]': 2 }],
  ...['stress-ng/yaml.log', 'stress-ng/yaml.stderr.txt'].map((file): readonly [string, Record<string, number>] => [file, {
    ...figures('cpu', full, [9545, 3, 4.48, 0, 3180.05, 2127.61, 74.73, 6536]), ...figures('cache', full, [1335964, 3, 1.47, 0.03, 445305.9, 890962.23, 49.98, 35236]),
    'cache: cache ops per second [1/s]': 439268312.35, 'cache: shared cache reads per second [1/s]': 954577913.15, 'cache: shared cache writes per second [1/s]': 985149081.08,
    'run time [s]': 3.01,
  }]),
  ['trixie-chroot/stressng_brief.txt', { ...figures('cpu', brief, [12306, 3, 5.96, 0, 4103.97, 2063.83]), 'run time [s]': 3 }],
  ['trixie-chroot/stressng_metrics.txt', { ...figures('cpu', full, [12278, 3, 5.99, 0, 4090.63, 2050.07, 99.77, 8592]), 'run time [s]': 3.01 }],
];

const unreadable = [
  ['stress-ng/bad.stderr.txt', 1, 'an option was not accepted'],
  ['stress-ng/bad.txt', 1, 'an option was not accepted'],
  ['stress-ng/missing_method.stderr.txt', 1, 'an option was not accepted'],
  ['stress-ng/version.txt', 1, 'before any result'],
  ['trixie-chroot/stressng_json.stderr.txt', 1, 'an option was not accepted'],
  ['trixie-chroot/stressng_json.txt', 1, 'an option was not accepted'],
  ['trixie-chroot/stressng_version.txt', 1, 'before any result'],
] as const;

describe('recorded outputs of stress-ng', () => {
  it.each(recorded)('%s', (file, scalars) => {
    const output = parsed('stress-ng', fixture(file));
    expect(scalarsOf(output)).toEqual(scalars);
    expect(output).toMatchObject({ successful: true, warnings: file.includes('times') ? ['There are no metrics: give --metrics.'] : [] });
  });

  it.each(unreadable)('%s has no result, and line %i says why', (file, line, meaning) => {
    expect(refusal('stress-ng', fixture(file))).toEqual({ line, message: expect.stringContaining(meaning) });
  });

  it('latencies that the cyclic stressor measures', () => {
    const output = parsed('stress-ng', fixture('stress-ng/cyclic.stderr.txt'));
    expect(output.distributions.map(rowOf)).toEqual([['cyclic', null, 10_000, 14_401, 26_401.82, 544_962, 0, 0, 0]]);
    expect(scalarsOf(output)).toMatchObject({ 'cyclic: 50 % of the latencies up to [ns]': 26_789, 'cyclic: 99.99 % of the latencies up to [ns]': 544_962, 'cyclic: bogo ops [count]': 23_122 });
    expect(output.warnings).toEqual(['Note: --cyclic-samples needed to be 23122 to capture all the data for this run']);
  });
});

describe('YAML of stress-ng', () => {
  it.each([
    ['stress-ng/yaml.yaml', '0.15.06', {
      ...figures('cpu', full, [9545, 3.001526, 4.482324, 0.003927, 3180.049463, 2127.611674, 74.732845, 6536]),
      ...figures('cache', full, [1335964, 3.000104, 1.46981, 0.029652, 445305.903409, 890962.225118, 49.980335, 35236]),
      'cache: cache ops per second [1/s]': 439268312.345104, 'cache: shared cache reads per second [1/s]': 954577913.154597, 'cache: shared cache writes per second [1/s]': 985149081.084352,
    }],
    ['trixie-chroot/s.yaml', '0.19.02', figures('cpu', full, [12306, 2.998559, 5.962701, 0, 4103.97095, 2063.829798, 99.4261, 8940])],
  ])('%s', (file, version, scalars) => {
    const output = parsed('stress-ng', fixture(file));
    expect(scalarsOf(output)).toEqual(scalars);
    expect(output).toMatchObject({ version, successful: null, warnings: [] });
  });

  it('names every figure as the printed table does', () => {
    const names = (file: string) => Object.keys(scalarsOf(parsed('stress-ng', fixture(file)))).filter((name) => name !== 'run time [s]').sort();
    expect(names('stress-ng/yaml.yaml')).toEqual(names('stress-ng/yaml.log'));
  });

  it('that is cut gives what is whole, and says so', () => {
    const yaml = fixture('stress-ng/yaml.yaml');
    const output = parsed('stress-ng', yaml.slice(0, yaml.indexOf('439268312') + 4));
    expect(scalarsOf(output)).not.toHaveProperty('cache: cache ops per second [1/s]');
    expect(output.warnings).toContain('The file has no end: figures may be missing.');
    expect(refusal('stress-ng', yaml.slice(0, yaml.indexOf('metrics:'))).message).toContain('before any result');
  });
});

describe('a run of stress-ng that did not go well', () => {
  const good = fixture('trixie-chroot/stressng_metrics.txt');

  it('a failed or untrustworthy stressor is said', () => {
    const output = parsed('stress-ng', good.replace('failed: 0', 'failed: 1: cpu (1)').replace('untrustworthy: 0', 'untrustworthy: 1: cpu (1)'));
    expect(output).toMatchObject({ successful: false, warnings: ['failed: 1: cpu (1)', 'metrics untrustworthy: 1: cpu (1)'] });
  });

  it('an end that was not reached is said', () => {
    const output = parsed('stress-ng', good.slice(0, good.indexOf('stress-ng: info:  [16860] successful')));
    expect(output).toMatchObject({ successful: false, warnings: ['stress-ng did not reach its end.'] });
  });

  it('a long run is told in words', () => {
    expect(scalarsOf(parsed('stress-ng', 'stress-ng: info:  [1] successful run completed in 1 hour, 2 mins, 3.04 secs\n'))).toEqual({ 'run time [s]': 3723.04 });
  });
});
