import type { MachineSpec } from '../linux/machine-spec.ts';
import { dualXeon } from './dual-xeon.ts';

/** Machines to practise on; the first is the default. */
export const allMachines: readonly [MachineSpec, ...MachineSpec[]] = [dualXeon];
