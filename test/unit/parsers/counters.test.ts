import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { counterDeltas, countBetween, nameOf } from '../../../shared/parsers/counters/counter-deltas.ts';
import { parseCounters, type Counters } from '../../../shared/parsers/counters/counters.ts';
import { parseInterruptTable } from '../../../shared/parsers/counters/interrupt-table.ts';
import { countersOf } from '../../support/counter-records.ts';

const fixture = (path: string) => readFileSync(new URL(`../../fixtures/${path}`, import.meta.url), 'utf8');
const recorded = (name: string): Counters => {
  const { texts, atSeconds } = countersOf(fixture(`counters/${name}.txt`));
  return parseCounters(texts, atSeconds);
};
const blocks = (texts: Record<string, string>, atSeconds = 0): Counters => parseCounters(new Map(Object.entries(texts)), atSeconds);
const interrupts = (...rows: string[]) => ['           CPU0       CPU1', ...rows].join('\n');
const countOf = (deltas: ReturnType<typeof counterDeltas>, id: string, cpu: number) => deltas.interrupts.find((source) => source.id === id)?.perCpu.get(cpu) ?? 0;

describe('counters of a board', () => {
  it('are read from what a real kernel prints', () => {
    const counters = recorded('cloud-vm-before');
    expect(counters.online).toEqual([0, 1]);
    expect(counters.clocksource).toBe('tsc');
    expect(counters.rtRuntimeUs).toBe(950_000);
    expect(counters.interrupts.find(({ id }) => id === '36')).toMatchObject({ name: 'virtio1-req.0', device: true });
    expect(counters.interrupts.find(({ id }) => id === 'TLB')).toMatchObject({ name: 'TLB shootdowns', device: false });
    expect(counters.interrupts.map(({ id }) => id)).not.toContain('ERR');
    expect(counters.softirqs.map(({ name }) => name)).toContain('NET_RX');
    expect(counters.idleStates.get(1)?.map(({ name, latencyUs }) => [name, latencyUs])).toEqual([['POLL', 0], ['haltpoll', 1]]);
    expect(counters.messages?.join()).toMatch(/Switched to clocksource tsc.*RT throttling activated/);
    expect([counters.taskSwitches, counters.smis, counters.kvm, counters.frequencies.size]).toEqual([null, null, [], 0]);
  });

  it('show in their difference what a busy CPU did', () => {
    const deltas = counterDeltas(recorded('cloud-vm-before'), recorded('cloud-vm-after'));
    const received = deltas.softirqs.find(({ name }) => name === 'NET_RX')?.perCpu;
    expect(received?.get(1)).toBeGreaterThan(100_000);
    expect(received?.get(1)).toBeGreaterThan(20 * (received?.get(0) ?? 0));
    expect(deltas.cpuTimes.get(1)?.systemSeconds).toBeGreaterThan(0.5);
    expect(deltas).toMatchObject({ messages: [], clockSetBySeconds: 0, cpusGone: [], cpusCome: [], restarted: [], smis: null, taskSwitches: null });
    expect(deltas.contextSwitches).toBeGreaterThan(0);
  });

  it('of a real-time kernel with isolated CPUs have a column a CPU, and devices with their own names', () => {
    const { cpus, sources } = parseInterruptTable(fixture('vm-deb12-rt61-isol/proc_interrupts.txt'));
    expect(cpus).toEqual([0, 1, 2, 3]);
    expect(sources.find(({ id }) => id === 'LOC')?.perCpu.get(3)).toBe(242);
    expect(sources.find(({ id }) => id === '26')).toMatchObject({ name: 'virtio2-req.1' });
    expect(sources.filter(({ id }) => /^[A-Z]+$/.test(id)).every(({ device }) => !device)).toBe(true);
  });

  it('of frequency, throttling, run queues, SMIs and virtual machines are read', () => {
    const counters = blocks({
      cpufreq: 'cpu5 800000 800000 3800000 powersave\ncpu6 x\n', smi: 'cpu5 12\n',
      throttle: '/sys/devices/system/cpu/cpu5/thermal_throttle/core_throttle_count:3\n/sys/devices/system/cpu/cpu5/thermal_throttle/package_throttle_count:4\n',
      schedstat: 'version 15\ncpu5 0 0 0 0 0 0 93048 84 1012\ncpu6 1 2\n',
      kvm: '/sys/kernel/debug/kvm/812-14/exits:100\n/sys/kernel/debug/kvm/812-14/io_exits:7\n/sys/kernel/debug/kvm/812-14/vcpu1/exits:60\ngarbage\n',
    });
    expect(counters.frequencies.get(5)).toEqual({ currentKhz: 800_000, minimumKhz: 800_000, maximumKhz: 3_800_000, governor: 'powersave' });
    expect([...counters.throttles]).toEqual([[5, 7]]);
    expect([...counters.taskSwitches ?? []]).toEqual([[5, 1_012]]);
    expect([...counters.smis ?? []]).toEqual([[5, 12]]);
    expect(counters.kvm).toEqual([
      { vm: '812-14', vcpu: null, counts: new Map([['exits', 100], ['io_exits', 7]]) }, { vm: '812-14', vcpu: 1, counts: new Map([['exits', 60]]) },
    ]);
    expect(counters.messages).toBeNull();
  });

  it('tell messages that may not be read from messages that are not there', () => {
    expect(blocks({ system: 'online 0-1\n' }).messages).toEqual([]);
    expect(blocks({ system: 'online 0-1\n', messages: 'unreadable\n' }).messages).toBeNull();
  });
});

