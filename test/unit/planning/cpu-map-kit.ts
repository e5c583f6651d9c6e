import fc from 'fast-check';
import type { CpuMapRequest, TopologyCpu } from '../../../shared/model/cpu-map.ts';

export const range = (from: number, to: number, step = 1) => Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);

export const request = (asked: Partial<CpuMapRequest>): CpuMapRequest => ({ housekeeping: [0], vms: [], emulator: null, ioThreads: null, measuring: null, stressor: null, ...asked });

/** Two sockets of 32 cores without SMT: even CPUs on node 0, odd ones on node 1, as on the Xeon Gold 6548Y+ of Intel's guide. */
export const dualXeon: TopologyCpu[] = range(0, 63).map((cpu) => ({ cpu, core: cpu, socket: cpu % 2, node: cpu % 2, kind: null }));
/** Eight cores of two threads: CPU 0 and 8 are one core. */
export const smt: TopologyCpu[] = range(0, 15).map((cpu) => ({ cpu, core: cpu % 8, socket: 0, node: 0, kind: null }));
/** Four performance and eight efficiency cores. */
export const hybrid: TopologyCpu[] = range(0, 11).map((cpu) => ({ cpu, core: cpu, socket: 0, node: 0, kind: cpu < 4 ? 'performance' : 'efficiency' }));

/** Two modules of four cores, each module behind one L2. */
export const atomCores: TopologyCpu[] = range(0, 7).map((cpu) => ({ cpu, core: cpu, socket: 0, node: 0, kind: null, l2: cpu - (cpu % 4) }));

export const anyTopology: fc.Arbitrary<TopologyCpu[]> = fc.uniqueArray(fc.record({
  cpu: fc.nat(300), core: fc.nat(40), socket: fc.nat(3), node: fc.nat(3), kind: fc.constantFrom(null, 'performance' as const, 'efficiency' as const), l2: fc.option(fc.nat(9), { nil: undefined }),
}), { selector: (entry) => entry.cpu, maxLength: 64 });

const anyClaim = fc.record({ count: fc.integer({ min: 1, max: 40 }), node: fc.nat(4) });
const anyPool = fc.option(anyClaim);

/** No name looks like a value that a message must not hold by mistake. */
const anyName = fc.string({ minLength: 1 }).filter((name) => !/undefined|null|NaN/.test(name));

export const anyRequest: fc.Arbitrary<CpuMapRequest> = fc.record({
  housekeeping: fc.array(fc.nat(300)),
  vms: fc.array(fc.record({ name: anyName, count: fc.integer({ min: 1, max: 40 }), node: fc.nat(4) }), { maxLength: 8 }),
  emulator: anyPool, ioThreads: anyPool, measuring: anyPool, stressor: anyPool,
});
