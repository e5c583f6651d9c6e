import { CodedError } from '../../../shared/contract/errors.ts';
import type { RunPreview } from '../../../shared/contract/methods.ts';
import type { Job } from '../../../shared/model/job.ts';
import type { CyclictestOptions, Run } from '../../../shared/model/run.ts';
import type { Snapshot } from '../../../shared/model/snapshot.ts';
import { dateOfStamp, stampOf } from '../../../shared/model/stamp.ts';
import { commandText, cyclictestCommand } from '../../../shared/planning/cyclictest-command.ts';
import { conditionsOf } from '../../../shared/planning/cyclictest-board.ts';
import { checkCyclictest } from '../../../shared/planning/cyclictest-check.ts';
import { proposeCyclictest } from '../../../shared/planning/cyclictest-proposal.ts';
import { expectedSamples } from '../../../shared/statistics/expected-samples.ts';
import { runResultOf } from '../../../shared/statistics/run-result.ts';
import type { CoreParts } from '../create-core.ts';
import { resultContextOf } from '../firmware/result-context.ts';
import type { ProjectContext } from '../open-project.ts';
import { ownerName } from '../owner-name.ts';
import { followRun } from '../runs/follow-run.ts';
import { loadJournal } from '../runs/load-journal.ts';
import { readRawFiles } from '../runs/raw-files.ts';
import { runSize } from '../runs/run-size.ts';
import { startRun } from '../runs/start-run.ts';
import { loadsAround, loadsAtEnd } from '../workloads/loads-around.ts';
import { stopRun } from '../runs/stop-run.ts';
import type { HandlerGroup } from './handler-group.ts';

/** Longer after the end of a run, what its loads do says nothing about it. By this computer's clock alone: the board's may be wrong. */
const freshSeconds = 60;
const endedJustNow = ({ createdAt, options }: Run): boolean => Date.now() - dateOfStamp(createdAt).getTime() < (options.durationSeconds + freshSeconds) * 1000;

const isActive = (run: Run) => run.state === 'starting' || run.state === 'running';

