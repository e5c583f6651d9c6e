import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Assignment, Claimant, TopologyCpu } from '../../../shared/model/cpu-map.ts';
import { dedicationWays } from '../../../shared/planning/cpu-map-alternatives.ts';
import { assignCpus, renameVm, type ClaimantChoice } from '../../../shared/planning/cpu-map-edit.ts';
import { isUsable, judgeCpuMap } from '../../../shared/planning/cpu-map-judge.ts';
import { isCpuMapRule } from '../../../shared/planning/cpu-map-rules.ts';
import { assignmentsOf, planCpuMap } from '../../../shared/planning/cpu-map.ts';
import { anyRequest, anyTopology, atomCores, dualXeon, hybrid, range, request, smt } from './cpu-map-kit.ts';

const kinds = ['housekeeping', 'idle', 'emulator', 'ioThreads', 'measuring', 'stressor'] as const;
const give = (kind: (typeof kinds)[number], ...cpus: number[]): Assignment[] => cpus.map((cpu) => ({ cpu, claimant: { kind } }));
const vm = (name: string, ...cpus: number[]): Assignment[] => cpus.map((cpu, vcpu) => ({ cpu, claimant: { kind: 'vcpu', vm: name, vcpu } }));
const rt = { name: 'rt', count: 2, node: 0 };

/** Rules broken by an edited map, worst first. */
const broken = (topology: readonly TopologyCpu[], asked: Parameters<typeof request>[0], ...assignments: Assignment[][]) =>
  judgeCpuMap(topology, { request: request(asked), assignments: assignments.flat() }).map(({ rule, severity, element }) => `${severity} ${rule}: ${element}`);

