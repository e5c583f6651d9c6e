import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import type { CyclictestRun, RunResult, ThreadResult } from '../../../shared/model/run.ts';
import { reportSections } from '../../../shared/model/report.ts';
import { parseCapture } from '../../../shared/parsers/capture.ts';
import { snapshotOf } from '../../../shared/parsers/snapshot/snapshot.ts';
import { remarksOf } from '../../../shared/planning/remarks.ts';
import type { ReportBoard, ReportContent, ReportRun } from '../../../shared/report/report-content.ts';
import { checkGuide } from '../../../shared/settings/check-guide.ts';
import { judge } from '../../../shared/statistics/verdict.ts';
import { percentilesOf } from '../../../shared/statistics/percentiles.ts';

export const sha256Base64 = (text: string) => createHash('sha256').update(text).digest('base64');

const text = readFileSync(new URL('../../fixtures/captures/emulated-board-root.capture', import.meta.url), 'utf8');

const capture = parseCapture(text);
if (!capture.ok) throw capture.error;
const snapshot = snapshotOf(capture.value);
const check = checkGuide({ snapshot, capture: capture.value, guide: 'kvm-host', housekeeping: null });

/** A real board's reading with every setting judged. */
export const boardWith = (changes: Partial<ReportBoard> = {}): ReportBoard => ({
  board: { id: 'press', name: 'Press 4', role: 'host', notes: '', addedAt: '20261120T100000Z' }, reachedBy: 'bench@192.0.2.17', isPretend: false,
  hostKeys: ['ssh-ed25519 SHA256:abc'], snapshotId: snapshot.takenAt, snapshot, remarks: remarksOf(snapshot),
  checks: [check], changes: [], readings: [snapshot.takenAt], differences: [], ...changes,
});

export const threads: readonly ThreadResult[] = [
  { index: 0, cpu: 2, samples: 20_000, minUs: 3, avgUs: 5, maxUs: 41, overflows: 0, histogram: [[3, 9_000], [5, 9_999], [9, 1_000], [41, 1]] },
  { index: 1, cpu: 3, samples: 20_000, minUs: 3, avgUs: 5, maxUs: 912, overflows: 7, histogram: [[3, 9_000], [5, 9_993], [9, 1_000]] },
];

export function runWith(changes: Partial<CyclictestRun> = {}, resultChanges: Partial<RunResult> = {}): ReportRun {
  const run: CyclictestRun = {
    schema: 1, id: 'run-1', benchmark: 'cyclictest', boardId: 'press', boardName: 'Press 4', snapshotId: null, createdAt: '20261120T141000Z', state: 'completed', stateReason: null,
    options: { cpus: [2, 3], mainCpus: [0], priority: 95, intervalUs: 1000, durationSeconds: 20, histogramUs: 100, lockMemory: true, holdDmaLatency: true, segmentSeconds: 20, deadlineUs: 100, deadlineFraction: 1 },
    command: ['cyclictest', '-q', '-h', '100'], conditions: [], bootId: null, endedAt: '20261120T141020Z', journalSha256: 'a'.repeat(64), ...changes,
  };
  const about = { threads, deadlineUs: run.options.deadlineUs, deadlineFraction: 1, virtualised: false, measuredSeconds: 20, validity: { notComparable: [] } };
  const result: RunResult = {
    runId: run.id, threads: [...threads], merged: { index: 0, samples: 40_000, minUs: 3, avgUs: 5, maxUs: 912, overflows: 7 },
    percentiles: threads.map((thread) => ({ cpu: thread.cpu ?? null, values: percentilesOf(thread, { boundUs: 100 }) })),
    expectedSamples: 40_000, measuredSeconds: 20, gapSeconds: 0,
    segments: [{ index: 1, startedAtSeconds: 0, endedAtSeconds: 20, complete: true, maxUs: 912, threads: [...threads] }],
    strip: [{ atSeconds: 1, maxUs: 30 }, { atSeconds: 12, maxUs: 912 }], verdict: judge(about), claim: 'None is claimed.', conditions: ['Idle states held shut.'], warnings: [], ...resultChanges,
  };
  return { run, result, snapshot: null, explanation: null };
}

export function contentWith(changes: Partial<ReportContent> = {}): ReportContent {
  return {
    schema: 1, project: { schema: 1, name: 'Line 4', customer: 'ACME', notes: '', createdAt: '20261119T080000Z' }, date: '20261121T101500Z', signedOffBy: null, version: '0.1.0',
    sections: reportSections, boards: [boardWith()], runs: [runWith()], toolRuns: [], imports: [], quarantined: [],
    evidence: [{ file: 'runs/run-1/journal', sizeBytes: 1234, sha256: 'a'.repeat(64), agrees: true }], ...changes,
  };
}
