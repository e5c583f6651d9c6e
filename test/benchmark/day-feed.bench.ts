import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { EventBus } from '../../electron/core/event-bus.ts';
import { JobRegistry } from '../../electron/core/jobs/job-registry.ts';
import { FileRunStore } from '../../electron/core/runs/file-run-store.ts';
import { JournalIntake } from '../../electron/core/runs/journal-intake.ts';
import { loadJournal } from '../../electron/core/runs/load-journal.ts';
import { newRunId } from '../../electron/core/runs/run-id.ts';
import { runSize, statusPeriodSeconds } from '../../electron/core/runs/run-size.ts';
import { emptyLiveView, liveMaxUs, takeReadings } from '../../renderer/live/live-view.ts';
import { runSchema, type CyclictestOptions, type Run } from '../../shared/model/run.ts';
import { stampOf } from '../../shared/model/stamp.ts';
import { cyclictestCommand } from '../../shared/planning/cyclictest-command.ts';
import { runResultOf } from '../../shared/statistics/run-result.ts';
import { asCyclictest } from '../support/run-kit.ts';
import type { Benchmark } from './benchmark.ts';
import { dayJournal, spikesUs } from './day-journal.ts';

const threads = 64;
const dayHours = 24;

/** What the bench proposes for a day, on 64 CPUs; the histogram is the variable that output grows with. */
const optionsOf = (hours: number, histogramUs: number): CyclictestOptions => ({
  cpus: Array.from({ length: threads }, (_, cpu) => cpu + 1), mainCpus: [0], priority: 95, intervalUs: 1_000, durationSeconds: hours * 3_600, histogramUs,
  lockMemory: true, holdDmaLatency: true, segmentSeconds: 600, deadlineUs: null, deadlineFraction: 1,
});

const feedSchema = z.object({
  readings: z.number(), points: z.number(), spikesSeen: z.number(), heapGrowthMb: z.number(), residentGrowthMb: z.number(), journalMb: z.number(), computedMb: z.number(), cpuSeconds: z.number(), resultSeconds: z.number(), resultMb: z.number(),
});
type Feed = z.infer<typeof feedSchema>;

interface Memory { readonly heapMb: number; readonly residentMb: number }

/** Garbage is collected first: what is left is held. */
function memory(): Memory {
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heapMb: (heapUsed + external) / 1e6, residentMb: rss / 1e6 };
}

/** Streams the journal of `hours` through everything that holds something of it while a window watches: copy, reader, job, live view. */
async function feed(hours: number, histogramUs: number): Promise<Feed> {
  const project = mkdtempSync(join(tmpdir(), 'rtvm-day-'));
  const options = optionsOf(hours, histogramUs);
  const now = new Date();
  const run: Run = runSchema.parse({
    schema: 1, id: newRunId('board', now), benchmark: 'cyclictest', boardId: 'board', boardName: 'Big board', snapshotId: null, createdAt: stampOf(now), options,
    command: cyclictestCommand(options, { seconds: options.segmentSeconds, toolVersion: '2.5' }), conditions: [], state: 'running', stateReason: null, bootId: null, endedAt: null, journalSha256: null,
  });
  const before = memory();
  let most = before;
  const look = (): void => {
    const here = memory();
    most = { heapMb: Math.max(most.heapMb, here.heapMb), residentMb: Math.max(most.residentMb, here.residentMb) };
  };
  const cpu = process.cpuUsage();
  const store = new FileRunStore(project);
  await store.save(run);
  let view = emptyLiveView;
  let told = 0;
  const jobs = new JobRegistry(new EventBus());
  const job = jobs.start({ kind: 'run', title: 'a day', boardId: 'board', runId: run.id }, async ({ tell }) => {
    const intake = await JournalIntake.open(await store.journal(run.id), () => {
      const { statuses, statusCount } = intake.journal;
      for (const status of told === statusCount ? [] : statuses.slice(told - statusCount)) {
        view = takeReadings(view, [status]);
        tell({ kind: 'live', status });
      }
      told = statusCount;
    });
    const hash = createHash('sha256');
    for (const { bytes, hourEnds } of dayJournal(run.id, options, statusPeriodSeconds(options.durationSeconds))) {
      hash.update(bytes);
      intake.take(bytes);
      await intake.settled();
      if (hourEnds) look();
    }
    if (intake.journal.problem !== null) throw intake.journal.problem;
    if (await intake.sha256(intake.receivedBytes) !== hash.digest('hex')) throw new Error('the copy is not what was sent');
    look();
    await intake.close();
    return {};
  });
  await ended(jobs, job.id);
  const { user, system } = process.cpuUsage(cpu);
  const journalBytes = statSync(join(store.directory(run.id), 'journal')).size;
  const beforeResult = memory();
  const resultCpu = process.cpuUsage();
  const result = runResultOf(asCyclictest(run), await loadJournal(store, run.id), { virtualised: null });
  const spent = process.cpuUsage(resultCpu);
  // The result's own size is a few MB; what was needed to make it is what the process has grown by.
  const resultMb = process.memoryUsage().rss / 1e6 - beforeResult.residentMb;
  if (result.merged.maxUs !== Math.max(...spikesUs)) throw new Error('the result does not have the worst latency');
  rmSync(project, { recursive: true, force: true });
  const seen = new Set(view.strip.map(({ maxUs }) => maxUs));
  if (liveMaxUs(view) !== Math.max(...spikesUs)) throw new Error('the live view does not show the worst latency');
  return {
    readings: told, points: view.strip.length, spikesSeen: spikesUs.filter((us) => seen.has(us)).length,
    heapGrowthMb: most.heapMb - before.heapMb, residentGrowthMb: most.residentMb - before.residentMb,
    journalMb: journalBytes / 1e6, computedMb: runSize(run).journalBytes / 1e6, cpuSeconds: (user + system) / 1e6,
    resultSeconds: (spent.user + spent.system) / 1e6, resultMb,
  };
}

