import type { GuideId } from '../../../shared/model/setting.ts';
import type { Explanation } from '../../../shared/model/explanation.ts';
import { isCyclictestRun, type Run } from '../../../shared/model/run.ts';
import type { Board } from '../../../shared/model/board.ts';
import type { JudgedSetting } from '../../../shared/explanation/addressed-by.ts';
import { explainRun, type ExplainRequest, type HostCounters } from '../../../shared/explanation/explain-run.ts';
import { PartCounters } from '../../../shared/explanation/part-counters.ts';
import { parseCapture } from '../../../shared/parsers/capture.ts';
import type { RunJournal } from '../../../shared/parsers/run-journal-model.ts';
import { checkGuide } from '../../../shared/settings/check-guide.ts';
import { guidesOfRole } from '../../../shared/settings/guides-of-role.ts';
import { evidenceOfRun } from '../../../shared/statistics/run-conditions.ts';
import { runResultOf, type ResultContext } from '../../../shared/statistics/run-result.ts';
import { toolResultOf } from '../../../shared/statistics/tool-result.ts';
import { ChecklistStore } from '../firmware/checklist-store.ts';
import { readGate } from '../firmware/gate-store.ts';
import { managementReading } from '../firmware/management-store.ts';
import { resultContextOf } from '../firmware/result-context.ts';
import type { ProjectContext } from '../open-project.ts';
import type { ProjectStore } from '../project/project-store.ts';
import { savedHousekeeping } from '../project/saved-housekeeping.ts';
import { loadJournal } from '../runs/load-journal.ts';
import { hostDeltas, storedHostReading } from './host-counters.ts';

/** Why a stored run is as it is; null where nothing of it came from the board yet. Errors: `run-unknown`, `file-unreadable`. */
export async function explainStoredRun(context: ProjectContext, runId: string): Promise<Explanation | null> {
  const { store, runs } = context;
  const run = await runs.get(runId);
  const counters = new PartCounters(run.options.cpus);
  const journal = await loadJournal(runs, runId, { onCounters: (reading, segments) => { counters.take(reading, segments); } });
  if (journal.header === null) return null;
  const snapshot = run.snapshotId === null ? null : await store.snapshot(run.boardId, run.snapshotId).catch(() => null);
  const about = await resultContextOf(store, run, snapshot);
  const board = await store.board(run.boardId).catch(() => null);
  return explainRun({
    runId, parts: counters.parts, ...figuresOf(run, journal, about),
    settings: board === null || run.snapshotId === null ? [] : await judged(store, board, run.snapshotId),
    gate: await readGate(store, run.boardId).catch(() => null),
    host: await hostOf(context, runId),
  });
}

/** The evidence of a run and the maximum of each of its parts. */
function figuresOf(run: Run, journal: RunJournal, about: ResultContext): Pick<ExplainRequest, 'evidence' | 'partMaxima'> {
  const known = { virtualised: about.virtualised, snapshot: about.snapshot ?? null };
  if (!isCyclictestRun(run)) {
    const { measuredSeconds, segments } = toolResultOf(run, journal, about);
    return {
      evidence: evidenceOfRun(run, journal, { ...known, samples: [], expectedSamples: null, measuredSeconds }),
      partMaxima: segments.map(({ index, maxNs }) => ({ index, maxUs: maxNs === null ? null : maxNs / 1000 })),
    };
  }
  const { threads, measuredSeconds, expectedSamples, segments } = runResultOf(run, journal, about);
  return {
    evidence: evidenceOfRun(run, journal, {
      ...known, measuredSeconds, expectedSamples: expectedSamples === null ? null : expectedSamples / run.options.cpus.length,
      samples: threads.flatMap(({ cpu, samples }) => (cpu === undefined ? [] : [{ cpu, samples }])),
    }),
    partMaxima: segments.map(({ index, maxUs }) => ({ index, maxUs })),
  };
}

/** The guides of a board's role on one of its readings. Empty where that cannot be read any more. */
async function judged(store: ProjectStore, board: Board, snapshotId: string): Promise<JudgedSetting[]> {
  try {
    const capture = parseCapture(await store.capture(board.id, snapshotId));
    if (!capture.ok) return [];
    const snapshot = await store.snapshot(board.id, snapshotId);
    const housekeeping = await savedHousekeeping(store, board.id);
    const firmware = { checklist: await new ChecklistStore(store).getIfReadable(board.id), management: await managementReading(store, board.id) };
    return guidesOfRole[board.role].flatMap((guide: GuideId) =>
      checkGuide({ snapshot, capture: capture.value, guide, housekeeping, ...(guide === 'firmware' ? firmware : {}) }).settings.map((report) => ({ guide, report })));
  } catch {
    return [];
  }
}

async function hostOf({ store, runs }: ProjectContext, runId: string): Promise<HostCounters | null> {
  const reading = await storedHostReading({ runs }, runId);
  if (reading === null) return null;
  const { deltas, missing } = hostDeltas(reading);
  const host = reading.hostId === null ? null : await store.board(reading.hostId).catch(() => null);
  const latest = host === null ? null : await store.latestSnapshot(host.id);
  return { name: reading.hostName, deltas, cpus: reading.cpus, missing, settings: host === null || latest === null ? [] : await judged(store, host, latest.id) };
}
