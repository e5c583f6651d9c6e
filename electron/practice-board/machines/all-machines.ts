import type { MachineSpec } from '../linux/machine-spec.ts';
import { dualXeon } from './dual-xeon.ts';
import { eciBoard } from './eci-board.ts';
import { hybridClient } from './hybrid-client.ts';
import { plainPc } from './plain-pc.ts';
import { rhelAtom } from './rhel-atom.ts';

/** Machines to practise on; the first is the default. */
export const allMachines: readonly [MachineSpec, ...MachineSpec[]] = [dualXeon, hybridClient, rhelAtom, eciBoard, plainPc];
