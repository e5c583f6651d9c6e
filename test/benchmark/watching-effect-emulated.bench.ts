import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { existingImage } from '../../build/emulated-board/index.mjs';
import { inspect } from '../../electron/core/probe/probe.ts';
import { FileRunStore } from '../../electron/core/runs/file-run-store.ts';
import { followRun } from '../../electron/core/runs/follow-run.ts';
import { loadJournal } from '../../electron/core/runs/load-journal.ts';
import { newRunId } from '../../electron/core/runs/run-id.ts';
import { startRun } from '../../electron/core/runs/start-run.ts';
import type { CyclictestOptions, CyclictestRun } from '../../shared/model/run.ts';
import type { Snapshot } from '../../shared/model/snapshot.ts';
import { stampOf } from '../../shared/model/stamp.ts';
import { cyclictestCommand } from '../../shared/planning/cyclictest-command.ts';
import { proposeCyclictest } from '../../shared/planning/cyclictest-proposal.ts';
import { runResultOf } from '../../shared/statistics/run-result.ts';
import { startTestBoard, whyNoEmulatedBoard, type TestBoard } from '../support/emulated-board.ts';
import { asCyclictest } from '../support/run-kit.ts';
import { sessionKit } from '../support/session-kit.ts';
import { median, skipped, type Benchmark, type Figure } from './benchmark.ts';

/** Without KVM a board boots for minutes where the machine has other work; pairs of runs stand that. */
const longestBootMs = 300_000;
const pairs = 6;
const seconds = 20;
/** Student's t for five degrees of freedom: 95 % of the differences' mean lies within so many standard errors. */
const studentT = 2.571;

interface Latency { readonly meanUs: number; readonly medianUs: number; readonly maxUs: number }

/** One run; watched from its first second to its last, or left alone with no connection to the board until it is over. */
async function measure(rig: TestBoard, store: FileRunStore, snapshot: Snapshot, watched: boolean): Promise<Latency> {
  const connect = () => sessionKit({ target: { address: rig.board.host, port: rig.board.port, user: 'root', login: { method: 'key', keyFile: rig.board.keyFile } } }).session;
  const proposed = proposeCyclictest(snapshot).options;
  const options: CyclictestOptions = { ...proposed, intervalUs: 2_000, histogramUs: 20_000, durationSeconds: seconds, segmentSeconds: seconds };
  const now = new Date();
  const planned: CyclictestRun = {
    schema: 1, id: newRunId('emulated', now), benchmark: 'cyclictest', boardId: 'emulated', boardName: 'Emulated board', snapshotId: null, createdAt: stampOf(now), options,
    command: cyclictestCommand(options, { seconds, toolVersion: null }), conditions: [], state: 'starting', stateReason: null, bootId: null, endedAt: null, journalSha256: null,
  };
  let session = connect();
  try {
    const run = await startRun({ session, store, run: planned, owner: 'benchmark@laptop' });
    if (!watched) {
      await session.disconnect();
      await pause((seconds + 5) * 1_000);
      session = connect();
    }
    const over = await followRun({ session, store, run, signal: new AbortController().signal, tell: () => undefined });
    const { merged, percentiles } = runResultOf(asCyclictest(over), await loadJournal(store, over.id), { virtualised: true });
    const half = percentiles.find(({ cpu }) => cpu === null)?.values.find(({ p }) => p === 0.5);
    return { meanUs: merged.avgUs ?? Number.NaN, medianUs: half?.us ?? half?.atLeastUs ?? Number.NaN, maxUs: merged.maxUs ?? Number.NaN };
  } finally {
    await session.disconnect();
  }
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** With, without, their difference pair by pair, and how far that may be off by chance (95 %). */
function compared(name: string, unit: string, withIt: readonly number[], without: readonly number[]): Figure[] {
  const differences = withIt.map((value, at) => value - (without[at] ?? Number.NaN));
  const average = mean(differences);
  const spread = Math.sqrt(differences.reduce((sum, value) => sum + (value - average) ** 2, 0) / (differences.length - 1));
  return [
    { name: `${name}: watched`, value: mean(withIt), unit }, { name: `${name}: left alone`, value: mean(without), unit },
    { name: `${name}: difference`, value: average, unit }, { name: `${name}: error of the difference (95 %)`, value: studentT * spread / Math.sqrt(differences.length), unit },
  ];
}

/** What watching does to what is measured. Of an emulated board only the difference says anything: it has no latency of its own. */
export const benchmark: Benchmark = {
  name: 'effect of watching on a board’s own latency (emulated: absolute figures mean nothing as latency)',
  run: async () => {
    if (existingImage() === null) return skipped('there is no image of the emulated board yet (npm run board makes one)');
    const obstacle = whyNoEmulatedBoard();
    if (obstacle !== null) return skipped(obstacle);
    const rig = await startTestBoard({ bootTimeoutMs: longestBootMs }).catch((thrown: unknown) => String(thrown));
    if (typeof rig === 'string') return skipped(rig.split('\n')[0] ?? rig);
    const folder = mkdtempSync(join(tmpdir(), 'rtvm-watching-'));
    try {
      await rig.until('systemctl is-system-running | grep -Ev "starting|initializing"', longestBootMs);
      const first = sessionKit({ target: { address: rig.board.host, port: rig.board.port, user: 'root', login: { method: 'key', keyFile: rig.board.keyFile } } }).session;
      const { snapshot } = await inspect(first);
      await first.disconnect();
      const store = new FileRunStore(folder);
      const [withIt, without]: [Latency[], Latency[]] = [[], []];
      for (let pair = 0; pair < pairs; pair += 1) {
        // Whatever else goes on falls on both alike: each goes first as often as the other.
        for (const watched of pair % 2 === 0 ? [true, false] : [false, true]) (watched ? withIt : without).push(await measure(rig, store, snapshot, watched));
      }
      const of = (all: readonly Latency[], key: keyof Latency): number[] => all.map((latency) => latency[key]);
      const ratioOf = (key: keyof Latency): number => median(of(withIt, key).map((value, at) => value / (of(without, key)[at] ?? Number.NaN)));
      return {
        figures: [
          { name: 'pairs of runs', value: pairs, unit: `of ${String(seconds)} s` },
          ...compared('mean latency', 'µs', of(withIt, 'meanUs'), of(without, 'meanUs')), ...compared('median latency', 'µs', of(withIt, 'medianUs'), of(without, 'medianUs')),
          ...compared('maximum', 'µs', of(withIt, 'maxUs'), of(without, 'maxUs')),
        ],
        ratios: [{ name: 'mean latency watched ÷ left alone (median of pairs)', value: ratioOf('meanUs'), limit: 1.3 }, { name: 'median latency watched ÷ left alone (median of pairs)', value: ratioOf('medianUs'), limit: 1.3 }],
      };
    } finally {
      await rig.dispose();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
