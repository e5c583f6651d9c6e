import { describe, expect, it } from 'vitest';
import type { ThreadResult } from '../../../shared/model/run.ts';
import { claimSentence } from '../../../shared/statistics/claim.ts';
import { countExceedances } from '../../../shared/statistics/exceedances.ts';
import { expectedSamples, missedPeriods } from '../../../shared/statistics/expected-samples.ts';
import { judge, type JudgeInput } from '../../../shared/statistics/verdict.ts';
import { durationInWords, shareInWords } from '../../../shared/statistics/words.ts';

const quiet: ThreadResult = { index: 0, cpu: 2, samples: 3_600_000, minUs: 2, avgUs: 4, maxUs: 20, overflows: 0, histogram: [[2, 1_800_000], [20, 1_800_000]] };
const upTo = (maxUs: number, cpu = 3): ThreadResult => ({ ...quiet, cpu, maxUs, histogram: [[2, quiet.samples - 1], [maxUs, 1]] });
const base: JudgeInput = { threads: [quiet], deadlineUs: null, deadlineFraction: 1, virtualised: false, measuredSeconds: 3600, validity: { notComparable: [] } };
const verdict = (changes: Partial<JudgeInput>) => judge({ ...base, ...changes });

describe('without a deadline', () => {
  it.each([
    [false, 49, 'great'], [false, 50, 'good'], [false, 99, 'good'], [false, 100, 'poor'],
    [true, 99, 'great'], [true, 100, 'good'], [true, 299, 'good'], [true, 300, 'poor'],
    // Not known: the stricter limits.
    [null, 60, 'good'], [null, 100, 'poor'],
  ] as const)('virtualised %j, maximum %i µs: %s', (virtualised, maxUs, grade) => {
    expect(verdict({ virtualised, threads: [upTo(maxUs)] })).toMatchObject({ grade, indicative: false });
  });

  it('names the rule and the CPU that decided', () => {
    const { rule, reasons, grade } = verdict({ threads: [quiet, upTo(70), upTo(30, 4)] });
    expect(grade).toBe('good');
    expect(rule).toBe('No deadline was set: on bare metal, a maximum under 50 µs is great (ECI) and under 100 µs good (our own limit). The worst CPU decides.');
    expect(reasons).toEqual(['CPU 3: maximum 70 µs in 3,600,000 samples.']);
    expect(verdict({ virtualised: null }).rule).toContain('not known whether this is a virtual machine');
  });
});

describe('with a deadline', () => {
  it.each([
    [21, 'great'],
    // A value of 20 may have been 20.9.
    [20, 'poor'],
    [10, 'poor'],
  ] as const)('of %i µs for every response, maximum 20: %s', (deadlineUs, grade) => { expect(verdict({ deadlineUs }).grade).toBe(grade); });

  it('decides instead of the usual limits', () => {
    expect(verdict({ deadlineUs: 1000, threads: [upTo(700)] }).grade).toBe('great');
    expect(verdict({ deadlineUs: 15 }).grade).toBe('poor');
  });

  it('for a fraction of the responses allows the rest', () => {
    const some: ThreadResult = { ...quiet, maxUs: 80, histogram: [[2, 3_599_000], [80, 1000]] };
    expect(verdict({ deadlineUs: 50, deadlineFraction: 0.999, threads: [some] })).toMatchObject({ grade: 'good', indicative: false });
    expect(verdict({ deadlineUs: 50, deadlineFraction: 0.9999, threads: [some] }).grade).toBe('poor');
    expect(verdict({ deadlineUs: 50, deadlineFraction: 0.9999, threads: [some] }).reasons[0]).toBe('CPU 2: 1,000 of 3,600,000 responses missed 50 µs, the longest took 80 µs.');
    expect(verdict({ deadlineUs: 50, deadlineFraction: 0.9999 }).rule).toBe('Your deadline: 99.99 % of the responses within 50 µs.');
  });

  it('exactly as many misses as allowed are allowed', () => {
    const some: ThreadResult = { ...quiet, maxUs: 80, histogram: [[2, 3_599_640], [80, 360]] };
    expect(verdict({ deadlineUs: 50, deadlineFraction: 0.9999, threads: [some] }).grade).toBe('good');
  });

  it('that too few samples can show is indicative', () => {
    const { indicative, reasons } = verdict({ deadlineUs: 50, deadlineFraction: 0.9999999 });
    expect(indicative).toBe(true);
    expect(reasons.join()).toContain('fewer than 1 in 1,201,710 miss the deadline, and 1 in 10,000,000 may');
  });

  it('hidden in the overflow: bounds decide when they can, and nothing is made up when not', () => {
    const hidden: ThreadResult = { ...quiet, maxUs: 300, overflows: 100, histogram: [[2, quiet.samples - 100]] };
    const judged = (deadlineFraction: number, deadlineUs = 200, boundUs = 100) => verdict({ threads: [hidden], deadlineUs, deadlineFraction, boundUs }).grade;
    expect(judged(0.999)).toBe('good');
    expect(judged(1)).toBe('poor');
    expect(judged(0.99999)).toBe('not comparable');
    expect(judged(0.99999, 100)).toBe('poor');
    expect(judged(1, 301)).toBe('great');
  });
});

