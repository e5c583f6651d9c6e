import { maximumCells, type CampaignCell, type CampaignLoad, type CampaignProblem, type CampaignWish } from '../../model/campaign.ts';
import type { Board } from '../../model/board.ts';
import type { RunRequest } from '../../model/run.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { workloadProfiles } from '../workloads/workload-profiles.ts';
import { orderedRepeats } from './cell-order.ts';

/** A board a campaign may use, as far as it is known. */
export interface CampaignBoard {
  readonly board: Board;
  readonly latest: { readonly id: string; readonly snapshot: Snapshot } | null;
  /** The board that is its host, when it is a VM. */
  readonly hostId: string | null;
}

/** What is measured on a board of a wish, what its command is, and what speaks against it. */
export interface PreparedRequest {
  readonly boardId: string;
  /** Null: what is wished for cannot be measured there; `problems` says why. */
  readonly request: RunRequest | null;
  /** What a template was changed in for the board. */
  readonly notes: readonly string[];
  readonly command: readonly string[];
  /** See the cell's. */
  readonly marked?: readonly string[];
  readonly conditions: readonly string[];
  readonly problems: ReadonlyArray<{ readonly severity: CampaignProblem['severity']; readonly message: string }>;
}

export interface ComposedCells { readonly cells: CampaignCell[]; readonly notes: string[]; readonly problems: CampaignProblem[] }

type Condition = Omit<CampaignCell, 'number' | 'repeat'>;

/** The host of a VM among the boards: the server its connection goes through last. */
export function hostOf({ role, reach }: Board, boards: readonly Board[]): Board | null {
  const jump = role === 'guest' && reach.kind === 'ssh' ? reach.jumps.at(-1) : undefined;
  if (jump === undefined) return null;
  return boards.find((other) => other.role !== 'guest' && other.reach.kind === 'ssh' && other.reach.target.address === jump.address && other.reach.target.port === jump.port) ?? null;
}

/** The cells of a wish in their order, with what was changed for the boards and what speaks against it. Total: whatever is wished for, it says. */
export function composeCells(wish: CampaignWish, boards: readonly CampaignBoard[], prepared: readonly PreparedRequest[]): ComposedCells {
  const problems: CampaignProblem[] = [];
  const notes: string[] = [];
  const conditions: Condition[] = [];
  for (const { boardId, kernel } of wish.places) {
    const found = boards.find(({ board }) => board.id === boardId);
    const fitted = prepared.find((one) => one.boardId === boardId);
    if (found === undefined) problems.push({ severity: 'error', message: `This project has no board “${boardId}”.` });
    else if (found.latest === null || fitted === undefined) problems.push({ severity: 'error', message: `${found.board.name} has not been read yet, so its CPUs are not known: inspect it first.` });
    else {
      const { board, latest: { id: snapshotId, snapshot } } = found;
      const { request } = fitted;
      notes.push(...fitted.notes.map((note) => `${board.name}: ${note}`));
      problems.push(...fitted.problems.map(({ severity, message }) => ({ severity, message: `${board.name}: ${message}` })));
      problems.push(...kernelProblems(board, kernel, snapshot));
      if (request === null) continue;
      const host = boards.find((other) => other.board.id === found.hostId)?.board ?? null;
      const kind = board.role === 'guest' || snapshot.virtualisation.kind === 'vm' && board.role !== 'host' ? 'VM' : board.role === 'host' ? 'host' : 'bare metal';
      const place = { boardId, boardName: board.name, kind, kernel } as const;
      for (const wanted of wish.loads) {
        const load = placed(wanted, found, boards, problems);
        if (load === undefined) continue;
        const named = load === null ? 'idle' : `${workloadProfiles[load.workload].title}${load.boardId === boardId ? '' : ` on ${labelOf(load.boardId, load.boardName, boards)}`}`;
        const condition = `${labelOf(boardId, board.name, boards)}${kernel === 'as-is' ? '' : `, ${kernel} kernel`} · ${named}`;
        if (conditions.some((one) => one.condition === condition)) continue;
        conditions.push({ condition, place, load, host: host === null ? null : { boardId: host.id, boardName: host.name }, request, command: [...fitted.command], ...(fitted.marked === undefined ? {} : { marked: [...fitted.marked] }), conditions: [...fitted.conditions], snapshotId });
      }
    }
  }
  const total = conditions.length * wish.repeats;
  if (total > maximumCells) problems.push({ severity: 'error', message: `These are ${total} cells; one campaign has at most ${maximumCells}. Take fewer repeats, or make two campaigns.` });
  if (wish.repeats < 4 && conditions.length > 1) problems.push({ severity: 'note', message: 'With fewer than four repeats no difference between conditions can be told from chance: this shows figures, not effects.' });
  if (wish.order.kind === 'blocks' && wish.repeats > 1) problems.push({ severity: 'note', message: 'Block by block, whatever drifts with time (heat, time of day) looks like an effect of the condition. An order by chance avoids that.' });
  const ordered = total > maximumCells ? [] : orderedRepeats(conditions, wish.repeats, wish.order);
  return { cells: ordered.map(({ condition, repeat }, at) => ({ number: at + 1, repeat, ...condition })), notes: [...new Set(notes)], problems: distinct(problems) };
}

function kernelProblems({ name }: Board, kernel: CampaignWish['places'][number]['kernel'], snapshot: Snapshot): CampaignProblem[] {
  const runs = snapshot.kernel.realtime;
  if (kernel === 'as-is' || runs === null || runs === (kernel === 'realtime')) return [];
  return [{ severity: 'warning', message: `${name} ran ${runs ? 'a real-time' : 'a standard'} kernel when it was last read: its cells with ${kernel === 'realtime' ? 'a real-time' : 'a standard'} kernel will be missing until it is started with one and the campaign is resumed.` }];
}

/** Two boards may have one name. */
const labelOf = (boardId: string, name: string, boards: readonly CampaignBoard[]): string => (boards.some(({ board }) => board.id !== boardId && board.name === name) ? `${name} (${boardId})` : name);

/** Where a load goes; null: idle; undefined: there is no such place for it. */
function placed({ workload, on }: CampaignLoad, measured: CampaignBoard, boards: readonly CampaignBoard[], problems: CampaignProblem[]): CampaignCell['load'] | undefined {
  if (workload === null) return null;
  const isVm = measured.board.role === 'guest';
  const id = on.kind === 'measured' ? measured.board.id : on.kind === 'board' ? on.boardId : isVm ? measured.hostId : measured.board.id;
  const board = boards.find((other) => other.board.id === id)?.board;
  if (board !== undefined) return { workload, boardId: board.id, boardName: board.name };
  problems.push({ severity: 'error', message: on.kind === 'board' ? `This project has no board “${on.boardId}” to put a load on.` : `The host of ${measured.board.name} is no board of this project, so no load can be started there. Add it, or load the measured board.` });
  return undefined;
}

const distinct = (problems: readonly CampaignProblem[]): CampaignProblem[] => [...new Map(problems.map((problem) => [problem.message, problem])).values()];
