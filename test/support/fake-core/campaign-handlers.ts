import { CodedError } from '../../../shared/contract/errors.ts';
import type { Handlers } from '../../../shared/contract/dispatch.ts';
import type { CampaignCell, CampaignDetail, CampaignPreview, CampaignView, CampaignWish, CellView } from '../../../shared/model/campaign.ts';
import { composeCells } from '../../../shared/planning/campaign/campaign-cells.ts';
import { campaignTemplates, wishOf } from '../../../shared/planning/campaign/campaign-templates.ts';
import { templateRequest } from '../../../shared/planning/campaign/template-request.ts';
import { timeTable } from '../../../shared/planning/campaign/time-table.ts';
import { commandOf, defaultOptions, stampAgo } from './data.ts';
import { snapshotOf } from './machines.ts';
import type { FakeState } from './state.ts';

type CampaignMethod = Extract<keyof Handlers, `campaigns.${string}`>;

/** One campaign in the middle of it: done, not comparable, missing, going on and waiting. Composing is the real planner's. */
export function campaignHandlers(state: FakeState): Pick<Handlers, CampaignMethod> {
  const preview = (wish: CampaignWish): CampaignPreview => {
    const boards = state.boards.map(({ board, machine }) => ({ board, hostId: null, latest: machine === null ? null : { id: stampAgo(60), snapshot: snapshotOf(machine, stampAgo(60)) } }));
    const prepared = boards.flatMap(({ board, latest }) => {
      if (latest === null) return [];
      const fitted = templateRequest(wish.template, latest.snapshot, wish, null) ?? { request: { benchmark: 'cyclictest' as const, options: defaultOptions([4, 5], [0]) }, notes: [] };
      const command = 'segmentSeconds' in fitted.request.options ? commandOf(fitted.request.options) : ['hwlatdetect'];
      return [{ boardId: board.id, ...fitted, command, conditions: [], problems: [] }];
    });
    const { cells, notes, problems } = composeCells(wish, boards, prepared);
    const table = timeTable(cells, wish);
    return {
      wish, notes, problems, totalSeconds: table.totalSeconds,
      cells: cells.map((cell, at) => ({ ...cell, commandText: cell.command.join(' '), startsAfterSeconds: table.cells[at]?.startsAfterSeconds ?? 0, endsAfterSeconds: table.cells[at]?.endsAfterSeconds ?? 0 })),
      boards: table.queues.map(({ boardId, rows }) => ({ boardId, boardName: state.boardOf(boardId).board.name, does: rows.length === 1 ? '1 measurement' : `${String(rows.length)} measurements` })),
    };
  };

  const wish: CampaignWish = { ...wishOf('own', ['rack-epyc'], 7), name: 'Press line 4, before delivery', repeats: 3, durationSeconds: 600 };
  const planned = preview(wish);
  const campaigns = new Map<string, CampaignDetail>([['campaign-1', detailOf('campaign-1', wish, planned.cells, planned.notes)]]);
  const of = (campaignId: string): CampaignDetail => {
    const known = campaigns.get(campaignId);
    if (!known) throw new CodedError('campaign-unknown', `This project has no campaign “${campaignId}”.`);
    return known;
  };
  const begin = (campaignId: string): { jobId: string } => ({ jobId: state.newJob('campaign', `Campaign “${of(campaignId).name}”`, null, null) });
  const viewOf = ({ id, name, createdAt, template, state: standing, counts, endsAt, jobId }: CampaignDetail): CampaignView => ({ id, name, createdAt, template, state: standing, counts, endsAt, jobId });

  return {
    'campaigns.templates': async () => [...campaignTemplates],
    'campaigns.propose': async ({ template, boardIds }) => preview(wishOf(template, boardIds, 7)),
    'campaigns.preview': async (wanted) => preview(wanted),
    'campaigns.start': async ({ campaignId, wish: wanted }) => {
      const { cells, notes } = preview(wanted);
      campaigns.set(campaignId, detailOf(campaignId, wanted, cells, notes));
      state.emit('campaigns-changed', { campaignId });
      return begin(campaignId);
    },
    'campaigns.list': async () => [...campaigns.values()].map(viewOf),
    'campaigns.get': async ({ campaignId }) => of(campaignId),
    'campaigns.attach': async () => ({ jobId: null }),
    'campaigns.cancel': async ({ campaignId }) => {
      campaigns.set(campaignId, { ...of(campaignId), state: 'cancelled' });
      state.emit('campaigns-changed', { campaignId });
      return begin(campaignId);
    },
    'campaigns.resume': async ({ campaignId }) => begin(campaignId),
  };
}

function detailOf(id: string, wish: CampaignWish, plan: readonly CampaignCell[], notes: readonly string[]): CampaignDetail {
  const cells = plan.map((cell, at) => cellOf(cell, at));
  const conditions = [...new Set(plan.map(({ condition }) => condition))];
  return {
    id, name: wish.name, createdAt: stampAgo(3_600), template: wish.template, state: 'running', jobId: null, endsAt: '2026-11-21T16:40:00.000Z',
    counts: { cells: cells.length, done: 2, missing: 1, notComparable: 1, left: Math.max(0, cells.length - 4) },
    notes: [...notes], wish, plan: [...plan], cells,
    summary: conditions.map((condition, at) => ({
      condition, cells: plan.filter((cell) => cell.condition === condition).map(({ number }) => number), done: 1, hostBusyCpus: at === 0 ? 0.4 : 63.8,
      figures: [{ figure: 'avg', medianUs: 3, lowUs: 3, highUs: 3 }, { figure: 'p99.9', medianUs: 9, lowUs: 8, highUs: 11 }, { figure: 'max', medianUs: 21 + at * 30, lowUs: 20, highUs: 21 + at * 34 }],
    })),
    statements: ['With so few repeats chance may have done it: measure each at least four times.'],
    boards: [{ boardId: 'rack-epyc', boardName: 'rack-epyc', state: 'running', clockErrorMs: 1.2 }],
  };
}

const verdict = (grade: 'great' | 'good') => ({ grade, indicative: false, rule: 'No deadline was set.', reasons: [] });

function cellOf({ number, load }: CampaignCell, at: number): CellView {
  const base = { number, reason: null, runId: null, startsAt: new Date(Date.UTC(2026, 10, 21, 15, at * 11)).toISOString(), verdict: null, maxUs: null, hostBusyCpus: null, loadBusyCpus: load === null ? null : { before: null, after: null } };
  switch (at) {
    case 0: return { ...base, state: 'done', runId: 'rare-spike', verdict: verdict('great'), maxUs: 21, hostBusyCpus: 0.4 };
    case 1: return { ...base, state: 'done', runId: 'rare-spike', verdict: verdict('good'), maxUs: 51, hostBusyCpus: 63.8, loadBusyCpus: load === null ? null : { before: 63.7, after: 63.8 } };
    case 2: return { ...base, state: 'not comparable', runId: 'rare-spike', reason: 'The load ended before the measurement did.' };
    case 3: return { ...base, state: 'missing', reason: 'rack-epyc was in use by ana@bench-7 (run overnight).' };
    case 4: return { ...base, state: 'running', runId: 'going-on' };
    default: return { ...base, state: 'waiting' };
  }
}
