import { describe, expect, it } from 'vitest';
import type { RunLoad } from '../../../shared/model/run.ts';
import { wordsOfLoads } from '../../../shared/statistics/run-loads.ts';

const load = (changes: Partial<RunLoad>): RunLoad => ({
  boardId: 'stress', boardName: 'Stress', kind: 'stress-cpu', command: 'stress-ng --cpu 0', startedAt: '2026-11-20T10:00:00Z', busyAtStart: 4, atEnd: { running: true, busyCpus: 3.9 }, ...changes,
});

describe('what a result says of the loads it was taken under', () => {
  it('states a load that was at work from the beginning to the end', () => {
    expect(wordsOfLoads([load({})])).toEqual({ conditions: ['Load stress-cpu on Stress (stress-ng --cpu 0): 4.00 CPUs busy when the run began, 3.90 when it ended.'], notComparable: [] });
  });

  it.each([
    ['had ended', { running: false, busyCpus: null }],
    ['was there and did nothing', { running: true, busyCpus: 0.2 }],
  ])('compares with nothing a run whose load %s', (_what, atEnd) => {
    const { conditions, notComparable } = wordsOfLoads([load({ atEnd })]);
    expect(conditions).toEqual([]);
    expect(notComparable).toEqual(['Load stress-cpu on Stress (stress-ng --cpu 0) was 4.00 CPUs busy when the run began, but not at work when it ended.']);
  });

  it('says when nobody looked, and takes a load that does not tell its time at its word', () => {
    expect(wordsOfLoads([load({ atEnd: null })]).conditions).toEqual(['Load stress-cpu on Stress (stress-ng --cpu 0): 4.00 CPUs busy when the run began; nobody looked when it ended.']);
    expect(wordsOfLoads([load({ busyAtStart: null, atEnd: { running: true, busyCpus: null } })])).toEqual({ conditions: ['Load stress-cpu on Stress (stress-ng --cpu 0): at work when the run began, at work when it ended.'], notComparable: [] });
  });
});
