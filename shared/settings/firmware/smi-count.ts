import { smiCounting, type SmiCounting } from '../../planning/firmware/msr-module.ts';
import { effectiveOnly, noStates, notApplicable, type Setting } from '../setting.ts';

const words: Readonly<Record<Exclude<SmiCounting, 'vm' | 'other-vendor'>, { message: string; fix: string; evidence: string[] }>> = {
  ready: { message: 'The counter can be read. A reading of a board leaves it alone, as it interrupts every CPU: it is read before and after a measurement.', fix: 'Run hwlatdetect for ten minutes, with the SMI counts before and after.', evidence: ['/dev/cpu/0/msr: is there'] },
  module: { message: 'The MSR driver is not loaded, so SMIs cannot be counted; hwlatdetect then prints 0 SMIs whatever happened.', fix: 'Load the module msr (a plan), then run hwlatdetect for ten minutes.', evidence: ['/dev/cpu/0/msr: not there'] },
  'not-built': { message: 'This kernel has no MSR driver, so SMIs cannot be counted.', fix: 'Run hwlatdetect for ten minutes: it finds the gaps, though not their cause.', evidence: ['CONFIG_X86_MSR: not set'] },
  unknown: { message: 'Which processor this is was not read.', fix: 'Read the board again.', evidence: [] },
};

/** The gate before everything else: firmware that interrupts the CPUs limits whatever is measured above it. */
export const setting: Setting = {
  id: 'firmware.smi-count', layer: 'firmware', title: 'SMI count', guides: ['firmware'],
  why: 'Every system management interrupt stops all CPUs, for microseconds or milliseconds, unseen by Linux. Nothing above the firmware can make up for it.',
  source: 'Real-time KVM talk, Hardware pitfalls; Intel SDM, MSR_SMI_COUNT (34H)',
  assess: (board) => {
    const counting = smiCounting(board);
    if (counting === 'vm') return notApplicable('A virtual machine shows the hypervisor’s values, not a firmware’s. Check the host.');
    if (counting === 'other-vendor') return notApplicable('The SMI counter is a register of Intel processors. Here hwlatdetect alone tells of gaps: run it for ten minutes.');
    const { message, fix, evidence } = words[counting];
    return { status: counting === 'unknown' ? 'unknown' : 'manual', stuckAt: null, states: { ...noStates, requested: 'does not grow' }, verdicts: effectiveOnly(null), evidence, message, fix };
  },
};
