import { z } from 'zod';
import { toolBenchmark } from '../benchmark.ts';

/** Register 0x34 counts SMIs on Intel's processors since Nehalem. The script is one text; the time is its argument. */
const twoReadings = 'rdmsr -a -d 0x34 && echo && sleep "$1" && rdmsr -a -d 0x34';

export const benchmark = toolBenchmark({
  id: 'smi-count', title: 'SMI count', program: 'rdmsr', order: 21,
  answers: 'How many system management interrupts does the firmware raise, on each CPU?',
  packages: { debian: 'msr-tools', redHat: 'msr-tools' }, format: 'smi', cpus: 'measures each', priority: 'never', root: 'needed', tracer: false,
  timed: true, segmentSeconds: null, seconds: 600, live: 'nothing', judged: 'none',
  noVerdict: 'A count tells how often, and not how long: hwlatdetect tells that, and is judged.',
  states: ['All CPUs are counted. The counter is read before and after, never meanwhile: reading interrupts the CPU.'],
  values: z.object({}),
  defaults: {},
  check: (_options, _values, snapshot) => {
    if (snapshot === null) return [];
    if (snapshot.virtualisation.kind === 'vm') return [{ field: 'board', severity: 'error', message: 'In a virtual machine the counter is invented by the hypervisor: count on the host.' }];
    if (snapshot.cpus.vendor !== null && snapshot.cpus.vendor !== 'GenuineIntel') return [{ field: 'board', severity: 'error', message: 'Only Intel’s processors count SMIs in this register, and this one is not of Intel: look for gaps with hwlatdetect.' }];
    return [{ field: 'board', severity: 'note', message: 'It takes the msr module (modprobe msr); without it rdmsr says so and the run fails.' }];
  },
  command: (_options, _values, { seconds }) => ['sh', '-c', twoReadings, 'smi-count', seconds],
});
