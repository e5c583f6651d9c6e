import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import { core } from '../api/core.ts';
import { emptyLiveView, takeReadings, type LiveView } from '../live/live-view.ts';
import type { MethodOutput, RunPreview } from '../../shared/contract/methods.ts';
import { isToolRequest, isToolResult, type BenchmarkId, type LiveStatus, type Run, type RunRequest, type RunResult, type ToolRunResult } from '../../shared/model/run.ts';

export const isOngoing = (run: Run): boolean => run.state === 'starting' || run.state === 'running';

/** Runs of the project, results of those looked at, and the live view of those going on. */
export const useRuns = defineStore('runs', () => {
  const list = ref<Run[]>([]);
  const results = shallowRef<ReadonlyMap<string, RunResult | null>>(new Map());
  const toolResults = shallowRef<ReadonlyMap<string, ToolRunResult>>(new Map());
  const live = shallowRef<ReadonlyMap<string, LiveView>>(new Map());

  const newestFirst = computed(() => [...list.value].sort((a, b) => b.createdAt.localeCompare(a.createdAt)));
  const ofBoard = (boardId: string): Run[] => newestFirst.value.filter((run) => run.boardId === boardId);
  const find = (runId: string): Run | undefined => list.value.find((run) => run.id === runId);
  const ongoing = computed(() => newestFirst.value.filter(isOngoing));

  async function load(): Promise<void> {
    list.value = await core().call('runs.list', {});
  }

  async function loadResult(runId: string): Promise<void> {
    const result = await core().call('runs.result', { runId });
    if (result !== null && isToolResult(result)) toolResults.value = new Map(toolResults.value).set(runId, result);
    else results.value = new Map(results.value).set(runId, result);
  }

  const propose = (boardId: string, benchmark: BenchmarkId): Promise<RunPreview> => core().call('runs.propose', { boardId, benchmark });
  const preview = (boardId: string, request: RunRequest): Promise<RunPreview> =>
    core().call('runs.preview', isToolRequest(request) ? { boardId, ...request } : { boardId, ...request });

  /** Starts a run under an id the window chose: asking twice with the same id starts it once. */
  async function start(boardId: string, request: RunRequest, runId: string): Promise<string> {
    const { jobId, run } = await core().call('runs.start', isToolRequest(request) ? { boardId, runId, ...request } : { boardId, runId, ...request });
    list.value = [...list.value.filter((known) => known.id !== run.id), run];
    return jobId;
  }

  async function stop(runId: string): Promise<void> {
    await core().call('runs.stop', { runId });
  }

  function takeLive(runId: string, readings: readonly LiveStatus[]): void {
    live.value = new Map(live.value).set(runId, takeReadings(live.value.get(runId) ?? emptyLiveView, readings));
  }

  /** Readings kept by the core, for a window that opens in the middle of a run. Returns the job to follow. */
  async function catchUp(runId: string): Promise<string | null> {
    const readings = await core().call('runs.live', { runId });
    live.value = new Map(live.value).set(runId, takeReadings(emptyLiveView, readings));
    return (await core().call('runs.attach', { runId })).jobId;
  }

  const raw = (runId: string): Promise<MethodOutput<'runs.raw'>> => core().call('runs.raw', { runId });

  /** Sets the deadline a run is judged by; the verdict is computed anew. */
  async function setDeadline(runId: string, deadlineUs: number | null, deadlineFraction: number): Promise<void> {
    const run = await core().call('runs.set-deadline', { runId, deadlineUs, deadlineFraction });
    list.value = list.value.map((known) => known.id === runId ? run : known);
    await loadResult(runId);
  }

  function forget(): void {
    list.value = [];
    results.value = new Map();
    toolResults.value = new Map();
    live.value = new Map();
  }

  return { list, results, toolResults, live, newestFirst, ofBoard, find, ongoing, load, loadResult, propose, preview, start, stop, takeLive, catchUp, raw, setDeadline, forget };
});
