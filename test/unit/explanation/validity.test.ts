import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { validityCheckSchema } from '../../../shared/model/explanation.ts';
import type { CyclictestRun } from '../../../shared/model/run.ts';
import { snapshotFromCapture } from '../../../shared/parsers/snapshot-from-capture.ts';
import { parseRunJournal } from '../../../shared/parsers/run-journal.ts';
import { checkValidity } from '../../../shared/statistics/validity/check-validity.ts';
import type { MeasuredRun } from '../../../shared/statistics/validity/run-evidence.ts';
import { conditionsOf } from '../../../shared/statistics/run-conditions.ts';
import { demoRun, evidence, journalOf, measuredRun, type Journal, type Reading } from './explanation-kit.ts';

/** The outcome of one rule, and what it says. */
const outcomeOf = (rule: string, journal: Journal, measured: Partial<MeasuredRun> = {}, options: Partial<CyclictestRun['options']> = {}) =>
  checkValidity(evidence(journal, measured, options)).filter((check) => check.rule === rule).map(({ outcome, message }) => `${outcome}: ${message}`).join(' | ');
const pair = (before: Omit<Reading, 'at'>, after: Omit<Reading, 'at'>): Journal => ({ readings: [{ at: 0, ...before }, { at: 10, ...after }] });
const blocks = (name: string, before: string, after: string): Journal => pair({ blocks: { [name]: before } }, { blocks: { [name]: after } });

