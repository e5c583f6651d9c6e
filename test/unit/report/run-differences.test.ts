import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseCapture } from '../../../shared/parsers/capture.ts';
import { snapshotOf } from '../../../shared/parsers/snapshot/snapshot.ts';
import { runDifferences, type SideFacts } from '../../../shared/report/run-differences.ts';
import { checkGuide } from '../../../shared/settings/check-guide.ts';
import { runWith } from './report-kit.ts';

const capture = parseCapture(readFileSync(new URL('../../fixtures/captures/emulated-board-root.capture', import.meta.url), 'utf8'));
if (!capture.ok) throw capture.error;
const snapshot = snapshotOf(capture.value);
const settings = checkGuide({ snapshot, capture: capture.value, guide: 'kvm-host', housekeeping: null }).settings;
const own = (more: Partial<SideFacts> = {}): SideFacts => ({ run: runWith().run, snapshot, settings, definition: null, importedFrom: null, ...more });
const { run } = runWith();

describe('runDifferences', () => {
  it('of a side and itself is nothing', () => { expect(runDifferences(own(), own(), [])).toEqual([]); });

  it('begins with how was measured and under which load, then the boards, settings, changes and tools', () => {
    const load = { boardId: 'press', boardName: 'Press 4', kind: 'stress-cpu', command: 'stress-ng', startedAt: '2026-11-20T14:00:00Z', busyAtStart: 4, atEnd: null };
    const [first, ...rest] = settings;
    if (first === undefined) throw new Error('the guide has settings');
    const other = own({
      run: { ...run, options: { ...run.options, intervalUs: 250, deadlineUs: 30 }, loads: [load] },
      snapshot: { ...snapshot, kernel: { ...snapshot.kernel, release: '6.12.0-rt' }, tools: [{ name: 'cyclictest', path: '/usr/bin/cyclictest', version: '9.9' }] },
      settings: [{ ...first, states: { ...first.states, effective: 'something else' } }, ...rest],
      definition: '<domain/>',
    });
    const found = runDifferences(own({ run: { ...run, loads: [] }, definition: '<domain type="kvm"/>' }), other, [{ at: '20261120T150000Z', boardName: 'Press 4', title: 'Tune rt', state: 'done' }]);
    expect(found.map(({ kind }) => kind).filter((kind, at, all) => kind !== all[at - 1])).toEqual(['measurement', 'load', 'system', 'setting', 'definition', 'change', 'tool']);
    expect(found.slice(0, 3)).toEqual([
      { kind: 'measurement', what: 'interval, µs', before: '1000', after: '250' },
      { kind: 'load', what: 'load', before: 'none', after: 'stress-cpu on Press 4' },
      { kind: 'system', what: 'kernel', before: snapshot.kernel.release, after: '6.12.0-rt' },
    ]);
    expect(found).toContainEqual({ kind: 'change', what: 'Press 4: Tune rt', before: null, after: 'done, 20261120T150000Z' });
  });

  it('tells of an imported result what its file tells, and no option of ours against nothing', () => {
    const imported: SideFacts = { run: null, snapshot: null, settings: [], definition: null, importedFrom: { boardName: 'another machine', tool: 'cyclictest', command: null } };
    expect(runDifferences(own(), imported, []).map(({ what }) => what)).toEqual(['board', 'command']);
  });
});
