import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { JudgedSetting } from '../../../shared/explanation/addressed-by.ts';
import { explainRun, type ExplainRequest } from '../../../shared/explanation/explain-run.ts';
import { PartCounters } from '../../../shared/explanation/part-counters.ts';
import { explanationSchema } from '../../../shared/model/explanation.ts';
import type { SettingReport } from '../../../shared/model/setting.ts';
import { parseRunJournal, RunJournalReader } from '../../../shared/parsers/run-journal.ts';
import { catalogue } from '../../../shared/settings/catalogue.ts';
import { deltasOf, type MeasuredRun } from '../../../shared/statistics/validity/run-evidence.ts';
import { evidence, journalOf, type Journal, type Reading } from './explanation-kit.ts';

const judged = (id: string, status: SettingReport['status'], stuckAt: SettingReport['stuckAt'] = null): JudgedSetting => {
  const setting = catalogue.find((one) => one.id === id);
  if (setting === undefined) throw new Error(`there is no setting ${id}`);
  return {
    guide: 'kvm-host',
    report: {
      id, layer: setting.layer, title: setting.title, status, stuckAt, states: { requested: null, written: null, booted: null, effective: null },
      verdicts: { written: 'none', booted: 'none', effective: 'none' }, evidence: [], message: 'm.', why: 'w.', source: 's', fix: status === 'ok' ? null : 'Do it.',
    },
  };
};

interface Told extends Partial<Omit<ExplainRequest, 'evidence' | 'parts'>> { readonly measured?: Partial<MeasuredRun> }

/** Explains a journal as it would be when it was stored, part by part. */
function explain(journal: Journal, { measured = {}, ...request }: Told = {}) {
  const counters = new PartCounters([2, 3]);
  new RunJournalReader({ onCounters: (reading, segments) => { counters.take(reading, segments); } }).feed(journalOf(journal));
  const partMaxima = counters.parts.map(({ index }) => ({ index, maxUs: 10 + index }));
  const explanation = explainRun({ runId: 'demo-1', evidence: evidence(journal, measured), partMaxima, parts: counters.parts, settings: [], gate: null, host: null, ...request });
  expect(explanationSchema.parse(explanation)).toEqual(explanation);
  return explanation;
}
const pair = (before: Omit<Reading, 'at'>, after: Omit<Reading, 'at'>): Journal => ({ readings: [{ at: 0, ...before }, { at: 10, ...after }] });
const sentences = (journal: Journal, told: Told = {}) => explain(journal, told).findings.map(({ sentence }) => sentence);

/** Readings between parts, in which `counts` rises by so much in each part, on CPU 3. */
const parts = (name: string, rises: readonly number[]): Journal => {
  let count = 0;
  return { readings: [0, ...rises].map((rise, place) => { count += rise; return { at: place * 10, interrupts: [['61', 0, count, name]] }; }) };
};

