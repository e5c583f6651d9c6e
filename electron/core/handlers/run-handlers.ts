import { CodedError } from '../../../shared/contract/errors.ts';
import { benchmarks, toolBenchmarkOf } from '../../../shared/benchmarks/catalogue.ts';
import type { ToolBenchmark } from '../../../shared/benchmarks/benchmark.ts';
import { commandToRun, previewTool, proposeTool } from '../../../shared/benchmarks/plan-tool.ts';
import type { RunPreview } from '../../../shared/contract/methods.ts';
import type { Job } from '../../../shared/model/job.ts';
import { isCyclictestRun, isToolRequest, type CyclictestOptions, type Run, type RunRequest, type ToolOptions } from '../../../shared/model/run.ts';
import type { Snapshot } from '../../../shared/model/snapshot.ts';
import { stampOf } from '../../../shared/model/stamp.ts';
import { commandText, cyclictestCommand } from '../../../shared/planning/cyclictest-command.ts';
import { conditionsOf } from '../../../shared/planning/cyclictest-board.ts';
import { checkCyclictest } from '../../../shared/planning/cyclictest-check.ts';
import { proposeCyclictest } from '../../../shared/planning/cyclictest-proposal.ts';
import { expectedSamples } from '../../../shared/statistics/expected-samples.ts';
import { runResultOf } from '../../../shared/statistics/run-result.ts';
import { toolResultOf } from '../../../shared/statistics/tool-result.ts';
import type { CoreParts } from '../create-core.ts';
import { resultContextOf } from '../firmware/result-context.ts';
import { explainStoredRun } from '../explanation/explain-stored-run.ts';
import { readHostAfter, readHostBefore, saveHostReading } from '../explanation/host-counters.ts';
import type { ProjectContext } from '../open-project.ts';
import { ownerName } from '../owner-name.ts';
import { followRun } from '../runs/follow-run.ts';
import { endedJustNow } from '../runs/run-ending.ts';
import { loadJournal } from '../runs/load-journal.ts';
import { readRawFiles } from '../runs/raw-files.ts';
import { runSize } from '../runs/run-size.ts';
import { startRun } from '../runs/start-run.ts';
import { loadsAround, loadsAtEnd } from '../workloads/loads-around.ts';
import { stopRun } from '../runs/stop-run.ts';
import type { HandlerGroup } from './handler-group.ts';

const isActive = (run: Run) => run.state === 'starting' || run.state === 'running';

export function runHandlers({ project, bus, jobs }: CoreParts): HandlerGroup<'runs'> {
  const follow = (context: ProjectContext, run: Run): Job => jobs.start(
    { kind: 'run', title: `${run.benchmark} on ${run.boardName}`, boardId: run.boardId, runId: run.id },
    async ({ tell, signal }) => {
      try {
        const session = await context.sessions.get(run.boardId);
        const over = await followRun({ session, store: context.runs, run, signal, tell });
        if (endedJustNow(over, new Date())) await readHostAfter(context, over);
        const ended = over.loads?.length && endedJustNow(over, new Date()) ? await context.runs.update(run.id, { loads: await loadsAtEnd(context, over.loads) }) : over;
        return { runId: ended.id, state: ended.state };
      } finally {
        bus.emit('runs-changed', { runId: run.id });
        bus.emit('boards-changed', {});
      }
    },
  );
  const followed = (runId: string) => jobs.list().find((job) => job.kind === 'run' && job.runId === runId && job.state === 'running');

  return {
    'runs.propose': async ({ boardId, benchmark }) => {
      const { snapshot } = await latestFor(project.context, boardId);
      if (benchmark === undefined || benchmark === 'cyclictest') {
        const { options } = proposeCyclictest(snapshot);
        return previewOf({ benchmark: 'cyclictest', options: await byCpuMap(project.context, boardId, options) }, snapshot);
      }
      const tool = knownTool(benchmark);
      const options = proposeTool(tool, snapshot);
      return previewOf({ benchmark, options: tool.cpus === 'runs on' ? options : await toolByCpuMap(project.context, boardId, tool, options) }, snapshot);
    },
    'runs.preview': async ({ boardId, ...request }) => previewOf(request, (await latestFor(project.context, boardId)).snapshot),
    'runs.start': async ({ boardId, runId, ...request }) => {
      const { context } = project;
      const board = await context.store.board(boardId);
      const same = (await context.runs.list()).find((run) => run.id === runId);
      if (same) throw new CodedError('run-exists', `There is a run ${runId} already.`, { next: 'Attach to it, or start one with another id.' });
      const { id: snapshotId, snapshot } = await latestFor(context, boardId);
      const { command, conditions, problems } = previewOf(request, snapshot);
      const refusals = problems.filter((problem) => problem.severity === 'error');
      if (refusals.length > 0) {
        throw new CodedError('run-refused', refusals.map(({ message }) => message).join(' '), { board: board.name, state: 'Nothing was started.', next: 'Change the options named, then start again.' });
      }
      const session = await context.sessions.get(boardId);
      const common = {
        schema: 1 as const, id: runId, boardId, boardName: board.name, snapshotId, createdAt: stampOf(new Date()), command, conditions,
        loads: await loadsAround(context, board), state: 'starting' as const, stateReason: null, bootId: null, endedAt: null, journalSha256: null,
      };
      const run: Run = isToolRequest(request) ? { ...common, benchmark: request.benchmark, options: request.options } : { ...common, benchmark: 'cyclictest', options: request.options };
      const host = await readHostBefore(context, board, runId);
      const started = await startRun({ session, store: context.runs, run, owner: ownerName(), ...markedCommand(request, snapshot) });
      await saveHostReading(context, runId, host);
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
      const about = await resultContextOf(context.store, run, snapshot);
      return isCyclictestRun(run) ? runResultOf(run, journal, about) : toolResultOf(run, journal, about);
    },
    'runs.explain': ({ runId }) => explainStoredRun(project.context, runId),
    'runs.live': async ({ runId }) => (await loadJournal(project.context.runs, runId, { keep: 'watching' })).statuses,
    'runs.raw': async ({ runId }) => {
      const { runs } = project.context;
      await runs.get(runId);
      return { directory: runs.directory(runId), files: await readRawFiles(runs.directory(runId)) };
    },
    'runs.set-deadline': async ({ runId, deadlineUs, deadlineFraction }) => {
      const { runs } = project.context;
      const changed = await runs.update(runId, { options: { deadlineUs, deadlineFraction } });
      bus.emit('runs-changed', { runId });
      return changed;
    },
  };
}

