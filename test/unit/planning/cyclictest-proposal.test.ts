import { describe, expect, it } from 'vitest';
import { cyclictestOptionsSchema } from '../../../shared/model/run.ts';
import { conditionsOf } from '../../../shared/planning/cyclictest-board.ts';
import { cyclictestCommand, commandText } from '../../../shared/planning/cyclictest-command.ts';
import { proposeCyclictest, segmentSecondsFor } from '../../../shared/planning/cyclictest-proposal.ts';
import { isAtLeast, parseRtTestsVersion } from '../../../shared/planning/cyclictest-version.ts';
import { board, options, type BoardChanges } from './cyclictest-kit.ts';

describe('proposeCyclictest', () => {
  const cases: ReadonlyArray<readonly [string, BoardChanges, number[], number[]]> = [
    ['the isolated CPUs', {}, [2, 3], [0, 1]],
    ['isolated and online only', { cpus: { online: [0, 1, 2], isolated: [2, 3] } }, [2], [0, 1]],
    ['none isolated: all but CPU 0', { cpus: { isolated: [] } }, [1, 2, 3], [0]],
    ['none isolated, SMT: all but the threads of core 0', { cpus: { isolated: [] }, threadsPerCore: 2 }, [2, 3], [0, 1]],
    ['CPU 0 offline: all but the first', { cpus: { online: [1, 2, 3], isolated: [] } }, [2, 3], [1]],
    ['one core with two threads: the second', { cpus: { online: [0, 1], isolated: [] }, threadsPerCore: 2 }, [1], [0]],
    ['one CPU: that one', { cpus: { online: [0], isolated: [] } }, [0], [0]],
  ];

  it.each(cases)('%s', (_, on, cpus, mainCpus) => {
    const proposal = proposeCyclictest(board(on));
    expect(proposal.options).toMatchObject({ cpus, mainCpus, priority: 95, intervalUs: 1000, durationSeconds: 60, histogramUs: 400, lockMemory: true, holdDmaLatency: true, segmentSeconds: 60 });
    expect(cyclictestOptionsSchema.parse(proposal.options)).toEqual(proposal.options);
  });

  it('states what limits the result', () => {
    const held = expect.stringContaining('Idle states held shut');
    expect(proposeCyclictest(board()).conditions).toEqual([held]);
    expect(proposeCyclictest(board({ cpus: { isolated: [] } })).conditions).toEqual(['Not isolated: other work may run on measured CPUs 1-3.', held]);
    const poor = board({ cpus: { online: [0], isolated: [] }, kernel: { ...board().kernel, realtime: false }, virtualisation: { kind: 'vm', name: null, evidence: null } });
    expect(proposeCyclictest(poor).conditions).toEqual([
      'Not isolated: other work may run on measured CPU 0.', 'The main thread shares CPU 0 with the measurement.',
      'The kernel is not a real-time kernel (PREEMPT_RT).', 'Measured in a virtual machine: the host is part of the result.', held,
    ]);
  });

  it('follows what the user changed', () => {
    expect(conditionsOf({ ...options, holdDmaLatency: false }, null)).toEqual(['Idle states as the system has them: cyclictest leaves /dev/cpu_dma_latency alone.']);
    expect(conditionsOf({ ...options, cpus: [2] }, board({ threadsPerCore: 2, cpus: { isolated: [2] } }))[0]).toBe('Measured CPU 2 shares its core with CPUs that other work runs on.');
  });

  it('cuts long runs into pieces of ten minutes', () => { expect([1, 60, 600, 601, 43_200].map(segmentSecondsFor)).toEqual([1, 60, 600, 600, 600]); });
});

describe('cyclictestCommand', () => {
  const command = (changes: Partial<typeof options>, toolVersion: string | null = '2.4-1', seconds = 600) => commandText(cyclictestCommand({ ...options, ...changes }, { seconds, toolVersion }));

  it('names CPUs and threads, and keeps the main thread away', () => {
    expect(command({})).toBe('cyclictest -q -m -p 95 -i 250 -h 400 -D 600 -a 2-3 -t 2 --mainaffinity=0-1');
    expect(command({ cpus: [8, 2, 3, 2], lockMemory: false })).toBe('cyclictest -q -p 95 -i 250 -h 400 -D 600 -a 2-3,8 -t 3 --mainaffinity=0-1');
    expect(command({ mainCpus: [] })).not.toContain('mainaffinity');
  });

  it('gives whole seconds only', () => { expect(command({}, null, 119.5)).toContain(' -D 119 '); });

  it.each([
    ['2.4-1', '--mainaffinity=0-1 --default-system'],
    ['2.3-2', '--mainaffinity=0-1 --default-system'],
    [null, '--mainaffinity=0-1 --default-system'],
    ['2.2-1', '--mainaffinity=0-1 --laptop'],
    // 2.1 or 2.10: --laptop is known to both.
    ['V 2.10', '--mainaffinity=0-1 --laptop'],
    ['2.10-1', '--mainaffinity=0-1 --default-system'],
    ['1.10-1', '-t 2 --laptop'],
  ])('leaves idle states alone in the words of rt-tests %j', (version, end) => { expect(command({ holdDmaLatency: false }, version).endsWith(end)).toBe(true); });
});

describe('rt-tests versions', () => {
  it.each([
    ['2.4-1', [[2, 4]]], ['2.6-1.1', [[2, 6]]], ['2.10-1', [[2, 10]]], ['1:2.8-4.el9', [[2, 8]]], ['2.6-r0', [[2, 6]]], ['2.4', [[2, 4]]],
    ['V 2.40', [[2, 4]]], ['cyclictest V 2.60', [[2, 6]]], ['2.10', [[2, 1], [2, 10]]], ['V 1.00', [[1, 0]]], ['0.92', [[0, 92]]],
    ['', null], ['unknown', null], [null, null],
  ])('%j', (text, version) => { expect(parseRtTestsVersion(text)).toEqual(version); });

  it('compare as versions, and admit what is not known', () => {
    expect(isAtLeast(parseRtTestsVersion('2.10-1'), 2, 4)).toBe(true);
    expect(isAtLeast(parseRtTestsVersion('2.10'), 2, 4)).toBeNull();
    expect(isAtLeast(parseRtTestsVersion('2.10'), 2, 0)).toBe(true);
    expect(isAtLeast(parseRtTestsVersion('1.9'), 2, 0)).toBe(false);
    expect(isAtLeast(null, 2, 0)).toBeNull();
  });
});

it('commandText is read back by a shell as the same arguments', () => {
  expect(commandText(['cyclictest', '-a', '2-3', '', 'a b', "it's", '$(reboot)', '*'])).toBe(`cyclictest -a 2-3 '' 'a b' 'it'\\''s' '$(reboot)' '*'`);
});
