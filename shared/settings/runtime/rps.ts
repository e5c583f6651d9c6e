import { queueMasks } from '../support/queue-masks.ts';

export const setting = queueMasks({
  id: 'runtime.rps', queue: 'rx', file: 'rps_cpus',
  title: 'Received packets off isolated CPUs (RPS)',
  why: 'Receive packet steering hands packets to other CPUs, and interrupts those that its masks name.',
  source: 'Linux Documentation/networking/scaling.rst, RPS',
  matches: (cpus, isolated) => !cpus.some((cpu) => isolated.includes(cpu)),
});