async function ended(jobs: JobRegistry, jobId: string): Promise<void> {
  for (;;) {
    const { job, events } = jobs.snapshot(jobId, jobs.snapshot(jobId, 0).job.lastSeq - 1);
    const last = events.at(-1)?.body;
    if (last?.kind === 'failed') throw new Error(last.error.message);
    if (job.state !== 'running') return;
    await new Promise((resolve) => { setImmediate(resolve); });
  }
}

/** A process of its own: in this one other benchmarks have left memory behind that would be used again. */
async function feedInProcess(hours: number, histogramUs: number): Promise<Feed> {
  const child = fork(fileURLToPath(import.meta.url), [String(hours), String(histogramUs)], { execArgv: ['--expose-gc'], env: { ...process.env, RTVM_DAY_FEED: '1' } });
  const exited = once(child, 'exit').then(([code]: unknown[]) => { throw new Error(`the process that was fed ended with ${String(code)}`); });
  exited.catch(() => undefined);
  const [answer]: unknown[] = await Promise.race([once(child, 'message'), exited]);
  return feedSchema.parse(answer);
}

if (process.env['RTVM_DAY_FEED'] === '1' && process.send !== undefined) {
  const [hours, histogramUs] = process.argv.slice(2).map(Number);
  // The first hour compiles what the day then runs through.
  await feed(1, 400);
  process.send(await feed(hours ?? 1, histogramUs ?? 400));
}

const limitMb = 50;

/** Limit from the project's own promise: a day of 64 threads makes this computer's memory grow by less than 50 MB, and the file by no more than was computed before. */
export const benchmark: Benchmark = {
  name: `watch ${String(dayHours)} h × ${String(threads)} threads (simulated feed)`,
  run: async () => {
    const day = await feedInProcess(dayHours, 400);
    const wide = await feedInProcess(dayHours / 4, 10_000);
    return {
      figures: [
        { name: 'readings of a day', value: day.readings, unit: '' }, { name: 'points of its live strip', value: day.points, unit: '' },
        { name: 'held memory at most, above the start', value: day.heapGrowthMb, unit: 'MB' }, { name: 'resident memory at most, above the start', value: day.residentGrowthMb, unit: 'MB' },
        { name: 'journal of the day', value: day.journalMb, unit: 'MB' }, { name: 'computed before the start', value: day.computedMb, unit: 'MB' },
        { name: 'processor time for the day', value: day.cpuSeconds, unit: 's CPU' },
        { name: 'result of the day, made once: processor time', value: day.resultSeconds, unit: 's CPU' }, { name: 'result of the day: resident memory meanwhile', value: day.resultMb, unit: 'MB' },
        { name: '6 h with 10,000 buckets: journal', value: wide.journalMb, unit: 'MB' }, { name: '6 h with 10,000 buckets: held memory', value: wide.heapGrowthMb, unit: 'MB' },
        { name: '6 h with 10,000 buckets: resident memory', value: wide.residentGrowthMb, unit: 'MB' },
      ],
      ratios: [
        { name: 'held memory of a day ÷ 50 MB', value: day.heapGrowthMb / limitMb, limit: 1 }, { name: 'resident memory of a day ÷ 50 MB', value: day.residentGrowthMb / limitMb, limit: 1 },
        { name: 'held memory of 6 h with 10,000 buckets ÷ 50 MB', value: wide.heapGrowthMb / limitMb, limit: 1 },
        { name: 'journal ÷ computed', value: Math.max(day.journalMb / day.computedMb, wide.journalMb / wide.computedMb), limit: 1 },
        // Computed is from above: counts of more digits, more kinds of counters and interrupts than the feed has.
        { name: 'computed ÷ journal', value: Math.max(day.computedMb / day.journalMb, wide.computedMb / wide.journalMb), limit: 4 },
        { name: 'spikes of 100 that the live strip does not show', value: spikesUs.length - day.spikesSeen, limit: 0 },
        { name: 'processor time for a day ÷ a day, in millionths', value: day.cpuSeconds / (dayHours * 3_600) * 1e6, limit: 1_000 },
      ],
    };
  },
};