export function runHandlers({ project, bus, jobs }: CoreParts): HandlerGroup<'runs'> {
  const follow = (context: ProjectContext, run: Run): Job => jobs.start(
    { kind: 'run', title: `${run.benchmark} on ${run.boardName}`, boardId: run.boardId, runId: run.id },
    async ({ tell, signal }) => {
      try {
        const session = await context.sessions.get(run.boardId);
        const over = await followRun({ session, store: context.runs, run, signal, tell });
        const ended = over.loads?.length && endedJustNow(over) ? await context.runs.update(run.id, { loads: await loadsAtEnd(context, over.loads) }) : over;
        return { runId: ended.id, state: ended.state };
      } finally {
        bus.emit('runs-changed', { runId: run.id });
        bus.emit('boards-changed', {});
      }
    },
  );
  const followed = (runId: string) => jobs.list().find((job) => job.kind === 'run' && job.runId === runId && job.state === 'running');

  return {
    'runs.propose': async ({ boardId }) => {
      const { snapshot } = await latestFor(project.context, boardId);
      const { options } = proposeCyclictest(snapshot);
      return preview(await byCpuMap(project.context, boardId, options), snapshot);
    },
    'runs.preview': async ({ boardId, options }) => preview(options, (await latestFor(project.context, boardId)).snapshot),
    'runs.start': async ({ boardId, options, runId }) => {
      const { context } = project;
      const board = await context.store.board(boardId);
      const same = (await context.runs.list()).find((run) => run.id === runId);
      if (same) throw new CodedError('run-exists', `There is a run ${runId} already.`, { next: 'Attach to it, or start one with another id.' });
      const { id: snapshotId, snapshot } = await latestFor(context, boardId);
      const { command, conditions, problems } = preview(options, snapshot);
      const refusals = problems.filter((problem) => problem.severity === 'error');
      if (refusals.length > 0) {
        throw new CodedError('run-refused', refusals.map(({ message }) => message).join(' '), { board: board.name, state: 'Nothing was started.', next: 'Change the options named, then start again.' });
      }
      const session = await context.sessions.get(boardId);
      const run: Run = {
        schema: 1, id: runId, benchmark: 'cyclictest', boardId, boardName: board.name, snapshotId, createdAt: stampOf(new Date()),
        options, command, conditions, loads: await loadsAround(context, board), state: 'starting', stateReason: null, bootId: null, endedAt: null, journalSha256: null,
      };
      const started = await startRun({ session, store: context.runs, run, owner: ownerName() });
      bus.emit('boards-changed', {});
      bus.emit('runs-changed', { runId });
      return { jobId: follow(context, started).id, run: started };
    },
    'runs.attach': async ({ runId }) => {
      const running = followed(runId);
      if (running) return { jobId: running.id };
      const { context } = project;
      const run = await context.runs.get(runId);
      return { jobId: isActive(run) ? follow(context, run).id : null };
    },
    'runs.stop': async ({ runId }) => {
      const { context } = project;
      const run = await context.runs.get(runId);
      if (!isActive(run)) return {};
      await stopRun({ session: await context.sessions.get(run.boardId), store: context.runs, run });
      return {};
    },
    'runs.list': () => project.context.runs.list(),
    'runs.get': ({ runId }) => project.context.runs.get(runId),
    'runs.result': async ({ runId }) => {
      const { context } = project;
      const run = await context.runs.get(runId);
      const journal = await loadJournal(context.runs, runId);
      if (journal.header === null) return null;
      const snapshot = run.snapshotId ? await context.store.snapshot(run.boardId, run.snapshotId) : null;
      return runResultOf(run, journal, await resultContextOf(context.store, run, snapshot));
    },
    'runs.live': async ({ runId }) => (await loadJournal(project.context.runs, runId)).statuses,
    'runs.raw': async ({ runId }) => {
      const { runs } = project.context;
      await runs.get(runId);
      return { directory: runs.directory(runId), files: await readRawFiles(runs.directory(runId)) };
    },
    'runs.set-deadline': async ({ runId, deadlineUs, deadlineFraction }) => {
      const { runs } = project.context;
      const run = await runs.get(runId);
      const changed = await runs.update(runId, { options: { ...run.options, deadlineUs, deadlineFraction } });
      bus.emit('runs-changed', { runId });
      return changed;
    },
  };
}

/** A saved CPU map that has CPUs for measuring threads decides where they run. */
async function byCpuMap({ store }: ProjectContext, boardId: string, options: CyclictestOptions): Promise<CyclictestOptions> {
  const assignments = (await store.cpuMap(boardId))?.assignments ?? [];
  const of = (kind: 'measuring' | 'housekeeping') => assignments.filter(({ claimant }) => claimant.kind === kind).map(({ cpu }) => cpu).sort((a, b) => a - b);
  const [cpus, mainCpus] = [of('measuring'), of('housekeeping')];
  return cpus.length === 0 || mainCpus.length === 0 ? options : { ...options, cpus, mainCpus };
}

async function latestFor({ store }: ProjectContext, boardId: string): Promise<{ id: string; snapshot: Snapshot }> {
  const board = await store.board(boardId);
  const latest = await store.latestSnapshot(boardId);
  if (!latest) throw new CodedError('run-refused', `${board.name} has not been read yet, so its CPUs are not known.`, { board: board.name, next: 'Inspect the board first.' });
  return latest;
}

function preview(options: CyclictestOptions, snapshot: Snapshot): RunPreview {
  const command = cyclictestCommand(options, { seconds: Math.min(options.segmentSeconds, options.durationSeconds), toolVersion: toolVersion(snapshot) });
  return {
    options, command, commandText: commandText(command), conditions: conditionsOf(options, snapshot), problems: checkCyclictest(options, snapshot),
    expectedSamples: options.cpus.length * expectedSamples({ seconds: options.durationSeconds, intervalUs: options.intervalUs }),
    boardBytes: runSize(options).boardBytes,
  };
}

const toolVersion = (snapshot: Snapshot) => snapshot.tools.find((tool) => tool.name === 'cyclictest')?.version ?? null;