describe('differences of counters', () => {
  it('go on over the end of 32 bits, and begin anew with a driver', () => {
    expect(countBetween(4_294_967_290, 10, 60)).toEqual({ count: 16, restarted: false });
    expect(countBetween(5_000, 10, 60)).toEqual({ count: 10, restarted: true });
    const before = blocks({ interrupts: interrupts(' 30: 4294967290 7 PCI-MSIX-0000:01:00.0 1-edge eth0-TxRx-0', ' 31: 500 0 PCI-MSI 2-edge i915') }, 0);
    const after = blocks({ interrupts: interrupts(' 30: 10 9 PCI-MSIX-0000:01:00.0 1-edge eth0-TxRx-0', ' 31: 20 0 PCI-MSI 2-edge i915') }, 60);
    const deltas = counterDeltas(before, after);
    expect([countOf(deltas, '30', 0), countOf(deltas, '30', 1), countOf(deltas, '31', 0)]).toEqual([16, 2, 20]);
    expect(deltas.restarted).toEqual(['i915']);
  });

  it('count a source that came from nought, and never take one device for another', () => {
    const before = blocks({ interrupts: interrupts(' 30: 900 0 PCI-MSIX-0000:01:00.0 1-edge eth0') });
    const after = blocks({ interrupts: interrupts(' 30: 950 0 PCI-MSIX-0000:02:00.0 1-edge nvme0q1', ' 31: 5 0 PCI-MSIX-0000:01:00.0 1-edge eth0') }, 1);
    const deltas = counterDeltas(before, after);
    expect(deltas.interrupts.map((source) => [nameOf(source), source.perCpu.get(0)])).toEqual([['nvme0q1', 950], ['eth0', 5]]);
    expect(deltas.restarted).toEqual(['nvme0q1']);
  });

  it('name CPUs that came and went, and count nothing for them', () => {
    const before = blocks({ interrupts: '           CPU0       CPU1\nLOC: 10 20 Local timer interrupts' });
    const after = blocks({ interrupts: '           CPU0       CPU2\nLOC: 15 99 Local timer interrupts' }, 1);
    const deltas = counterDeltas(before, after);
    expect([deltas.cpusGone, deltas.cpusCome]).toEqual([[1], [2]]);
    expect([...deltas.interrupts[0]?.perCpu ?? []]).toEqual([[0, 5]]);
  });

  it('tell a clock that was set from one that wavers', () => {
    const at = (btime: number, atSeconds: number) => blocks({ stat: `cpu0 1 0 0 0 0 0 0 0 0 0\nctxt 5\nbtime ${btime}\n` }, atSeconds);
    expect(counterDeltas(at(1_795_265_981, 0), at(1_795_265_982, 9)).clockSetBySeconds).toBe(0);
    expect(counterDeltas(at(1_795_265_981, 0), at(1_795_269_581, 9)).clockSetBySeconds).toBe(3_600);
  });

  it('hold new messages only, whatever the ring of messages lost', () => {
    const at = (messages: string) => blocks({ system: 'online 0\n', messages });
    expect(counterDeltas(at('[1] a\n[2] b\n'), at('[2] b\n[3] sched: RT throttling activated\n'))).toMatchObject({ messages: ['[3] sched: RT throttling activated'], olderMessages: ['[1] a', '[2] b'] });
  });

  const counts = fc.array(fc.tuple(fc.nat(1_000_000), fc.nat(1_000_000)), { minLength: 2, maxLength: 5 });
  const table = (values: ReadonlyArray<readonly [number, number]>) => blocks({ interrupts: interrupts(...values.map(([a, b], row) => ` ${24 + row}: ${a} ${b} PCI-MSI ${row}-edge dev${row}`)), softirqs: interrupts(` TIMER: ${values[0]?.[0]} ${values[0]?.[1]}`) });

  it('add up, and nothing differs from itself', () => {
    fc.assert(fc.property(counts, counts, (start, step) => {
      const rows = start.slice(0, Math.min(start.length, step.length));
      const moved = (times: number) => rows.map(([a, b], row): [number, number] => [a + times * (step[row]?.[0] ?? 0), b + times * (step[row]?.[1] ?? 0)]);
      const [first, second, third] = [table(moved(0)), table(moved(1)), table(moved(2))];
      const [one, two, both] = [counterDeltas(first, second), counterDeltas(second, third), counterDeltas(first, third)];
      for (const id of rows.map((_, row) => String(24 + row))) for (const cpu of [0, 1]) expect(countOf(one, id, cpu) + countOf(two, id, cpu)).toBe(countOf(both, id, cpu));
      expect(counterDeltas(first, first)).toMatchObject({ interrupts: [], softirqs: [], restarted: [] });
    }));
  });

  it('are never negative, whatever was read', () => {
    const text = fc.oneof(fc.string({ maxLength: 200 }), fc.constant(fixture('counters/cloud-vm-after.txt')), fc.constantFrom('cpu0 1 2 3 4\nbtime -1\n', 'cpu0 POLL,0,9,9,0', '@', '           CPU0 CPU0\nLOC: 1 2'));
    const names = ['interrupts', 'softirqs', 'stat', 'schedstat', 'vmstat', 'system', 'throttle', 'cpufreq', 'cpuidle', 'smi', 'kvm', 'messages'];
    const anyCounters = fc.tuple(fc.dictionary(fc.constantFrom(...names), text), fc.integer({ min: -5, max: 100_000 })).map(([texts, at]) => blocks(texts, at));
    fc.assert(fc.property(anyCounters, anyCounters, (before, after) => {
      const { interrupts: sources, softirqs, cpuTimes, vm, toSeconds, fromSeconds } = counterDeltas(before, after);
      expect(toSeconds).toBeGreaterThanOrEqual(fromSeconds);
      for (const { perCpu } of [...sources, ...softirqs]) for (const count of perCpu.values()) expect(count).toBeGreaterThan(0);
      for (const times of cpuTimes.values()) for (const seconds of Object.values(times)) expect(seconds).toBeGreaterThanOrEqual(0);
      for (const count of vm.values()) expect(count).toBeGreaterThan(0);
    }));
  });
});
