import { queueMasks } from '../support/queue-masks.ts';

export const setting = queueMasks({
  id: 'runtime.xps', queue: 'tx', file: 'xps_cpus',
  title: 'Queues for sending not shared with isolated CPUs (XPS)',
  why: 'A queue that isolated and other CPUs send through has one lock, and one interrupt when packets have gone.',
  source: 'Linux Documentation/networking/scaling.rst, XPS',
  // A queue that isolated CPUs have to themselves is as it should be.
  matches: (cpus, isolated) => cpus.every((cpu) => isolated.includes(cpu)) || !cpus.some((cpu) => isolated.includes(cpu)),
});