describe('an edited CPU map is judged', () => {
  test('in order when nothing speaks against it', () => {
    expect(broken(dualXeon, { vms: [rt] }, give('housekeeping', 0, 1), vm('rt', 4, 6))).toEqual([]);
    expect(isUsable([])).toBe(true);
  });

  test.each<[string, string, readonly TopologyCpu[], Parameters<typeof request>[0], Assignment[][]]>([
    ['CPU 0 given away', 'error cpu-0-stays: CPU 0', dualXeon, {}, [give('housekeeping', 1, 2)]],
    ['a node without a CPU of the host', 'error host-cpu-per-node: node 1', dualXeon, {}, [give('housekeeping', 0, 2)]],
    ['a CPU that is not there', 'error cpu-exists: CPU 99', dualXeon, {}, [give('housekeeping', 0, 1, 99)]],
    ['a CPU claimed twice', 'error one-claimant: CPU 4', dualXeon, { vms: [rt] }, [give('housekeeping', 0, 1), vm('rt', 4, 6), give('emulator', 4)]],
    ['a VM on two nodes', 'error same-node: VM rt', dualXeon, { vms: [rt] }, [give('housekeeping', 0, 1), vm('rt', 4, 5)]],
    ['a VM of one CPU', 'warning two-cpus-per-vm: VM rt', dualXeon, { vms: [{ ...rt, count: 1 }] }, [give('housekeeping', 0, 1), vm('rt', 4)]],
    ['performance and efficiency cores in a VM', 'error one-kind-per-vm: VM rt', hybrid, { vms: [rt] }, [give('housekeeping', 0), vm('rt', 3, 4)]],
    ['a stressor on the sibling of a vCPU', 'error sibling-idle: VM rt', smt, { vms: [rt] }, [give('housekeeping', 0, 8), vm('rt', 1, 2), give('idle', 10), give('stressor', 9)]],
    ['two vCPUs on one core', 'error sibling-idle: VM rt', smt, { vms: [rt] }, [give('housekeeping', 0, 8), vm('rt', 1, 9)]],
    ['a measuring thread beside the host', 'error sibling-idle: measuring threads', smt, {}, [give('housekeeping', 0, 8, 9), give('measuring', 1)]],
    ['half a core for the host', 'note host-whole-cores: CPU 8', smt, {}, [give('housekeeping', 0)]],
    ['a CPU kept idle for nothing', 'note idle-needed: CPU 9', smt, {}, [give('housekeeping', 0, 8), give('idle', 9)]],
    ['emulator threads far from every VM', 'warning emulator-same-node: emulator', dualXeon, { vms: [rt] }, [give('housekeeping', 0, 1), vm('rt', 4, 6), give('emulator', 63)]],
    ['I/O threads far from every VM', 'warning io-same-node: I/O threads', dualXeon, { vms: [rt] }, [give('housekeeping', 0, 1), vm('rt', 4, 6), give('ioThreads', 63)]],
    ['several emulator CPUs', 'note emulator-not-balanced: CPU 60,62', dualXeon, { vms: [rt] }, [give('housekeeping', 0, 1), vm('rt', 4, 6), give('emulator', 60, 62)]],
    ['a stressor behind the L2 of a VM', 'note whole-module: VM rt', atomCores, { vms: [rt] }, [give('housekeeping', 0), vm('rt', 4, 5), give('stressor', 6)]],
    ['emulator CPUs shared by VMs', 'warning emulator-not-balanced: CPU 60,62', dualXeon, { vms: [rt, { ...rt, name: 'hmi' }] }, [give('housekeeping', 0, 1), vm('rt', 4, 6), vm('hmi', 8, 10), give('emulator', 60, 62)]],
    ['a stressor on the node of a VM', 'note stressor-other-node: stressor', dualXeon, { vms: [rt] }, [give('housekeeping', 0, 1), vm('rt', 4, 6), give('stressor', 8)]],
    ['a VM nobody asked for', 'error vm-known: VM old', dualXeon, { vms: [rt] }, [give('housekeeping', 0, 1), vm('rt', 4, 6), vm('old', 8)]],
    ['a gap in the numbers of vCPUs', 'error vcpu-numbers: VM rt', dualXeon, { vms: [rt] }, [give('housekeeping', 0, 1), vm('rt', 4), [{ cpu: 6, claimant: { kind: 'vcpu', vm: 'rt', vcpu: 2 } }]]],
    ['two VMs of one name', 'error unique-name: VM rt', dualXeon, { vms: [rt, rt] }, [give('housekeeping', 0, 1), vm('rt', 4, 6)]],
    ['a node that is not there', 'error node-exists: VM rt', dualXeon, { vms: [{ ...rt, node: 7 }] }, [give('housekeeping', 0, 1)]],
    ['a VM without a CPU', 'error enough-cpus: VM rt', dualXeon, { vms: [rt] }, [give('housekeeping', 0, 1)]],
    ['fewer CPUs than asked for', 'warning as-requested: emulator', dualXeon, { vms: [rt], emulator: { count: 4, node: 0 } }, [give('housekeeping', 0, 1), vm('rt', 4, 6), give('emulator', 62)]],
    ['more CPUs than asked for', 'note as-requested: VM rt', dualXeon, { vms: [rt] }, [give('housekeeping', 0, 1), vm('rt', 4, 6, 8)]],
  ])('%s', (_what, expected, topology, asked, assignments) => {
    expect(broken(topology, asked, ...assignments)).toContain(expected);
  });

  const anyClaimant: fc.Arbitrary<Claimant> = fc.oneof(fc.constantFrom(...kinds).map((kind) => ({ kind })), fc.record({ kind: fc.constant('vcpu' as const), vm: fc.constantFrom('rt', 'a', ''), vcpu: fc.nat(70) }));

  test('whatever it holds: total, by rules that are listed, on CPUs that are named', () => {
    fc.assert(fc.property(anyTopology, anyRequest, fc.array(fc.record({ cpu: fc.nat(400), claimant: anyClaimant }), { maxLength: 40 }), (topology, asked, assignments) => {
      const poor = judgeCpuMap(topology, { request: asked, assignments }).filter(({ rule, message, severity, fix }) => !isCpuMapRule(rule) || /undefined|null|NaN/.test(message) || (severity !== 'note' && fix === undefined));
      expect(poor).toEqual([]);
    }), { numRuns: 10_000 });
  });

  test('the map of Intel’s example has only the note on balancing', () => {
    const asked = request({ housekeeping: [0, 1, 2, 3], vms: [{ name: 'rt', count: 8, node: 0 }], emulator: { count: 4, node: 0 }, stressor: { count: 8, node: 1 } });
    const map = planCpuMap(dualXeon, asked);
    expect(map.stressor).toEqual(range(5, 19, 2));
    expect(judgeCpuMap(dualXeon, { request: asked, assignments: assignmentsOf(map) }).map(({ rule }) => rule)).toEqual(['emulator-not-balanced']);
  });
});

