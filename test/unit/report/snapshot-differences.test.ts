import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { snapshotFromCapture } from '../../../shared/parsers/snapshot-from-capture.ts';
import { snapshotDifferences } from '../../../shared/report/snapshot-differences.ts';

const reading = (name: string) => snapshotFromCapture(readFileSync(new URL(`../../fixtures/captures/${name}.capture`, import.meta.url), 'utf8'));

describe('snapshotDifferences', () => {
  it('of a reading and itself is nothing', () => {
    const snapshot = reading('emulated-board-root');
    expect(snapshotDifferences(snapshot, snapshot)).toEqual([]);
  });

  it('names what changed, the likeliest to matter first', () => {
    const before = reading('emulated-board-root');
    const after = { ...before, kernel: { ...before.kernel, release: '6.12.0-rt', commandLine: 'isolcpus=1' }, sysctls: { ...before.sysctls, 'kernel.watchdog': 'changed' }, tunedProfile: 'realtime' };
    expect(snapshotDifferences(before, after)).toEqual([
      { what: 'kernel', before: before.kernel.release, after: '6.12.0-rt' },
      { what: 'command line', before: before.kernel.commandLine, after: 'isolcpus=1' },
      { what: 'tuned profile', before: before.tunedProfile ?? 'unknown', after: 'realtime' },
      { what: 'kernel.watchdog', before: before.sysctls['kernel.watchdog'] ?? 'unknown', after: 'changed' },
    ]);
  });

  it('tells what was not read as unknown, and what is empty as none', () => {
    const before = reading('emulated-board-root');
    const after = { ...before, clock: { ...before.clock, source: null }, cpus: { ...before.cpus, isolated: [1, 3] } };
    expect(snapshotDifferences(before, after)).toEqual([
      { what: 'isolated CPUs', before: 'none', after: '1,3' },
      { what: 'clocksource', before: 'hpet', after: 'unknown' },
    ]);
  });

  it('of two boards begins with the command line, and names nothing twice', () => {
    const whats = snapshotDifferences(reading('emulated-smt'), reading('emulated-two-sockets')).map(({ what }) => what);
    expect(whats[0]).toBe('command line');
    expect(new Set(whats).size).toBe(whats.length);
  });
});