describe('why a run is as it is', () => {
  it('names the interrupts, the CPU, and where the setting got stuck', () => {
    const journal = pair({ interrupts: [['61', 0, 10, 'eth0-TxRx-3']] }, { interrupts: [['61', 0, 1_214, 'eth0-TxRx-3']] });
    const [finding, ...others] = explain(journal, { settings: [judged('runtime.irqs-off-isolated-cpus', 'change', 'effective'), judged('kernel.irqaffinity', 'ok')] }).findings;
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      rule: 'device-interrupts', kind: 'suspect', basis: 'whole run', where: 'board', cpu: 3, source: 'eth0-TxRx-3',
      sentence: '1,204 interrupts of eth0-TxRx-3 on CPU 3 (120 a second); “Device interrupts off isolated CPUs” is written but not effective.',
      figures: [{ name: 'count', value: 1_204, unit: '' }, { name: 'rate', value: 120.4, unit: '1/s' }],
      evidence: ['/proc/interrupts 61 (eth0-TxRx-3), CPU 3: 1,204 more at 10.0 s of the run than at 0.0 s'],
    });
    expect(finding?.settings.map(({ settingId, status }) => [settingId, status])).toEqual([['runtime.irqs-off-isolated-cpus', 'change'], ['kernel.irqaffinity', 'ok'], ['runtime.irqbalance', null]]);
  });

  it('asks for another setting where the kernel alone places an interrupt', () => {
    const [finding] = explain(pair({ interrupts: [['40', 0, 0, 'nvme0q3']] }, { interrupts: [['40', 0, 9, 'nvme0q3']] })).findings;
    expect(finding?.settings[0]?.settingId).toBe('runtime.managed-irqs');
  });

  it('takes the measurement’s own timer interrupts and wake-ups from what was counted', () => {
    const timers = (more: number): Journal => pair(
      { interrupts: [['LOC', 0, 0, 'Local timer interrupts']], blocks: { schedstat: 'cpu2 0 0 0 0 0 0 9 9 0\n' } },
      { interrupts: [['LOC', 10_000 + more, 0, 'Local timer interrupts']], blocks: { schedstat: `cpu2 0 0 0 0 0 0 9 9 ${10_000 + more}\n` } },
    );
    expect(sentences(timers(0))).toEqual([]);
    const ticking = sentences(timers(2_500), { settings: [judged('kernel.nohz-full', 'change', 'booted')] });
    expect(ticking).toContainEqual(expect.stringMatching(/^2,500 timer interrupts besides those of the measurement on CPU 2 \(250 a second\), although no tick should come there \(nohz_full\); “No tick on isolated CPUs” is written but not booted\.$/));
    expect(ticking).toContainEqual(expect.stringMatching(/^2,500 switches to other tasks on CPU 2/));
  });

  it.each<[string, Journal, RegExp, string, Told?]>([
    ['shootdowns', pair({ interrupts: [['TLB', 0, 0, 'TLB shootdowns']] }, { interrupts: [['TLB', 4, 30, 'TLB shootdowns']] }), /^34 TLB shootdowns on 2 CPUs \(2-3\), 30 of them on CPU 3/, 'runtime.compaction'],
    ['softirqs', pair({ blocks: { softirqs: '   CPU2 CPU3\n NET_RX: 1 1\n' } }, { blocks: { softirqs: '   CPU2 CPU3\n NET_RX: 1 71\n' } }), /^70 network receptions on CPU 3, in softirq NET_RX/, 'runtime.irqs-off-isolated-cpus'],
    ['SMIs', pair({ blocks: { smi: 'cpu2 10\n' } }, { blocks: { smi: 'cpu2 14\n' } }), /^4 system management interrupts \(one every 2\.5 s\): each stops all CPUs/, 'firmware.smi-wholesale'],
    ['throttling', pair({ blocks: { throttle: '/x/cpu2/thermal_throttle/core_throttle_count:1\n' } }, { blocks: { throttle: '/x/cpu2/thermal_throttle/core_throttle_count:4\n' } }), /^3 throttlings by heat or power on CPU 2/, 'firmware.thermal-throttling'],
    ['compaction', pair({ blocks: { vmstat: 'compact_stall 1\n' } }, { blocks: { vmstat: 'compact_stall 9\n' } }), /^8 runs of memory compaction .* on the whole machine/, 'runtime.compaction'],
    ['what the kernel said', pair({}, { blocks: { messages: '[  44.1] clocksource: Marking clocksource tsc as unstable\n' } }), /^The kernel said “clocksource: Marking clocksource tsc as unstable”/, 'kernel.clocksource'],
    ['stolen time', pair({ blocks: { stat: 'cpu3 0 0 0 0 0 0 0 1\n' } }, { blocks: { stat: 'cpu3 0 0 0 0 0 0 0 41\n' } }), /^The host ran something else for 400 ms while CPU 3 had work/, 'hypervisor.no-overcommit', { measured: { virtualised: true } }],
    ['deep sleep', pair({ blocks: { cpuidle: 'cpu2 C6,133,0,0,0\n' } }, { blocks: { cpuidle: 'cpu2 C6,133,5000,8000000,0\n' } }), /^5,000 rests in idle state C6 \(500 a second\)|^5,000 rests in idle state C6 on CPU 2/, 'runtime.idle-latency'],
  ])('finds %s', (_, journal, expected, settingId, told = {}) => {
    const found = explain(journal, told).findings.find(({ sentence }) => expected.test(sentence));
    expect(found?.sentence).toMatch(expected);
    expect(found?.settings[0]?.settingId).toBe(settingId);
  });

  it('takes the SMI count of a virtual machine for what it is', () => {
    expect(sentences(pair({ blocks: { smi: 'cpu2 10\n' } }, { blocks: { smi: 'cpu2 14\n' } }), { measured: { virtualised: true } })).toEqual([]);
  });

  it('names a cause where one part of many has both the maximum and the count, and only the first of them', () => {
    const [finding] = explain(parts('eth0', [2, 1, 0, 2, 1, 3, 0, 1, 2, 900])).findings;
    expect(finding).toMatchObject({ kind: 'cause', basis: 'matching part' });
    expect(finding?.sentence).toContain('900 of them in part 10, which has the maximum, and at most 3 in any of the other 9');
    const suspect = explain(parts('eth0', [2, 900, 0, 2, 1, 3, 0, 1, 2, 2])).findings[0];
    expect(suspect).toMatchObject({ kind: 'suspect', basis: 'whole run' });
    const few = explain(parts('eth0', [1, 900]));
    expect(few.findings[0]).toMatchObject({ kind: 'suspect', basis: 'matching part' });
    expect(few.notes.join()).toContain('fewer than 10 parts');
    expect(few.worstPart).toEqual({ index: 2, maxUs: 12, others: 1 });
  });

  it('names a cause from rtla’s own analysis', () => {
    const stdout = readFileSync(new URL('../../fixtures/rtla/6.12/rtla_timerlat_stop.txt', import.meta.url), 'utf8');
    const [finding] = explain({ ...pair({}, {}), stdout }).findings;
    expect(finding).toMatchObject({ kind: 'cause', basis: 'trace', cpu: 2 });
    expect(finding?.sentence).toMatch(/^A response of 1,220\.58 µs on CPU 2 was made of IRQ handler delay \(exit from idle\) 813\.68 µs, Blocking thread/);
    expect(finding?.settings.map(({ settingId }) => settingId)).toContain('runtime.idle-latency');
    expect(finding?.evidence.join('\n')).toContain('66.66 %');
  });

  it('adds what the firmware’s own measurement found', () => {
    const gate = { schema: 1 as const, measuredAt: '20261120T141000Z', seconds: 600, verdict: 'firmware-limited' as const, evidence: ['Gaps up to 81 µs.'], next: 'n', firmware: { version: null, date: null }, raw: '' };
    expect(sentences(pair({}, {}), { gate })).toEqual([expect.stringMatching(/^This board’s firmware was measured by itself and found to take the CPUs away/)]);
  });

  it('tells what the host of a guest did, on the CPUs that carry it', () => {
    const host = parseRunJournal(journalOf(pair(
      { interrupts: [['70', 0, 0, 'eno1']], blocks: { kvm: '/sys/kernel/debug/kvm/812-14/io_exits:100\n/sys/kernel/debug/kvm/812-14/vcpu1/io_exits:90\n' } },
      { interrupts: [['70', 0, 55, 'eno1']], blocks: { kvm: '/sys/kernel/debug/kvm/812-14/io_exits:400\n/sys/kernel/debug/kvm/812-14/vcpu1/io_exits:380\n' } },
    )));
    const told = { host: { name: 'Rack 2', deltas: deltasOf(host), cpus: [3], settings: [judged('runtime.irqs-off-isolated-cpus', 'change', 'written')], missing: [] } };
    const found = explain(pair({}, {}), told).findings;
    expect(found.every(({ where }) => where === 'host')).toBe(true);
    expect(found.map(({ sentence }) => sentence)).toEqual([
      'On the host Rack 2: 55 interrupts of eno1 on CPU 3 (5.5 a second); “Device interrupts off isolated CPUs” is not written.',
      expect.stringMatching(/^On the host Rack 2: 300 exits for port I\/O of the virtual machine with process 812 \(30 a second\), 290 of them of vCPU 1/),
    ]);
    const missing = explain(pair({}, {}), { host: { ...told.host, deltas: null, missing: ['The host Rack 2 was not connected when the run began: what it did meanwhile was not counted.'] } });
    expect(missing.notes.join()).toContain('Rack 2 was not connected');
  });

  it('says what limits it where nothing was counted', () => {
    const { findings, notes } = explain({ readings: [{ at: 0 }] });
    expect(findings).toEqual([]);
    expect(notes.join()).toContain('read once only');
    expect(notes.join()).toContain('The board was not read before the run');
  });

  it('points at settings that exist', () => {
    const busy = (count: number): Omit<Reading, 'at'> => ({
      interrupts: ['RES', 'CAL', 'TLB', 'IWI', 'NMI', 'PMI', 'TRM', 'THR', 'MCE', 'MCP'].map((line) => [line, count, count, 'x']),
      blocks: { softirqs: `   CPU2 CPU3\n${['HI', 'TIMER', 'NET_TX', 'NET_RX', 'BLOCK', 'TASKLET', 'SCHED', 'RCU'].map((name) => ` ${name}: ${count} ${count}\n`).join('')}`, vmstat: ['pswpin', 'pgmajfault', 'compact_stall', 'pgmigrate_success', 'numa_hint_faults', 'thp_split_pmd', 'allocstall_normal'].map((name) => `${name} ${count}\n`).join('') },
    });
    const { findings, notes } = explain(pair(busy(0), busy(5)));
    expect(findings.length).toBe(15);
    expect(notes.join()).toContain('10 less frequent findings');
    const known = new Set(catalogue.map(({ id }) => id));
    for (const { settings, rule, source } of findings) {
      expect(settings.length, `${rule} ${source ?? ''}`).toBeGreaterThan(0);
      for (const { settingId } of settings) expect(known.has(settingId), settingId).toBe(true);
    }
  });
});