/** A saved CPU map that has CPUs for measuring threads decides where they run. */
async function byCpuMap(context: ProjectContext, boardId: string, options: CyclictestOptions): Promise<CyclictestOptions> {
  return { ...options, ...await cpusOfMap(context, boardId) };
}

async function toolByCpuMap(context: ProjectContext, boardId: string, { cpus }: ToolBenchmark, options: ToolOptions): Promise<ToolOptions> {
  const mapped = await cpusOfMap(context, boardId);
  return mapped === null ? options : { ...options, ...mapped, cpus: cpus === 'measures one' ? mapped.cpus.slice(0, 1) : mapped.cpus };
}

async function cpusOfMap({ store }: ProjectContext, boardId: string): Promise<Pick<ToolOptions, 'cpus' | 'mainCpus'> | null> {
  const assignments = (await store.cpuMap(boardId))?.assignments ?? [];
  const of = (kind: 'measuring' | 'housekeeping') => assignments.filter(({ claimant }) => claimant.kind === kind).map(({ cpu }) => cpu).sort((a, b) => a - b);
  const [cpus, mainCpus] = [of('measuring'), of('housekeeping')];
  return cpus.length === 0 || mainCpus.length === 0 ? null : { cpus, mainCpus };
}

async function latestFor({ store }: ProjectContext, boardId: string): Promise<{ id: string; snapshot: Snapshot }> {
  const board = await store.board(boardId);
  const latest = await store.latestSnapshot(boardId);
  if (!latest) throw new CodedError('run-refused', `${board.name} has not been read yet, so its CPUs are not known.`, { board: board.name, next: 'Inspect the board first.' });
  return latest;
}

function knownTool(benchmark: string): ToolBenchmark {
  const tool = toolBenchmarkOf(benchmark);
  if (tool === undefined) throw new CodedError('bad-request', `There is no benchmark “${benchmark}”.`, { next: `Benchmarks: ${benchmarks.map(({ id }) => id).join(', ')}.` });
  return tool;
}

function previewOf(request: RunRequest, snapshot: Snapshot): RunPreview {
  return isToolRequest(request) ? toolPreview(request.benchmark, request.options, snapshot) : cyclictestPreview(request.options, snapshot);
}

function toolPreview(benchmark: string, options: ToolOptions, snapshot: Snapshot): RunPreview {
  const planned = previewTool(knownTool(benchmark), options, snapshot);
  if (!planned.ok) throw planned.error;
  return { benchmark, options, ...planned.value, commandText: commandText(planned.value.command), expectedSamples: null, boardBytes: runSize({ benchmark, options }).boardBytes };
}

/** What the runner is given beside the run: the command with marks where its parts differ. */
function markedCommand(request: RunRequest, snapshot: Snapshot): { command?: string[] } {
  if (!isToolRequest(request)) return {};
  const marked = commandToRun(knownTool(request.benchmark), request.options, snapshot);
  if (!marked.ok) throw marked.error;
  return { command: marked.value };
}

function cyclictestPreview(options: CyclictestOptions, snapshot: Snapshot): RunPreview {
  const command = cyclictestCommand(options, { seconds: Math.min(options.segmentSeconds, options.durationSeconds), toolVersion: toolVersion(snapshot) });
  return {
    benchmark: 'cyclictest', options, command, commandText: commandText(command), conditions: conditionsOf(options, snapshot), problems: checkCyclictest(options, snapshot),
    expectedSamples: options.cpus.length * expectedSamples({ seconds: options.durationSeconds, intervalUs: options.intervalUs }),
    boardBytes: runSize({ options }).boardBytes,
  };
}

const toolVersion = (snapshot: Snapshot) => snapshot.tools.find((tool) => tool.name === 'cyclictest')?.version ?? null;
