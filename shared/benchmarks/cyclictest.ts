import type { BenchmarkAbout } from './benchmark.ts';

/** cyclictest has options, a live view and statistics of its own: see shared/planning/cyclictest-command.ts. */
export const cyclictestAbout: BenchmarkAbout = {
  id: 'cyclictest', title: 'cyclictest', program: 'cyclictest', order: 0,
  answers: 'How late does a real-time thread wake up after its timer, at worst?',
  packages: { debian: 'rt-tests', redHat: 'realtime-tests' },
};
