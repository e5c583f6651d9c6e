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

  it('tells what was read with root and not without as unknown, and never as a change of value', () => {
    const differences = snapshotDifferences(reading('emulated-board-user'), reading('emulated-board-root'));
    expect(differences.length).toBeGreaterThan(0);
    for (const { before, after } of differences) expect([before, after]).toContain('unknown');
  });
});
