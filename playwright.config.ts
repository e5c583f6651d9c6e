import { defineConfig } from '@playwright/test';
import type { HostOptions } from './test/e2e/host-fixture.ts';

/** The same specs on both windows. An Electron without its runtime skips every spec and says so. */
export default defineConfig<HostOptions>({
  testDir: 'test/e2e/specs',
  outputDir: 'test-results',
  // Each spec has its own host, project and browser; two processors are what the smallest machines have.
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: true,
  reporter: 'line',
  use: { trace: 'off', viewport: { width: 1440, height: 900 } },
  projects: [
    { name: 'browser-window', use: { hostName: 'browser-window' } },
    // An Electron window has no server to attack.
    { name: 'electron', use: { hostName: 'electron' }, testIgnore: 'browser-window-*.spec.ts' },
  ],
});
