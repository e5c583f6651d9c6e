import { toolBenchmarkOf } from '../../../shared/benchmarks/catalogue.ts';
import { commandToRun } from '../../../shared/benchmarks/plan-tool.ts';
import { CodedError } from '../../../shared/contract/errors.ts';
import type { CampaignPreview, CampaignWish } from '../../../shared/model/campaign.ts';
import { isToolRequest, runRequestSchema, type RunRequest } from '../../../shared/model/run.ts';
import type { Snapshot } from '../../../shared/model/snapshot.ts';
import { composeCells, hostOf, type CampaignBoard, type PreparedRequest } from '../../../shared/planning/campaign/campaign-cells.ts';
import { requestInWish, templateRequest } from '../../../shared/planning/campaign/template-request.ts';
import { timeTable } from '../../../shared/planning/campaign/time-table.ts';
import type { CpuChoice } from '../../../shared/planning/cyclictest-board.ts';
import { commandText } from '../../../shared/planning/cyclictest-command.ts';
import type { HandlerGroup } from '../handlers/handler-group.ts';
import type { ProjectContext } from '../open-project.ts';

type Runs = Pick<HandlerGroup<'runs'>, 'runs.preview' | 'runs.propose'>;

/** Every cell of a wish with its command and its times, from the last readings of the boards. Nothing is started. Errors: `file-unreadable`. */
export async function previewCampaign(context: ProjectContext, runs: Runs, wish: CampaignWish): Promise<CampaignPreview> {
  const all = await context.store.boards();
  const boards: CampaignBoard[] = [];
  for (const board of all) boards.push({ board, latest: await context.store.latestSnapshot(board.id), hostId: hostOf(board, all)?.id ?? null });
  const prepared: PreparedRequest[] = [];
  for (const boardId of new Set(wish.places.map((place) => place.boardId))) {
    const found = boards.find(({ board, latest }) => board.id === boardId && latest !== null);
    if (found !== undefined) prepared.push(await prepare(context, runs, wish, found));
  }
  const { cells, notes, problems } = composeCells(wish, boards, prepared);
  const table = timeTable(cells, wish);
  const times = new Map(table.cells.map((one) => [one.cell, one]));
  return {
    wish, notes, problems, totalSeconds: table.totalSeconds,
    cells: cells.map((cell) => ({ ...cell, commandText: commandText(cell.command), startsAfterSeconds: times.get(cell.number)?.startsAfterSeconds ?? 0, endsAfterSeconds: times.get(cell.number)?.endsAfterSeconds ?? 0 })),
    boards: table.queues.map(({ boardId, rows }) => {
      const count = (kind: string) => rows.filter((row) => row.kind === kind).length;
      const does = [[count('measure'), 'measurement'], [count('load'), 'load for another board', 'loads for another board'], [count('watch'), 'noting of its CPU time', 'notings of its CPU time']] as const;
      return { boardId, boardName: all.find(({ id }) => id === boardId)?.name ?? boardId, does: does.flatMap(([often, one, many = `${one}s`]) => (often === 0 ? [] : [`${often} ${often === 1 ? one : many}`])).join(', ') };
    }),
  };
}

async function prepare(context: ProjectContext, runs: Runs, wish: CampaignWish, { board: { id: boardId }, latest }: CampaignBoard): Promise<PreparedRequest> {
  const own = wish.requests.find((one) => one.boardId === boardId)?.request;
  const fitted = own !== undefined || latest === null ? null : templateRequest(wish.template, latest.snapshot, wish, await mappedCpus(context, boardId));
  try {
    const request = fitted?.request ?? requestInWish(own ?? await gateRequest(runs, boardId), wish);
    const { command, conditions, problems } = await runs['runs.preview']({ boardId, ...request });
    return { boardId, request, notes: fitted?.notes ?? [], command, conditions, problems, ...(latest === null ? {} : markedCommand(request, latest.snapshot)) };
  } catch (thrown) {
    return { boardId, request: null, notes: [], command: [], conditions: [], problems: [{ severity: 'error', message: CodedError.from(thrown).message }] };
  }
}

/** The firmware gate measures with hwlatdetect, as proposed for the board. */
async function gateRequest(runs: Runs, boardId: string): Promise<RunRequest> {
  const { benchmark, options } = await runs['runs.propose']({ boardId, benchmark: 'hwlatdetect' });
  return runRequestSchema.parse({ benchmark, options });
}

/** A saved CPU map that has CPUs for measuring threads decides where they run. */
async function mappedCpus({ store }: ProjectContext, boardId: string): Promise<CpuChoice | null> {
  const assignments = (await store.cpuMap(boardId))?.assignments ?? [];
  const of = (kind: 'measuring' | 'housekeeping') => assignments.filter(({ claimant }) => claimant.kind === kind).map(({ cpu }) => cpu).sort((a, b) => a - b);
  const [measured, housekeeping] = [of('measuring'), of('housekeeping')];
  return measured.length === 0 || housekeeping.length === 0 ? null : { measured, housekeeping };
}

/** Of a tool that is cut into parts the command says where they differ; cyclictest's is made when it is started. */
function markedCommand(request: RunRequest, snapshot: Snapshot): { marked?: string[] } {
  if (!isToolRequest(request)) return {};
  const tool = toolBenchmarkOf(request.benchmark);
  const marked = tool === null || tool === undefined ? null : commandToRun(tool, request.options, snapshot);
  if (marked === null) return {};
  if (!marked.ok) throw marked.error;
  return { marked: marked.value };
}
