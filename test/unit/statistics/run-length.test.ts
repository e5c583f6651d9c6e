import { describe, expect, it } from 'vitest';
import { runLengthFor } from '../../../shared/statistics/run-length.ts';
import { proportionUpperBound, rateUpperBound } from '../../../shared/statistics/upper-bounds.ts';

describe('runLengthFor', () => {
  it('without exceedances is ln 0.05 / ln f samples', () => {
    const { samples, seconds, sentence } = runLengthFor({ fraction: 0.9999, meanIntervalSeconds: null, intervalUs: 1000 });
    expect(samples).toBe(Math.ceil(Math.log(0.05) / Math.log(0.9999)));
    expect(seconds).toBeCloseTo(29.956, 3);
    expect(sentence).toBe('To show this with 95 % confidence, each CPU must be measured for 30 s (29,956 samples), if none occurs in all that time.');
  });

  it('with a mean interval is three times as long: the rule of three in time', () => {
    const { seconds } = runLengthFor({ fraction: null, meanIntervalSeconds: 8 * 3600, intervalUs: 1000 });
    expect(seconds).toBeCloseTo(-Math.log(0.05) * 8 * 3600, 6);
  });

  it('with allowed exceedances is the smallest number of samples whose bound shows it', () => {
    const { samples } = runLengthFor({ fraction: 0.999, meanIntervalSeconds: null, intervalUs: 200, allowed: 3 });
    if (samples === null) throw new Error('a run shows it');
    expect(proportionUpperBound(3, samples)).toBeLessThanOrEqual(0.001);
    expect(proportionUpperBound(3, samples - 1)).toBeGreaterThan(0.001);
    const { seconds } = runLengthFor({ fraction: null, meanIntervalSeconds: 100, intervalUs: 200, allowed: 1 });
    // Poisson: one event, 95 %: 4.744.
    expect(seconds).toBeCloseTo(474.386, 2);
    expect(rateUpperBound(1, seconds ?? 0)).toBeCloseTo(1 / 100, 9);
  });

  it('takes the longer of both, and 100 % is never shown', () => {
    const both = runLengthFor({ fraction: 0.9, meanIntervalSeconds: 3600, intervalUs: 1000 });
    expect(both.seconds).toBeCloseTo(-Math.log(0.05) * 3600, 6);
    expect(runLengthFor({ fraction: 1, meanIntervalSeconds: null, intervalUs: 1000 })).toMatchObject({ samples: null, seconds: null });
    expect(runLengthFor({ fraction: 0.9, meanIntervalSeconds: null, intervalUs: 0 })).toMatchObject({ samples: null });
  });
});
