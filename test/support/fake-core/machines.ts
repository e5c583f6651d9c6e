import { makeSnapshot, range, type MachineShape } from './snapshots.ts';
import type { Snapshot } from '../../../shared/model/snapshot.ts';

const gib = 2 ** 30;
const mib = 2 ** 20;

const xeon: MachineShape = {
  model: 'Intel Xeon Gold 6548Y+', product: 'ThinkSystem SR650 V3', vendor: 'Lenovo', sockets: 2, coresPerSocket: 32, smt: 1, coresPerL3: 32, l3Bytes: 60 * mib, l3Ways: 15,
  interleaved: true, isolated: range(4, 63), tickless: range(4, 61), offline: [], memoryPerNode: 128 * gib, asRoot: true, realtime: true, efficiencyCores: 0,
};

const atom: MachineShape = {
  model: 'Intel Atom x6427FE', product: 'conga-SA7', vendor: 'congatec', sockets: 1, coresPerSocket: 2, smt: 1, coresPerL3: 2, l3Bytes: 4 * mib, l3Ways: null,
  interleaved: false, isolated: [], tickless: [], offline: [], memoryPerNode: 8 * gib, asRoot: false, realtime: false, efficiencyCores: 0,
};

const epyc: MachineShape = {
  model: 'AMD EPYC 9554', product: 'PowerEdge R7625', vendor: 'AMD', sockets: 2, coresPerSocket: 64, smt: 2, coresPerL3: 8, l3Bytes: 32 * mib, l3Ways: 16,
  interleaved: false, isolated: [...range(8, 63), ...range(136, 191)], tickless: [...range(8, 63), ...range(136, 191)], offline: range(250, 255), memoryPerNode: 384 * gib, asRoot: true, realtime: true, efficiencyCores: 0,
};

const hybrid: MachineShape = {
  model: 'Intel Core i7-13700TE', product: 'COM-HPC cRLS', vendor: 'congatec', sockets: 1, coresPerSocket: 16, smt: 2, coresPerL3: 16, l3Bytes: 30 * mib, l3Ways: 12,
  interleaved: false, isolated: range(4, 11), tickless: range(4, 11), offline: [23], memoryPerNode: 32 * gib, asRoot: true, realtime: true, efficiencyCores: 8,
};

export const machines = { xeon, atom, epyc, hybrid } as const satisfies Record<string, MachineShape>;
export type MachineName = keyof typeof machines;

export const snapshotOf = (name: MachineName, takenAt: string): Snapshot => makeSnapshot(machines[name], takenAt);
