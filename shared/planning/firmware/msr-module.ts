import type { Proposal } from '../../model/plan.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Capture } from '../../parsers/capture.ts';

/**
 * Whether SMIs can be counted on a board. `ready`: the MSR driver is there; `module`: it is not loaded; `not-built`: this kernel
 * has none; `other-vendor`: the counter is an Intel MSR (0x34); `vm`: a VM's counter is invented by the hypervisor.
 */
export type SmiCounting = 'ready' | 'module' | 'not-built' | 'other-vendor' | 'vm' | 'unknown';

type Board = { readonly snapshot: Pick<Snapshot, 'cpus' | 'virtualisation' | 'kernel'>; readonly capture: Capture };

export function smiCounting({ snapshot: { cpus, virtualisation, kernel }, capture }: Board): SmiCounting {
  if (virtualisation.kind === 'vm' || cpus.flags.includes('hypervisor')) return 'vm';
  if (cpus.vendor === null) return 'unknown';
  if (cpus.vendor !== 'GenuineIntel') return 'other-vendor';
  if (capture.exists('/dev/cpu/0/msr')) return 'ready';
  const config = Object.entries(kernel.config).find(([name]) => name === 'CONFIG_X86_MSR' || name === 'X86_MSR')?.[1];
  const isKnown = Object.keys(kernel.config).length > 0;
  return isKnown && (config === undefined || config === 'n') ? 'not-built' : 'module';
}

/** Loading the MSR driver, where SMIs could then be counted. It is a change of the board, so it is a plan like any other. */
export function proposeMsrModule(board: Board): Proposal {
  const counting = smiCounting(board);
  const why = notNeeded[counting];
  return {
    title: 'Load the MSR driver, to count SMIs', purpose: { kind: 'change' }, restart: 'none',
    notes: why === null ? ['It stays loaded until it is unloaded or the board restarts. Reading the counter interrupts the CPU in question: it is read before and after a measurement, never during it.'] : [],
    steps: why !== null ? [] : [{
      title: 'Load the module msr', why: 'Without it the SMI counter cannot be read, and hwlatdetect prints 0 SMIs whatever happened.', settings: ['firmware.smi-count'], risk: 'security',
      caution: 'Root may then read and write the processor’s registers; a write taints the kernel. Undo unloads it.', action: { kind: 'module', module: 'msr', loaded: true },
    }],
    refused: why === null ? [] : [{ setting: 'firmware.smi-count', why, next: counting === 'ready' ? 'Nothing is to be done.' : 'Look for gaps with hwlatdetect: it needs no counter.' }],
  };
}

const notNeeded: Readonly<Record<SmiCounting, string | null>> = {
  module: null,
  ready: 'The MSR driver is there already.',
  'not-built': 'This kernel was built without the MSR driver (CONFIG_X86_MSR).',
  'other-vendor': 'The SMI counter is a register of Intel processors.',
  vm: 'In a virtual machine the counter is invented by the hypervisor.',
  unknown: 'Which processor this is was not read.',
};