describe('conditions of a valid run', () => {
  it.each<[string, string, Journal, RegExp, Partial<MeasuredRun>?, Partial<CyclictestRun['options']>?]>([
    ['nothing interrupted a measured CPU', 'interrupts', pair({ interrupts: [['LOC', 0, 0, 'Local timer interrupts']] }, { interrupts: [['LOC', 9, 9, 'Local timer interrupts']] }), /^good/],
    ['a stray interrupt or two', 'interrupts', pair({ interrupts: [['61', 5, 0, 'eth0']] }, { interrupts: [['61', 7, 0, 'eth0']] }), /^condition: .*2 on CPU 2 \(one every 5 s, most of eth0\)/],
    ['a queue that stayed on an isolated CPU', 'interrupts', pair({ interrupts: [['61', 0, 0, 'eth0-TxRx-3']] }, { interrupts: [['61', 0, 1_204, 'eth0-TxRx-3']] }), /^not comparable: .*1,204 on CPU 3 \(120 a second, most of eth0-TxRx-3\)/],
    ['the same on a CPU that nobody isolated', 'interrupts', { ...pair({ interrupts: [['61', 0, 0, 'eth0']] }, { interrupts: [['61', 0, 1_204, 'eth0']] }), facts: { isolated: '' } }, /^condition/],
    ['throttling', 'throttling', blocks('throttle', '/sys/devices/system/cpu/cpu2/thermal_throttle/core_throttle_count:1\n', '/sys/devices/system/cpu/cpu2/thermal_throttle/core_throttle_count:4\n'), /^not comparable: CPU 2 was throttled/],
    ['no throttle counts', 'throttling', blocks('throttle', '', ''), /^unknown/],
    ['a steady frequency', 'frequency', blocks('cpufreq', 'cpu2 3000000 3000000 3000000 performance\n', 'cpu2 2990000 3000000 3000000 performance\n'), /^good/],
    ['a frequency that moves', 'frequency', blocks('cpufreq', 'cpu2 800000 800000 3000000 powersave\n', 'cpu2 2990000 800000 3000000 powersave\n'), /^condition: .*0\.8 GHz before and 2\.99 GHz/],
    ['a governor somebody changed', 'frequency', blocks('cpufreq', 'cpu2 800000 800000 3000000 powersave\n', 'cpu2 800000 800000 3000000 performance\n'), /^not comparable/],
    ['idle states that stayed shut', 'idle-states', blocks('cpuidle', 'cpu2 POLL,0,5,9,0 C6,133,100,1000,0\n', 'cpu2 POLL,0,900,9700000,0 C6,133,103,151000,0\n'), /^good/],
    ['idle states that were to be shut', 'idle-states', blocks('cpuidle', 'cpu2 C6,133,100,0,0\n', 'cpu2 C6,133,9100,7000000,0\n'), /^not comparable: .*C6 \(133 µs to leave\) 9,000 times/],
    ['idle states as the system has them', 'idle-states', blocks('cpuidle', 'cpu2 C6,133,100,0,0\n', 'cpu2 C6,133,9100,7000000,0\n'), /^condition/, {}, { holdDmaLatency: false }],
    ['a clock that costs nothing', 'clocksource', pair({}, {}), /^good/],
    ['the clock of the chipset', 'clocksource', blocks('system', 'clocksource hpet\n', 'clocksource hpet\n'), /^condition: The clock is hpet/],
    ['a clock that was given up', 'clocksource', blocks('system', 'clocksource tsc\n', 'clocksource hpet\n'), /^not comparable: .*from tsc to hpet/],
    ['the clock of the host', 'clocksource', blocks('system', 'clocksource kvm-clock\n', 'clocksource kvm-clock\n'), /^condition: The clock is kvm-clock, which the host keeps/, { virtualised: true }],
    ['real-time throttling during the run', 'rt-throttling', blocks('messages', '', '[5.1] sched: RT throttling activated\n'), /^not comparable/],
    ['real-time throttling before it', 'rt-throttling', blocks('messages', '[5.1] sched: RT throttling activated\n', '[5.1] sched: RT throttling activated\n'), /^condition: .*once only/],
    ['messages that may not be read', 'rt-throttling', blocks('messages', 'unreadable\n', 'unreadable\n'), /^unknown/],
    ['the measuring thread alone', 'task-switches', blocks('schedstat', 'cpu2 0 0 0 0 0 0 9 9 100\n', 'cpu2 0 0 0 0 0 0 9 9 10104\n'), /^good/],
    ['other tasks all the time', 'task-switches', blocks('schedstat', 'cpu2 0 0 0 0 0 0 9 9 100\n', 'cpu2 0 0 0 0 0 0 9 9 30100\n'), /^not comparable: .*CPU 2 20,000 times \(2,000 a second\)/],
    ['a kernel that counts no switches', 'task-switches', pair({}, {}), /^unknown/],
    ['a CPU that went away', 'cpus-online', blocks('system', 'online 0-3\n', 'online 0-2\n'), /^not comparable: Measured CPU 3/],
    ['a host that took time', 'stolen-time', blocks('stat', 'cpu2 0 0 0 0 0 0 0 10\n', 'cpu2 0 0 0 0 0 0 0 60\n'), /^condition: .*500 ms from CPU 2/, { virtualised: true }],
    ['hardly any samples', 'samples', pair({}, {}), /^not comparable: .*too few/, { samples: [{ cpu: 2, samples: 40 }] }],
    ['most periods slept through', 'samples', pair({}, {}), /^not comparable: .*4,000 of 10,000/, { samples: [{ cpu: 2, samples: 4_000 }] }],
    ['a board that was not read', 'board-unchanged', pair({}, {}), /^unknown/],
  ])('%s', (_, rule, journal, expected, measured = {}, options = {}) => {
    expect(outcomeOf(rule, journal, measured, options)).toMatch(expected);
  });

  it('compare the run with the reading it was started from', () => {
    const capture = readFileSync(new URL('../../fixtures/captures/emulated-board-root.capture', import.meta.url), 'utf8');
    const read = snapshotFromCapture(capture);
    const snapshot = { ...read, bootId: 'boot-a', kernel: { ...read.kernel, release: '6.1.0-rt', commandLine: 'BOOT_IMAGE=/other/vmlinuz isolcpus=2-3' } };
    const of = (changes: Partial<typeof snapshot>) => outcomeOf('board-unchanged', pair({}, {}), { snapshot: { ...snapshot, ...changes } });
    expect(of({})).toMatch(/^good/);
    expect(of({ bootId: 'boot-b' })).toMatch(/^condition: .*started anew/);
    expect(of({ kernel: { ...snapshot.kernel, release: '6.12.0-rt' } })).toMatch(/^not comparable: .*6\.1\.0-rt.*6\.12\.0-rt/);
    expect(of({ kernel: { ...snapshot.kernel, commandLine: 'isolcpus=1-3' } })).toMatch(/^not comparable: .*command line/);
  });

  it('go into the verdict and the conditions, and nothing into either from a journal of an earlier version', () => {
    const wrong = conditionsOf(demoRun(), parseRunJournal(journalOf(pair({ interrupts: [['61', 0, 0, 'eth0']] }, { interrupts: [['61', 900, 3, 'eth0']] }))), measuredRun);
    expect(wrong.notComparable.join()).toContain('900 on CPU 2');
    expect(wrong.conditions.join()).toContain('3 on CPU 3');
    const older = 'rtvm-bench-journal 1 ;\nrun demo-1 ;\nboot b ;\nstart 1795208408 0 ;\nplan 2-3 1 1 1 ;\nroot yes ;\ncounters 0.10 ;\nb interrupts ;\n|           CPU0\n|LOC: 5\ne interrupts 23 ;\nsegment 1 0.20 1 ;\nend-segment 1 1.20 0 ;\ncounters 1.30 ;\nend completed - 1.40 - ;\n';
    const journal = parseRunJournal(Buffer.from(older));
    expect(journal.problem).toBeNull();
    expect(conditionsOf(demoRun(), journal, measuredRun)).toEqual({ notComparable: [], conditions: [], warnings: [] });
  });

  it('are told of any counters at all, and say the same each time', () => {
    const text = fc.oneof(fc.string({ unit: 'grapheme-ascii', maxLength: 80 }).map((line) => `${line.replaceAll('\n', ' ')}\n`), fc.constantFrom('cpu2 800000 800000 3000000 powersave\n', 'cpu2 C6,133,9,9,0\n', 'clocksource hpet\nonline 2\n', 'cpu2 1 1 1 1 1 1 1 1 1\n', '[1] sched: RT throttling activated\n', ''));
    const anyReading = fc.record({ blocks: fc.dictionary(fc.constantFrom('system', 'stat', 'schedstat', 'cpufreq', 'cpuidle', 'messages', 'interrupts', 'throttle'), text) });
    fc.assert(fc.property(anyReading, anyReading, (before, after) => {
      const checks = checkValidity(evidence(pair(before, after)));
      expect(validityCheckSchema.array().parse(checks)).toEqual(checks);
      expect(checkValidity(evidence(pair(before, after)))).toEqual(checks);
      for (const { message, next, outcome } of checks) {
        expect(message).toMatch(/\.$/);
        if (outcome === 'good') expect(next).toBeNull();
      }
    }), { numRuns: 60 });
  });
});
