import { defineConfig } from 'vitest/config';

const common = { environment: 'node', testTimeout: 30_000, hookTimeout: 120_000 } as const;

export default defineConfig({
  test: {
    projects: [
      { test: { ...common, name: 'unit', include: ['test/unit/**/*.test.ts'] } },
      { test: { ...common, name: 'contract', include: ['test/contract/**/*.test.ts'] } },
      // Real servers and real tools: one file at a time, so that a measurement is not disturbed by another.
      { test: { ...common, name: 'board', include: ['test/board/**/*.test.ts'], fileParallelism: false, testTimeout: 120_000, hookTimeout: 300_000 } },
      // Boards that are changed and restarted: they wait for their own clocks most of the time, and two do so side by side.
      { test: { ...common, name: 'emulated', include: ['test/emulated/**/*.test.ts'], testTimeout: 300_000, hookTimeout: 300_000 } },
    ],
  },
});
