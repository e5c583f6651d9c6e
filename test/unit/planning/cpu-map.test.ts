import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { poolKinds } from '../../../shared/model/cpu-map.ts';
import { parseLscpuTopology } from '../../../shared/parsers/lscpu-topology.ts';
import { assignmentsOf, planCpuMap } from '../../../shared/planning/cpu-map.ts';
import { judgeCpuMap } from '../../../shared/planning/cpu-map-judge.ts';
import { isCpuMapRule } from '../../../shared/planning/cpu-map-rules.ts';
import { anyRequest, anyTopology, dualXeon, hybrid, range, request, smt } from './cpu-map-kit.ts';

describe('the CPU map', () => {
  test('reproduces the example of Intel’s guide on its Xeon', () => {
    const map = planCpuMap(dualXeon, request({
      housekeeping: [0, 1, 2, 3], vms: [{ name: 'rt', count: 8, node: 0 }, { name: 'stress', count: 8, node: 1 }], emulator: { count: 4, node: 0 },
    }));
    expect(map.isolated).toEqual(range(4, 63, 1));
    expect(map.vms.map((vm) => vm.vcpus.map(({ cpu }) => cpu))).toEqual([range(4, 18, 2), range(5, 19, 2)]);
    expect(map.emulator).toEqual([56, 58, 60, 62]);
    expect(map.idle).toEqual([]);
    expect(map.findings.filter((finding) => finding.severity !== 'note')).toEqual([]);
  });

  test('keeps CPU 0 and a CPU of each node for the host', () => {
    const { findings } = planCpuMap(dualXeon, request({ housekeeping: [2] }));
    expect(findings).toMatchObject([{ rule: 'cpu-0-stays', severity: 'error' }, { rule: 'host-cpu-per-node', severity: 'error', element: 'node 1' }]);
  });

  test('leaves the SMT sibling of a VM’s CPU idle', () => {
    const map = planCpuMap(smt, request({ housekeeping: [0, 8], vms: [{ name: 'rt', count: 3, node: 0 }], emulator: { count: 1, node: 0 } }));
    expect(map.vms[0]?.vcpus.map(({ cpu }) => cpu)).toEqual([1, 2, 3]);
    expect(map.idle).toEqual([9, 10, 11]);
    expect(map.emulator).toEqual([15]);
  });

  test('does not mix performance and efficiency CPUs while one kind suffices', () => {
    const four = planCpuMap(hybrid, request({ vms: [{ name: 'rt', count: 4, node: 0 }] }));
    expect(four.vms[0]?.vcpus.map(({ cpu }) => cpu)).toEqual([4, 5, 6, 7]);
    expect(four.findings).toEqual([]);
    const ten = planCpuMap(hybrid, request({ vms: [{ name: 'rt', count: 10, node: 0 }] }));
    expect(ten.findings).toMatchObject([{ rule: 'one-kind-per-vm', element: 'VM rt' }]);
  });

  test('names what cannot be given', () => {
    const { findings } = planCpuMap(dualXeon, request({ housekeeping: [0, 1, 99], vms: [{ name: 'a', count: 40, node: 0 }, { name: 'b', count: 1, node: 7 }, { name: 'b', count: 1, node: 0 }], emulator: { count: 4, node: 0 } }));
    expect(findings.map((finding) => finding.rule)).toEqual(['enough-cpus', 'enough-cpus', 'enough-cpus', 'enough-cpus', 'cpu-exists', 'node-exists', 'unique-name']);
  });

  test('gives each its place: measuring threads and stressor low, emulator and I/O threads high', () => {
    const map = planCpuMap(smt, request({ housekeeping: [0, 8], measuring: { count: 2, node: 0 }, emulator: { count: 1, node: 0 }, ioThreads: { count: 2, node: 0 }, stressor: { count: 3, node: 0 } }));
    expect(map).toMatchObject({ measuring: [1, 2], idle: [9, 10], emulator: [15], ioThreads: [13, 14], stressor: [3, 4, 5] });
    expect(map.choices.map(({ element, reasons }) => [element, ...reasons.map(({ rule }) => rule)])).toEqual([
      ['the host', 'cpu-0-stays', 'host-cpu-per-node'], ['emulator', 'highest-free'], ['I/O threads', 'highest-free'], ['measuring threads', 'same-node', 'lowest-free', 'sibling-idle'], ['stressor', 'lowest-free'],
    ]);
  });

  test('puts no real-time work beside a housekeeping CPU, and says what the half core costs', () => {
    const map = planCpuMap(smt, request({ housekeeping: [0], vms: [{ name: 'rt', count: 8, node: 0 }] }));
    expect(map.vms[0]?.vcpus.map(({ cpu }) => cpu)).toEqual(range(1, 7));
    expect(map.findings).toMatchObject([{ rule: 'enough-cpus', element: 'VM rt' }, { rule: 'host-whole-cores', severity: 'note', cpus: [8] }]);
  });

  test('is total, never gives a CPU twice, and what it proposes breaks no rule about places', () => {
    fc.assert(fc.property(anyTopology, anyRequest, (topology, asked) => {
      const map = planCpuMap(topology, asked);
      const assignments = assignmentsOf(map);
      expect(new Set(assignments.map(({ cpu }) => cpu)).size).toBe(assignments.length);
      for (const { cpu } of assignments) expect(topology.some((entry) => entry.cpu === cpu)).toBe(true);
      const short = [...map.vms.map(({ vcpus }, index) => [vcpus.length, asked.vms[index]?.count ?? 0] as const), ...poolKinds.map((kind) => [map[kind].length, asked[kind]?.count ?? 0] as const)].some(([given, wanted]) => given < wanted);
      if (short) expect(map.findings.some(({ severity }) => severity === 'error')).toBe(true);
      const broken = judgeCpuMap(topology, { request: asked, assignments }).map(({ rule }) => rule);
      for (const rule of ['one-claimant', 'same-node', 'sibling-idle', 'idle-needed', 'vm-known', 'vcpu-numbers', 'cpu-exists']) expect(broken).not.toContain(rule);
      for (const { rule } of [...map.findings, ...map.choices.flatMap(({ reasons }) => reasons)]) expect(isCpuMapRule(rule)).toBe(true);
    }), { numRuns: 2_000 });
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
