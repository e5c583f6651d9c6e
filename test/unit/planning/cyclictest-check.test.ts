import { describe, expect, it } from 'vitest';
import type { CyclictestOptions } from '../../../shared/model/run.ts';
import { checkCyclictest } from '../../../shared/planning/cyclictest-check.ts';
import { proposeCyclictest } from '../../../shared/planning/cyclictest-proposal.ts';
import { board, options, type BoardChanges } from './cyclictest-kit.ts';

const problems = (changes: Partial<CyclictestOptions>, on: BoardChanges = {}) => checkCyclictest({ ...options, ...changes }, board(on));

it('says nothing about a sound run on a tuned board', () => { expect(problems({})).toEqual([]); });

describe('each problem, with its field and severity', () => {
  const user = { asRoot: false };
  const tool = (version: string | null, path: string | null = '/usr/bin/cyclictest') => ({ tools: [{ name: 'cyclictest', path, version }] });
  const idle = { idle: { driver: 'intel_idle', governor: 'menu', states: [{ name: 'C1', exitLatencyUs: 2, disabledOn: [] }, { name: 'C6', exitLatencyUs: 133, disabledOn: [2] }] } };

  const cases: ReadonlyArray<readonly [Partial<CyclictestOptions>, BoardChanges, string, string, string]> = [
    [{ cpus: [2, 7] }, {}, 'cpus', 'error', 'CPU 7 is not online on this board; online: CPUs 0-3.'],
    [{ mainCpus: [9] }, {}, 'mainCpus', 'error', 'CPU 9 is not online'],
    [{ cpus: [1, 2] }, {}, 'mainCpus', 'error', 'CPU 1 cannot be measured and run the main thread'],
    [{ mainCpus: [] }, {}, 'mainCpus', 'error', 'would run on the measured ones'],
    [{ cpus: [2], mainCpus: [3] }, {}, 'mainCpus', 'warning', 'CPU 3 is isolated'],
    [{ cpus: [1, 2], mainCpus: [0] }, {}, 'cpus', 'warning', 'CPU 1 is not isolated; isolated: CPUs 2-3.'],
    [{}, { cpus: { isolated: [] } }, 'cpus', 'note', 'No CPU of this board is isolated'],
    [{ cpus: [0], mainCpus: [0] }, { cpus: { online: [0], isolated: [] } }, 'mainCpus', 'warning', 'The board has one CPU'],
    [{ cpus: [2], mainCpus: [0] }, { threadsPerCore: 2, cpus: { isolated: [2] } }, 'cpus', 'warning', 'CPU 2 shares its core with a CPU that other work runs on (SMT)'],
    [{}, { threadsPerCore: 2 }, 'cpus', 'note', 'CPUs 2-3 are hardware threads of the same cores'],
    [{ priority: 99 }, {}, 'priority', 'warning', 'migration and stop threads'],
    [{ priority: 50 }, {}, 'priority', 'warning', 'interrupt threads have priority 50'],
    [{}, { ...user, limits: { rtPriority: 0, lockedMemoryBytes: null, rtRuntimeUs: null } }, 'priority', 'warning', 'permitted no real-time priority: for 95 it takes root'],
    [{}, { ...user, limits: { rtPriority: 50, lockedMemoryBytes: null, rtRuntimeUs: null } }, 'priority', 'warning', 'priority up to 50'],
    [{}, { ...user, limits: { rtPriority: 99, lockedMemoryBytes: 65_536, rtRuntimeUs: null } }, 'lockMemory', 'warning', 'may lock 64 KiB of memory'],
    [{ intervalUs: 50 }, {}, 'intervalUs', 'warning', 'Waking every 50 µs'],
    [{ durationSeconds: 60, segmentSeconds: 60 }, {}, 'durationSeconds', 'note', '1 min give about 240,000 samples a CPU'],
    [{ durationSeconds: 1, segmentSeconds: 1, intervalUs: 2_000_000 }, {}, 'durationSeconds', 'error', 'no sample'],
    [{ deadlineUs: 100, deadlineFraction: 0.9999999 }, {}, 'durationSeconds', 'warning', '29,957,322 samples without a miss, 2 h 4 min'],
    [{ segmentSeconds: 5 }, {}, 'segmentSeconds', 'warning', '144 segments'],
    [{ histogramUs: 50 }, {}, 'histogramUs', 'warning', 'ends at 50 µs'],
    [{ deadlineUs: 300 }, {}, 'histogramUs', 'note', 'twice the deadline'],
    [{ deadlineUs: 500 }, {}, 'histogramUs', 'warning', 'only the maximum tells whether it is met. Choose 1000 or more.'],
    [{}, tool(null, null), 'board', 'error', 'not installed'],
    [{}, tool('1.10-1'), 'board', 'error', 'too old'],
    [{ holdDmaLatency: false }, tool('2.2-1'), 'holdDmaLatency', 'note', '--laptop'],
    [{}, idle, 'holdDmaLatency', 'note', 'C6 (133 µs). cyclictest holds them shut'],
    [{ holdDmaLatency: false }, idle, 'holdDmaLatency', 'note', 'the result contains it'],
    [{}, { kernel: { ...board().kernel, realtime: false } }, 'board', 'warning', 'not a real-time kernel'],
    [{}, { virtualisation: { kind: 'vm' as const, name: 'kvm', evidence: null } }, 'board', 'note', 'Measure the host first'],
    [{}, { virtualisation: { kind: 'container' as const, name: null, evidence: null } }, 'board', 'warning', 'This is a container'],
    [{}, { clock: { ...board().clock, source: 'hpet' } }, 'board', 'warning', 'The clock source is hpet'],
  ];

  it.each(cases)('%j', (changes, on, field, severity, message) => {
    const found = problems(changes, on);
    expect(found).toContainEqual({ field, severity, message: expect.stringContaining(message) });
  });

  it('and not where it does not apply', () => {
    expect(problems({ cpus: [2] }, idle)).toEqual([]);
    expect(problems({ lockMemory: false }, { ...user, limits: { rtPriority: 99, lockedMemoryBytes: 0, rtRuntimeUs: null } })).toEqual([]);
    expect(problems({ holdDmaLatency: false })).toEqual([]);
    expect(problems({}, { tools: [] })).toEqual([]);
    expect(problems({}, { virtualisation: { kind: 'vm', name: null, evidence: null }, clock: { ...board().clock, source: 'kvm-clock' } }).map(({ severity }) => severity)).toEqual(['note']);
  });
});

it('without a snapshot checks the options alone', () => {
  expect(checkCyclictest(options, null)).toEqual([]);
  expect(checkCyclictest({ ...options, mainCpus: [2] }, null).map(({ field, severity }) => [field, severity])).toEqual([['mainCpus', 'error']]);
});

const boards: readonly BoardChanges[] = [
  {}, { cpus: { isolated: [] } }, { cpus: { online: [0], isolated: [] } }, { cpus: { online: [0, 1], isolated: [] }, threadsPerCore: 2 }, { cpus: { online: [1, 2, 3], isolated: [] } },
];

it.each(boards)(
  'what is proposed for %j is never refused',
  (on) => {
    const snapshot = board(on);
    expect(checkCyclictest(proposeCyclictest(snapshot).options, snapshot).filter(({ severity }) => severity === 'error')).toEqual([]);
  },
);