describe('editing a CPU map', () => {
  const start = [...give('housekeeping', 0, 8), ...vm('rt', 2, 3), ...give('idle', 10, 11)];
  const claimant = (assignments: readonly Assignment[], cpu: number) => assignments.find((one) => one.cpu === cpu)?.claimant;

  test('numbers vCPUs in the order of their CPUs, and leaves the sibling idle', () => {
    const edited = assignCpus(smt, start, [1], { kind: 'vcpu', vm: 'rt' });
    expect([1, 2, 3].map((cpu) => claimant(edited, cpu))).toEqual([0, 1, 2].map((vcpu) => ({ kind: 'vcpu', vm: 'rt', vcpu })));
    expect(claimant(edited, 9)).toEqual({ kind: 'idle' });
  });

  test('frees the sibling with the CPU, but takes it from nobody', () => {
    const edited = assignCpus(smt, start, [2], null);
    expect([2, 10].map((cpu) => claimant(edited, cpu))).toEqual([undefined, undefined]);
    const beside = assignCpus(smt, [...start, ...give('stressor', 9)], [1], { kind: 'vcpu', vm: 'rt' });
    expect(claimant(beside, 9)).toEqual({ kind: 'stressor' });
  });

  test('says by the same list that nothing changed', () => {
    expect(assignCpus(smt, start, [2, 3], { kind: 'vcpu', vm: 'rt' })).toBe(start);
    expect(assignCpus(smt, start, [77], { kind: 'emulator' })).toBe(start);
    expect(assignCpus(smt, start, [5], null)).toBe(start);
  });

  test('takes a VM out, or renames it', () => {
    expect(renameVm(smt, start, 'rt', null)).toEqual(give('housekeeping', 0, 8));
    expect(claimant(renameVm(smt, start, 'rt', 'axis'), 3)).toEqual({ kind: 'vcpu', vm: 'axis', vcpu: 1 });
  });

  test('keeps every map well formed, whatever is done in whatever order', () => {
    const choices: ClaimantChoice[] = [null, ...kinds.map((kind) => ({ kind })), { kind: 'vcpu', vm: 'a' }, { kind: 'vcpu', vm: 'b' }];
    fc.assert(fc.property(anyTopology, fc.array(fc.record({ cpus: fc.array(fc.nat(300), { maxLength: 6 }), choice: fc.constantFrom(...choices) }), { maxLength: 20 }), (topology, edits) => {
      let map: readonly Assignment[] = [];
      for (const { cpus, choice } of edits) map = assignCpus(topology, map, cpus, choice);
      expect(map.map(({ cpu }) => cpu)).toEqual([...new Set(map.map(({ cpu }) => cpu))].sort((a, b) => a - b));
      const rules = judgeCpuMap(topology, { request: request({ vms: ['a', 'b'].map((name) => ({ name, count: 1, node: 0 })) }), assignments: map }).map(({ rule }) => rule);
      for (const rule of ['cpu-exists', 'one-claimant', 'vcpu-numbers', 'vm-known']) expect(rules).not.toContain(rule);
    }), { numRuns: 2_000 });
  });
});

test('the ways to dedicate CPUs name the CPUs of the map', () => {
  const ways = dedicationWays({ isolated: [4, 5, 6, 7], realTime: [4, 5], idle: [6] });
  expect(ways.map(({ lines }) => lines.join('\n'))).toEqual([expect.stringContaining('isolcpus=managed_irq,domain,4-7'), expect.stringContaining('echo 4-5 >'), 'echo 0 > /sys/devices/system/cpu/cpu6/online']);
  expect(dedicationWays({ isolated: [], realTime: [], idle: [] }).flatMap(({ lines }) => lines)).toEqual([]);
});
