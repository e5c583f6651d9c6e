import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeLoad, parseCpuTimes, pinnedCpu, type LoadObservation } from '../../../shared/planning/vm/load-check.ts';

const idle = new Map([[0, 0.1], [1, 0.05], [8, 0], [9, 0], [10, 0.02]]);
const busier = (changes: Record<number, number>) => new Map([...idle, ...Object.entries(changes).map(([cpu, fraction]) => [Number(cpu), fraction] as const)]);
const judge = (changes: Partial<LoadObservation>) => judgeLoad({ vcpu: 1, expectedCpu: 9, isolated: [8, 9, 10], before: idle, during: busier({ 9: 0.99 }), ...changes });

describe('what a load on one vCPU made of the host', () => {
  it('is as it should be when the CPU it is pinned to gets busy and no other isolated one', () => {
    expect(judge({})).toMatchObject({ verdict: 'ok', vcpu: 1, expectedCpu: 9, message: 'Load on vCPU 1 makes CPU 9 of the host busy (99 %), and no other isolated CPU.' });
    // Housekeeping has work of its own: the guest's, and that of the connection.
    expect(judge({ during: busier({ 0: 0.9, 9: 0.8 }) }).verdict).toBe('ok');
    // Another VM whose vCPUs poll was busy before.
    const polling = busier({ 10: 1 });
    expect(judge({ before: polling, during: busier({ 9: 1, 10: 1 }) }).verdict).toBe('ok');
  });

  it('is wrong when another isolated CPU gets busy, instead or as well', () => {
    expect(judge({ during: busier({ 8: 0.97 }) })).toMatchObject({ verdict: 'wrong', message: 'CPU 9, which vCPU 1 is pinned to, was only 0 % busy while it was loaded. What got busier is CPU 8.' });
    expect(judge({ during: busier({ 9: 0.98, 10: 0.5 }) })).toMatchObject({ verdict: 'wrong', message: 'CPU 9 got busy as it should, but so did the isolated CPU 10: something else runs there.' });
    expect(judge({ expectedCpu: 77 }).message).toContain('CPU 77, which the host does not have online');
  });

  it('says nothing where nothing can be told', () => {
    expect(judge({ expectedCpu: null })).toMatchObject({ verdict: 'unknown', expectedCpu: null });
    expect(judge({ before: busier({ 9: 1 }) }).message).toContain('idle=poll');
    expect(judge({ during: idle })).toMatchObject({ verdict: 'unknown', message: 'No CPU of the host got busier while vCPU 1 was loaded. Look whether the board that was loaded is this VM.' });
  });
});

describe('CPU times', () => {
  const block = (at: number, lines: string[]) => `at ${String(at)} 100\n${lines.join('\n')}\n`;

  it('are counted from what was idle or waited for a disk, over the time that passed', () => {
    const text = block(1_000, ['cpu0 10 0 10 1000 50 0 0 0 0 0', 'cpu1 5 0 5 2000 0 0 0', 'cpu2 0 0 0 10 0'])
      + block(1_200, ['cpu0 10 0 10 1150 100 0 0 0 0 0', 'cpu1 9 0 9 2010 0 0 0', 'cpu3 0 0 0 10 0']);
    const busy = parseCpuTimes(text);
    // CPU 1's own counters lag (no tick): 190 of 200 ticks were not idle. CPUs 2 and 3 went and came.
    expect(busy.ok && [...busy.value]).toEqual([[0, 0], [1, 0.95]]);
  });

  it('are refused with a code when they are something else', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => { expect(parseCpuTimes(text)).toMatchObject({ ok: false, error: { code: 'output-unreadable' } }); }));
    expect(parseCpuTimes(block(5, []) + block(5, [])).ok).toBe(false);
  });
});

describe('the CPU a vCPU is pinned to', () => {
  const xml = (pins: string) => `<domain type='kvm'><name>rt</name><vcpu>2</vcpu><cputune>${pins}</cputune></domain>`;
  const thread = { threadId: 7, name: 'CPU 1/KVM', role: 'vcpu' as const, vcpu: 1, cpus: [4], lastCpu: 4, policy: 'fifo' as const, priority: 10, cacheGroup: null };

  it('is what the running domain says, or else where its thread may run', () => {
    expect(pinnedCpu({ activeXml: xml("<vcpupin vcpu='1' cpuset='9'/>"), threads: [thread] }, 1)).toBe(9);
    expect(pinnedCpu({ activeXml: xml(''), threads: [thread] }, 1)).toBe(4);
    expect(pinnedCpu({ activeXml: xml("<vcpupin vcpu='1' cpuset='8-9'/>"), threads: [thread] }, 1)).toBeNull();
    expect(pinnedCpu({ activeXml: 'no XML', threads: [] }, 1)).toBeNull();
  });
});
