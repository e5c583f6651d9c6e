import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TopologyCpu } from '../../../shared/model/cpu-map.ts';
import { parseLscpuTopology } from '../../../shared/parsers/lscpu-topology.ts';
import { planCpuMap } from '../../../shared/planning/cpu-map.ts';

/** Two sockets of 32 cores without SMT: even CPUs on node 0, odd ones on node 1, as on the Xeon Gold 6548Y+ of Intel's guide. */
const dualXeon: TopologyCpu[] = Array.from({ length: 64 }, (_, cpu) => ({ cpu, core: cpu, socket: cpu % 2, node: cpu % 2, kind: null }));
const range = (from: number, to: number, step: number) => Array.from({ length: (to - from) / step + 1 }, (_, index) => from + index * step);

describe('the CPU map', () => {
  test('reproduces the example of Intel’s guide on its Xeon', () => {
    const map = planCpuMap(dualXeon, {
      housekeeping: [0, 1, 2, 3], vms: [{ name: 'rt', count: 8, node: 0 }, { name: 'stress', count: 8, node: 1 }], emulator: { count: 4, node: 0 },
    });
    expect(map.isolated).toEqual(range(4, 63, 1));
    expect(map.vms.map((vm) => vm.vcpus.map(({ cpu }) => cpu))).toEqual([range(4, 18, 2), range(5, 19, 2)]);
    expect(map.emulator).toEqual([56, 58, 60, 62]);
    expect(map.idle).toEqual([]);
    expect(map.findings.filter((finding) => finding.severity !== 'note')).toEqual([]);
  });

  test('keeps CPU 0 and a CPU of each node for the host', () => {
    const { findings } = planCpuMap(dualXeon, { housekeeping: [2], vms: [], emulator: null });
    expect(findings).toMatchObject([{ rule: 'cpu-0-stays', severity: 'error' }, { rule: 'host-cpu-per-node', severity: 'error', element: 'node 1' }]);
  });

  test('leaves the SMT sibling of a VM’s CPU idle', () => {
    const smt: TopologyCpu[] = range(0, 15, 1).map((cpu) => ({ cpu, core: cpu % 8, socket: 0, node: 0, kind: null }));
    const map = planCpuMap(smt, { housekeeping: [0, 8], vms: [{ name: 'rt', count: 3, node: 0 }], emulator: { count: 1, node: 0 } });
    expect(map.vms[0]?.vcpus.map(({ cpu }) => cpu)).toEqual([1, 2, 3]);
    expect(map.idle).toEqual([9, 10, 11]);
    expect(map.emulator).toEqual([15]);
  });

  test('does not mix performance and efficiency CPUs while one kind suffices', () => {
    const hybrid: TopologyCpu[] = range(0, 11, 1).map((cpu) => ({ cpu, core: cpu, socket: 0, node: 0, kind: cpu < 4 ? 'performance' : 'efficiency' }));
    const four = planCpuMap(hybrid, { housekeeping: [0], vms: [{ name: 'rt', count: 4, node: 0 }], emulator: null });
    expect(four.vms[0]?.vcpus.map(({ cpu }) => cpu)).toEqual([4, 5, 6, 7]);
    expect(four.findings).toEqual([]);
    const ten = planCpuMap(hybrid, { housekeeping: [0], vms: [{ name: 'rt', count: 10, node: 0 }], emulator: null });
    expect(ten.findings).toMatchObject([{ rule: 'one-kind-per-vm', element: 'VM rt' }]);
  });

  test('names what cannot be given', () => {
    const { findings } = planCpuMap(dualXeon, { housekeeping: [0, 1, 99], vms: [{ name: 'rt', count: 40, node: 0 }, { name: 'rt', count: 1, node: 7 }], emulator: { count: 4, node: 0 } });
    expect(findings.map((finding) => finding.rule)).toEqual(['cpu-exists', 'enough-cpus', 'enough-cpus', 'node-exists', 'two-cpus-per-vm', 'unique-name', 'enough-cpus']);
  });

  test('is total, and never gives a CPU twice', () => {
    const topologies = fc.uniqueArray(fc.record({
      cpu: fc.nat(300), core: fc.nat(40), socket: fc.nat(3), node: fc.nat(3), kind: fc.constantFrom(null, 'performance' as const, 'efficiency' as const),
    }), { selector: (entry) => entry.cpu, maxLength: 64 });
    fc.assert(fc.property(topologies, fc.array(fc.nat(300)), fc.array(fc.record({ name: fc.string({ minLength: 1 }), count: fc.integer({ min: 1, max: 40 }), node: fc.nat(4) }), { maxLength: 8 }), fc.option(fc.record({ count: fc.integer({ min: 1, max: 20 }), node: fc.nat(4) })), (topology, housekeeping, vms, emulator) => {
      const map = planCpuMap(topology, { housekeeping, vms, emulator });
      const given = [...map.housekeeping, ...map.emulator, ...map.idle, ...map.vms.flatMap((vm) => vm.vcpus.map(({ cpu }) => cpu))];
      expect(new Set(given).size).toBe(given.length);
      for (const cpu of given) expect(topology.some((entry) => entry.cpu === cpu)).toBe(true);
      for (const [index, vm] of map.vms.entries()) if (vm.vcpus.length < (vms[index]?.count ?? 0)) expect(map.findings.some((finding) => finding.severity === 'error')).toBe(true);
    }), { numRuns: 3_000 });
  });
});

describe('lscpu -p', () => {
  test('is read with comments, offline rows and another order of columns', () => {
    expect(parseLscpuTopology('# CPU,Core,Socket,Node\n0,0,0,0\n1,0,0,0\n2,,,\n')).toMatchObject({ ok: true, value: [{ cpu: 0 }, { cpu: 1, core: 0 }] });
    expect(parseLscpuTopology('# NODE,CPU,CORE,SOCKET\n1,5,2,0\n')).toMatchObject({ ok: true, value: [{ cpu: 5, core: 2, socket: 0, node: 1 }] });
    expect(parseLscpuTopology('0,0,0,\n')).toMatchObject({ ok: true, value: [{ node: 0 }] });
  });

  test('any text gives a topology or an error that names the line', () => {
    expect(parseLscpuTopology('0,0,0,0\n0,0,0,0')).toMatchObject({ ok: false, error: { code: 'output-unreadable' } });
    fc.assert(fc.property(fc.oneof(fc.string(), fc.array(fc.array(fc.oneof(fc.nat(9_000).map(String), fc.string()), { maxLength: 5 }).map((cells) => cells.join(','))).map((rows) => rows.join('\n'))), (text) => {
      const parsed = parseLscpuTopology(text);
      if (!parsed.ok) expect(parsed.error.code).toBe('output-unreadable');
    }), { numRuns: 3_000 });
  });
});