describe('what comes before any limit', () => {
  const obstacles: ReadonlyArray<readonly [Partial<JudgeInput>, string]> = [
    [{ interrupted: 'the board restarted.' }, 'The run did not reach its end: the board restarted.'],
    [{ validity: { notComparable: ['CPU 2 was throttled.'] } }, 'CPU 2 was throttled.'],
    [{ threads: [] }, 'No CPU was measured.'],
    [{ threads: [{ ...quiet, samples: 0, maxUs: null }] }, 'CPU 2 has no samples.'],
    [{ threads: [quiet, { index: 7, samples: 4, minUs: null, avgUs: null, maxUs: null, overflows: 0 }] }, 'The maximum of Thread 7 is not known.'],
  ];
  it.each(obstacles)('%j is never a pass', (changes, reason) => {
    for (const deadlineUs of [null, 1000]) {
      const found = verdict({ ...changes, deadlineUs });
      expect(found.grade).toBe('not comparable');
      expect(found.reasons).toContain(reason);
    }
  });
});

describe('what makes a verdict indicative', () => {
  const limitations: ReadonlyArray<readonly [Partial<JudgeInput>, string]> = [
    [{ threads: [quiet, { ...upTo(20), samples: 999_999 }] }, 'CPU 3 has 999,999 samples, fewer than a million'],
    [{ measuredSeconds: 599 }, '9 min 59 s were measured, less than ten minutes'],
    [{ expectedSamples: 4_000_000 }, 'CPU 2 took 3,600,000 of 4,000,000 expected samples'],
  ];
  it.each(limitations)('%j', (changes, reason) => {
    const found = verdict(changes);
    expect(found).toMatchObject({ grade: 'great', indicative: true });
    expect(found.reasons.join()).toContain(reason);
  });

  it('not a few periods lost at the start', () => { expect(verdict({ expectedSamples: 3_600_100 }).indicative).toBe(false); });
});

describe('countExceedances', () => {
  it('without a histogram knows no more than the maximum tells', () => {
    const summary: ThreadResult = { index: 0, cpu: 2, samples: 3_600_000, minUs: 2, avgUs: 4, maxUs: 20, overflows: 0 };
    expect(countExceedances(summary, 21)).toEqual({ atLeast: 0, atMost: 0 });
    expect(countExceedances(summary, 20)).toEqual({ atLeast: 1, atMost: 3_600_000 });
    expect(countExceedances({ ...summary, maxUs: null }, 20)).toEqual({ atLeast: 0, atMost: 3_600_000 });
  });

  it('with nanoseconds is as sharp as they are', () => {
    const sharp: ThreadResult = { ...quiet, maxUs: 20.5, histogram: [[19.999, 10], [20, 4], [20.5, 1]] };
    expect(countExceedances(sharp, 20, { resolutionUs: 0.001 })).toEqual({ atLeast: 5, atMost: 5 });
  });
});

describe('the claim', () => {
  const claim = (changes: Partial<Parameters<typeof claimSentence>[0]>) => claimSentence({ threads: [quiet], measuredSeconds: 3600, deadlineUs: null, deadlineFraction: 1, virtualised: false, intervalUs: 1000, ...changes });

  it('says what was seen, what it shows, and that samples come in bursts', () => {
    expect(claim({})).toBe('In 1 h, none of the 3,600,000 samples on CPU 2 took 50 µs or longer. If samples were independent, this shows with 95 % confidence that at most 1 in 1,201,710 do. They come in bursts, so count time instead: it shows that they come no more often than every 20 min 1 s on average.');
  });

  it('is made for the CPU that shows least', () => {
    expect(claim({ threads: [quiet, upTo(120)], deadlineUs: 100 })).toContain('1 of the 3,600,000 samples on CPU 3, the CPU that shows least, took 100 µs or longer');
  });

  it('says how much longer it would take, and what that assumes', () => {
    expect(claim({ deadlineUs: 50, deadlineFraction: 0.9999999 })).toContain('To show your fraction takes 8 h 19 min on each CPU, if none occurs in all that time.');
    expect(claim({ deadlineUs: 50, deadlineFraction: 0.999 })).not.toContain('To show');
  });

  it('of nothing is nothing', () => { expect(claim({ threads: [] })).toBe('Nothing was measured, so nothing is shown.'); });
});

it('expected samples follow interval and distance', () => {
  expect(expectedSamples({ seconds: 60, intervalUs: 1000 })).toBe(60_000);
  expect(expectedSamples({ seconds: 2, intervalUs: 1000, distanceUs: 500, threadIndex: 1 })).toBe(1333);
  expect(expectedSamples({ seconds: 0, intervalUs: 1000 })).toBe(0);
  expect(missedPeriods(1000, 990)).toBe(10);
  expect(missedPeriods(1000, 1001)).toBe(0);
});

it('words', () => {
  expect([0.25, 45, 1200, 19_980, 201_600].map(durationInWords)).toEqual(['250 ms', '45 s', '20 min', '5 h 33 min', '2 d 8 h']);
  expect([0.25, 0.0001, 1 - 0.9999].map(shareInWords)).toEqual(['25 %', '1 in 10,000', '1 in 10,000']);
});
