import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignmentsOf, planCpuMap } from '../../../shared/planning/cpu-map.ts';
import { readVmMap } from '../../../shared/planning/vm/map/read-vm-map.ts';
import { mapOf, valueOf } from './vm-kit.ts';

const places = [{ vcpu: 0, cpu: 4 }, { vcpu: 1, cpu: 6 }];

describe('spellings of a map', () => {
  it.each([
    [[{ vcpu: 0, cpu: 4 }, { vcpu: 1, cpu: 6 }]], [[{ vcpu: 1, cpus: [6] }, { vcpu: '0', cpuset: '4' }]], [{ 0: 4, 1: '6' }], [[4, 6]], [['4', '6']], ['4,6'], ['4 6'],
  ])('vCPUs as %j', (vcpus) => {
    expect(mapOf({ vcpus }).vcpus).toEqual(places);
    expect(mapOf({ vcpupin: vcpus }).vcpus).toEqual(places);
  });

  it('numbers in a text stand in the order written', () => {
    expect(mapOf({ vcpus: '8-9,4' }).vcpus.map(({ cpu }) => cpu)).toEqual([8, 9, 4]);
  });

  it.each([[[56, 58]], ['56,58'], [['58', '56']]])('the emulator as %j', (emulator) => {
    expect(mapOf({ vcpus: [4], emulator }).emulator).toEqual([56, 58]);
  });

  it('I/O threads one by one, or all together', () => {
    expect(mapOf({ vcpus: [4], iothreads: { 1: '56-57' } })).toMatchObject({ iothreads: [{ iothread: 1, cpus: [56, 57] }], ioThreadCpus: null });
    expect(mapOf({ vcpus: [4], iothreads: [{ iothread: 1, cpuset: 56 }] })).toMatchObject({ iothreads: [{ iothread: 1, cpus: [56] }] });
    expect(mapOf({ vcpus: [4], iothreads: '56-57' })).toMatchObject({ iothreads: [], ioThreadCpus: [56, 57] });
  });

  it.each([
    [{ policy: 'rr', priorities: { 0: 2, '1-3': 50 } }, 'rr', [{ vcpus: [0], priority: 2 }, { vcpus: [1, 2, 3], priority: 50 }]],
    [[{ vcpus: '1-3', priority: '50' }], 'fifo', [{ vcpus: [1, 2, 3], priority: 50 }]],
    ['fifo', 'fifo', []], ['none', 'other', []], [null, 'other', []],
  ])('a scheduler as %j', (scheduler, policy, priorities) => {
    expect(mapOf({ vcpus: '4-7', scheduler }).scheduler).toMatchObject({ policy, priorities });
  });

  it('a share that names no vCPUs is for the real-time ones', () => {
    const { cache, bandwidth } = mapOf({ vcpus: '4-7', cache: { size: '8MiB', granularity: 6_815_744 }, bandwidth: { percent: '60%', nodes: [0, 1] } });
    expect(cache).toEqual([{ vcpus: [1, 2, 3], id: 0, level: 3, type: 'both', sizeBytes: 8_388_608, granularityBytes: 6_815_744 }]);
    expect(bandwidth).toEqual([{ vcpus: [1, 2, 3], node: 0, percent: 60 }, { vcpus: [1, 2, 3], node: 1, percent: 60 }]);
    expect(mapOf({ vcpus: [4], cache: { size: 1 } }).cache[0]?.vcpus).toEqual([0]);
  });

  it.each([
    [{ memory: '8GiB' }, { sizeBytes: 2 ** 33 }], [{ memory: { size: 2 ** 33, hugepages: '1G', nodes: 0 } }, { sizeBytes: 2 ** 33, hugepageBytes: 2 ** 30, nodes: [0] }],
    [{ hugepages: true, numa: [0, 1] }, { hugepageBytes: 0, nodes: [0, 1] }], [{ hugepages: { size: '2MiB' } }, { hugepageBytes: 2 ** 21 }], [{ hugepages: false }, { hugepageBytes: null, locked: true }],
  ])('memory as %j', (memory, expected) => {
    expect(mapOf({ vcpus: [4], ...memory }).memory).toMatchObject(expected);
  });

  it.each([[true, 'keep'], ['keep', 'keep'], [false, 'tune'], ['remove', 'tune'], ['off', 'tune'], ['none', 'tune']])('an option as %j', (value, expected) => {
    expect(mapOf({ vcpus: [4], options: { graphics: value, usb: value } }).options).toMatchObject({ graphics: expected, usb: expected, sound: 'tune' });
  });

  it('YAML with comments is a map too', () => {
    expect(valueOf(readVmMap('# press\nvcpus: [4, 6]  # isolated\nemulator: 56,58\n')).emulator).toEqual([56, 58]);
  });
});

