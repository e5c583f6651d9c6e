import { toolBenchmarkOf } from '../../shared/benchmarks/catalogue.ts';
import { commandToRun, shownCommand } from '../../shared/benchmarks/plan-tool.ts';
import { isToolRun, type Run, type ToolOptions, type ToolRun, type ToolRunResult } from '../../shared/model/run.ts';
import { stampOf } from '../../shared/model/stamp.ts';
import { toolResultOf } from '../../shared/statistics/tool-result.ts';
import { loadJournal } from '../../electron/core/runs/load-journal.ts';
import { newRunId } from '../../electron/core/runs/run-id.ts';
import { startRun } from '../../electron/core/runs/start-run.ts';
import { follow, type RunKit } from './run-kit.ts';

/** A short run of a tool on CPU 1 with everything else on CPU 0, and the command that the runner is given. */
export function newToolRun(benchmark: string, changes: Partial<ToolOptions> = {}, values: ToolOptions['values'] = {}): { run: ToolRun; command: string[] } {
  const tool = toolBenchmarkOf(benchmark);
  if (tool === undefined) throw new Error(`there is no benchmark ${benchmark}`);
  const options: ToolOptions = { cpus: [1], mainCpus: [0], priority: tool.priority === 'never' ? null : tool.priority, durationSeconds: 2, deadlineUs: null, deadlineFraction: 1, ...changes, values: { ...tool.defaults, ...values } };
  const [shown, marked] = [shownCommand(tool, options, null), commandToRun(tool, options, null)];
  if (!shown.ok) throw shown.error;
  if (!marked.ok) throw marked.error;
  return {
    command: marked.value,
    run: {
      schema: 1, id: newRunId('bench-1', new Date()), benchmark, boardId: 'bench-1', boardName: 'Bench 1', snapshotId: null, createdAt: stampOf(new Date()),
      options, command: shown.value, conditions: [], state: 'starting', stateReason: null, bootId: null, endedAt: null, journalSha256: null,
    },
  };
}

/** Runs it to its end. */
export async function toEnd(kit: RunKit, { run, command }: { run: ToolRun; command: string[] }): Promise<{ run: Run; result: ToolRunResult }> {
  const session = kit.session();
  const started = await startRun({ session, store: kit.store, run, command, owner: 'ana@laptop' });
  const ended = await follow(session, kit.store, started).ended;
  return { run: ended, result: await resultOf(kit, ended) };
}

export async function resultOf(kit: RunKit, run: Run): Promise<ToolRunResult> {
  if (!isToolRun(run)) throw new Error('a run of a tool');
  return toolResultOf(run, await loadJournal(kit.store, run.id), { virtualised: false });
}
