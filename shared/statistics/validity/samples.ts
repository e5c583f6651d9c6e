import { countInWords } from '../words.ts';
import { good, notComparable, type ValidityRule } from './validity-rule.ts';

/** With fewer, most periods were slept through: what the figures say, they say of the lesser part of the time. */
const leastShare = 0.5;
/** With fewer, not even the 90th percentile is known (ten samples have to lie above it). */
const fewest = 100;

export const samples: ValidityRule = {
  id: 'samples', title: 'Enough samples of those expected', source: 'A late wake-up skips the periods it was late for: a long stall is one sample (rt-tests, cyclictest.c). Fewer than 99 % make a verdict indicative; fewer than half none.',
  check: ({ samples: counted, expectedSamples, wakesPerSample }) => {
    if (!wakesPerSample) return [];
    const problems = counted.flatMap(({ cpu, samples: count }) => {
      if (count === 0) return [];
      if (count < fewest) return [notComparable(`CPU ${cpu} has ${countInWords(count)} samples: too few to say anything.`, 'Run for longer.')];
      if (expectedSamples !== null && count < leastShare * expectedSamples) return [notComparable(`CPU ${cpu} took ${countInWords(count)} of ${countInWords(expectedSamples)} samples: most periods were slept through, and the figures describe the rest.`, 'Take a longer interval, or find what holds the CPU.')];
      return [];
    });
    return problems.length > 0 ? problems : counted.length === 0 ? [] : [good('The samples counted are those expected, or most of them.')];
  },
};