describe('a CPU map of a whole board', () => {
  const topology = Array.from({ length: 16 }, (_, cpu) => ({ cpu, core: cpu, socket: 0, node: 0, kind: null }));
  const plan = (vms: ReadonlyArray<{ name: string; count: number; node: number }>, emulator: { count: number; node: number } | null) =>
    JSON.stringify(planCpuMap(topology, { housekeeping: [0, 1], vms: [...vms], emulator, ioThreads: null, measuring: null, stressor: null }));

  it('gives its VM of the domain’s name, or its only one', () => {
    const board = plan([{ name: 'rt', count: 2, node: 0 }, { name: 'stress', count: 2, node: 0 }], { count: 2, node: 0 });
    expect(valueOf(readVmMap(board, 'stress'))).toMatchObject({ name: 'stress', vcpus: [{ vcpu: 0, cpu: 4 }, { vcpu: 1, cpu: 5 }], emulator: [14, 15], isolated: [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15] });
    expect(valueOf(readVmMap(plan([{ name: 'rt', count: 2, node: 0 }], null), 'rt'))).toMatchObject({ vcpus: [{ vcpu: 0, cpu: 2 }, { vcpu: 1, cpu: 3 }], emulator: null });
    expect(readVmMap(board, 'other')).toMatchObject({ ok: false, error: { message: expect.stringContaining('rt, stress, and none is called other') } });
  });

  it('as a project keeps it, the VM’s places are found among all', () => {
    const request = { housekeeping: [0, 1], vms: [{ name: 'rt', count: 2, node: 0 }, { name: 'stress', count: 2, node: 0 }], emulator: { count: 1, node: 0 }, ioThreads: { count: 1, node: 0 }, measuring: null, stressor: null };
    const kept = JSON.stringify({ schema: 1, savedAt: '20261121T100000Z', snapshotId: '20261121T090000Z', request, assignments: assignmentsOf(planCpuMap(topology, request)) });
    const { vcpus, emulator, ioThreadCpus, isolated } = valueOf(readVmMap(kept, 'rt'));
    expect({ vcpus, emulator, ioThreadCpus, isolated }).toEqual({ vcpus: [{ vcpu: 0, cpu: 2 }, { vcpu: 1, cpu: 3 }], emulator: [expect.any(Number)], ioThreadCpus: [expect.any(Number)], isolated: null });
    expect(readVmMap(kept)).toMatchObject({ ok: false, error: { message: expect.stringContaining('rt, stress') } });
  });

  it('may be given more than CPUs', () => {
    const board: unknown = JSON.parse(plan([{ name: 'rt', count: 2, node: 0 }], null));
    expect(mapOf({ ...Object(board), cache: { size: '8MiB' }, options: { usb: 'keep' } })).toMatchObject({ cache: [{ vcpus: [1] }], options: { usb: 'keep' } });
  });
});

describe('maps that cannot be used', () => {
  it.each([
    [{}, 'vcpus', 'is missing'], [[], '', 'it is no map'], [5, '', 'it is no map'], [null, '', 'it is no map'],
    [{ vcpus: [] }, 'vcpus', 'must name at least one number'], [{ vcpus: 'all' }, 'vcpus', 'must be numbers'], [{ vcpus: [{ vcpu: 0, cpu: '4-5' }] }, 'vcpus[0].cpu', 'must be one CPU'],
    [{ vcpus: [{ vcpu: 0, cpu: 4, prio: 1 }] }, 'vcpus[0].prio', 'is not a field'], [{ vcpus: [4], emulater: 1 }, 'emulater', 'is not a field'], [{ vcpus: [4], vcpupin: [5] }, 'vcpupin', 'given twice'],
    [{ vcpus: [9999] }, 'vcpus[0].cpu', '<=8191'], [{ vcpus: [4], emulator: '!3' }, 'emulator', 'must be numbers'],
    [{ vcpus: [4], scheduler: 'deadline' }, 'scheduler.policy', '"fifo"|"rr"|"other"'], [{ vcpus: [4], scheduler: { priorities: { 0: 100 } } }, 'scheduler.priorities[0].priority', 'from 1 to 99'],
    [{ vcpus: [4], cache: { size: 'much' } }, 'cache[0].size', 'must be a size'], [{ vcpus: [4], cache: {} }, 'cache[0].size', ''], [{ vcpus: [4], cache: { size: 0 } }, 'cache[0].sizeBytes', ''], [{ vcpus: [4], cache: { size: 1, level: 1 } }, 'cache[0].level', '>=2'],
    [{ vcpus: [4], bandwidth: { percent: 101 } }, 'bandwidth[0].percent', '100'], [{ vcpus: [4], memory: { hugepages: 'big' } }, 'memory.hugepages', 'must be a page size'],
    [{ vcpus: [4], cache: Array.from({ length: 300 }, () => ({ size: 1 })) }, 'cache', 'more entries'], [{ vcpus: [4], bandwidth: { nodes: '0-99', percent: 50 } }, 'bandwidth[0].node', 'more nodes'], [{ vcpus: [4], passthrough: ['eth0'] }, 'passthrough[0]', 'must be a PCI address'], [{ vcpus: [4], passthrough: ['03:20.0'] }, 'passthrough[0].slot', '<=31'], [{ vcpus: [4], options: { usb: 'maybe' } }, 'options.usb', '"auto", "keep" or "remove"'], [{ vcpus: [4, 6], count: 8 }, 'count', '8 vCPUs and places 2'],
  ])('%j', (file, field, message) => {
    expect(readVmMap(JSON.stringify(file))).toMatchObject({ ok: false, error: { code: 'vm-map-unreadable', message: expect.stringContaining(message), extras: { details: { field } } } });
  });

  it.each(['', '{', '{"vcpus": [4], "vcpus": [5]}', 'a: &a [*a, *a]', `vcpus: "${'0-8191,'.repeat(10_000)}"`, 'x'.repeat(200_000)])('a text that is none (%#)', (text) => {
    expect(readVmMap(text)).toMatchObject({ ok: false, error: { code: 'vm-map-unreadable' } });
  });

  it('any text and any JSON give an answer', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json(), fc.record({ vcpus: fc.jsonValue(), cache: fc.jsonValue(), memory: fc.jsonValue(), scheduler: fc.jsonValue() }).map((value) => JSON.stringify(value))), (text) => {
      const map = readVmMap(text);
      expect(map.ok || map.error.code).toEqual(map.ok ? true : 'vm-map-unreadable');
    }), { numRuns: 400 });
  });
});
