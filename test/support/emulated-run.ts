import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from '../../electron/core/probe/probe.ts';
import { FileRunStore } from '../../electron/core/runs/file-run-store.ts';
import { asCyclictest } from './run-kit.ts';
import { followRun } from '../../electron/core/runs/follow-run.ts';
import { loadJournal } from '../../electron/core/runs/load-journal.ts';
import { newRunId } from '../../electron/core/runs/run-id.ts';
import type { RunEvent } from '../../electron/core/runs/run-telling.ts';
import { startRun } from '../../electron/core/runs/start-run.ts';
import type { CyclictestOptions, Run, RunResult } from '../../shared/model/run.ts';
import { stampOf } from '../../shared/model/stamp.ts';
import { commandText, cyclictestCommand } from '../../shared/planning/cyclictest-command.ts';
import { conditionsOf } from '../../shared/planning/cyclictest-board.ts';
import { proposeCyclictest } from '../../shared/planning/cyclictest-proposal.ts';
import { runResultOf } from '../../shared/statistics/run-result.ts';
import type { TestBoard } from './emulated-board.ts';
import { answers, person, sessionKit, type SessionKit, type ScriptedPerson } from './session-kit.ts';

export interface Bench {
  readonly kit: SessionKit;
  readonly asked: ScriptedPerson;
  readonly store: FileRunStore;
  /** Starts a run with what the app proposes for this board, changed by `changes`, and follows it. */
  begin(changes: Partial<CyclictestOptions>): Promise<FollowedRun>;
}

export interface FollowedRun {
  readonly run: Run;
  readonly events: RunEvent[];
  /** Resolves at the first event, past or to come, for which `wanted` holds. */
  until(wanted: (event: RunEvent) => boolean): Promise<RunEvent>;
  /** The run as stored after its end, its result, and the SHA-256 of our copy of the journal. */
  readonly ended: Promise<{ run: Run; result: RunResult; journalSha256: string }>;
}

/** The core's parts put together as the application does, for one emulated board, logged in as `user` with the rig's key. */
export function benchFor(rig: TestBoard, user: string, folder: string): Bench {
  const asked = person((body) => (body.kind === 'sudo' ? answers(rig.board.password) : undefined));
  const kit = sessionKit({
    target: { address: rig.board.host, port: rig.board.port, user, login: { method: 'key', keyFile: rig.board.keyFile } },
    asker: asked,
    timings: { sudoSilenceMs: 60_000, firstRetryMs: 500, longestRetryMs: 5_000 },
  });
  const store = new FileRunStore(folder);

  const begin: Bench['begin'] = async (changes) => {
    const { snapshot } = await inspect(kit.session, { root: 'required' });
    const proposed = proposeCyclictest(snapshot).options;
    const durationSeconds = changes.durationSeconds ?? proposed.durationSeconds;
    const options: CyclictestOptions = { ...proposed, intervalUs: 2_000, histogramUs: 20_000, ...changes, durationSeconds, segmentSeconds: changes.segmentSeconds ?? durationSeconds };
    const toolVersion = snapshot.tools.find(({ name }) => name === 'cyclictest')?.version ?? null;
    const now = new Date();
    const run = await startRun({
      session: kit.session, store, owner: 'tester@laptop',
      run: {
        schema: 1, id: newRunId('emulated', now), benchmark: 'cyclictest', boardId: kit.session.boardId, boardName: 'Emulated board', snapshotId: null, createdAt: stampOf(now),
        options, command: cyclictestCommand(options, { seconds: options.segmentSeconds, toolVersion }), conditions: conditionsOf(options, snapshot),
        state: 'starting', stateReason: null, bootId: null, endedAt: null, journalSha256: null,
      },
    });
    process.stderr.write(`${commandText(run.command)}\n`);
    return follow(run);
  };

  const follow = (run: Run): FollowedRun => {
    const events: RunEvent[] = [];
    const listeners = new Set<(event: RunEvent) => void>();
    const tell = (event: RunEvent): void => {
      events.push(event);
      for (const listener of listeners) listener(event);
    };
    const following = followRun({ session: kit.session, store, run, signal: new AbortController().signal, tell });
    const ended = following.then(async (last) => {
      const journal = await loadJournal(store, last.id);
      return { run: last, result: runResultOf(asCyclictest(last), journal, { virtualised: true }), journalSha256: await sha256(join(store.directory(last.id), 'journal')) };
    });
    const until: FollowedRun['until'] = (wanted) => new Promise((settle, fail) => {
      const listener = (event: RunEvent): void => { if (wanted(event)) { listeners.delete(listener); settle(event); } };
      listeners.add(listener);
      for (const event of events) listener(event);
      ended.then(() => { fail(new Error('The run ended before the awaited event.')); }, fail);
    });
    return { run, events, until, ended };
  };
  return { kit, asked, store, begin };
}

const sha256 = async (file: string): Promise<string> => createHash('sha256').update(await readFile(file)).digest('hex');

export const isLive = (event: RunEvent): boolean => event.kind === 'live';
export const isLink = (state: string) => (event: RunEvent): boolean => event.kind === 'link' && event.state === state;

/** Folder of a run that was started as root. */
export const boardFolder = (runId: string): string => `/var/lib/rtvm-bench/runs/${runId}`;
/** SHA-256 of the board's own journal, as the board's tool computes it. */
export const boardJournalSha256 = (rig: TestBoard, runId: string): Promise<string> => rig.read(`sha256sum <${boardFolder(runId)}/journal | cut -d' ' -f1`);
/** Cycles of all threads in the finished segments, added up on the board: cyclictest's totals leave the overflows out. */
export const boardSamples = async (rig: TestBoard, runId: string): Promise<number> =>
  Number(await rig.read(`awk '/^[|]# (Total|Histogram Overflows):/ { sub(/^[^:]*:/, ""); for (i = 1; i <= NF; i++) sum += $i } END { print sum + 0 }' ${boardFolder(runId)}/journal`));
