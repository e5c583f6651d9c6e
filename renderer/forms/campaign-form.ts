import type { CampaignLoad, CampaignWish, KernelVariant } from '../../shared/model/campaign.ts';
import type { WorkloadKind } from '../../shared/model/vm.ts';
import { durationText, parseDurationText } from '../text/duration-text.ts';
import { readDeadline } from './deadline-form.ts';
import { percentText } from './percent.ts';

/** A campaign as it is typed. `where`: `host`, `measured`, or a board’s id. */
export interface CampaignForm {
  name: string;
  places: Array<{ boardId: string; kernel: KernelVariant }>;
  idle: boolean;
  workloads: WorkloadKind[];
  where: string;
  repeats: string;
  order: CampaignWish['order']['kind'];
  seed: string;
  duration: string;
  lead: string;
  coolDown: string;
  patience: string;
  deadline: string;
  percent: string;
}

export type CampaignField = 'name' | 'places' | 'loads' | 'repeats' | 'seed' | 'duration' | 'lead' | 'coolDown' | 'patience' | 'deadline';
export type CampaignReading = { readonly ok: true; readonly wish: CampaignWish } | { readonly ok: false; readonly problems: Readonly<Partial<Record<CampaignField, string>>> };

export function formOf(wish: CampaignWish): CampaignForm {
  const loaded = wish.loads.find(({ workload }) => workload !== null)?.on ?? { kind: 'host' };
  return {
    name: wish.name, places: wish.places.map((place) => ({ ...place })), idle: wish.loads.some(({ workload }) => workload === null),
    workloads: [...new Set(wish.loads.flatMap(({ workload }) => (workload === null ? [] : [workload])))], where: loaded.kind === 'board' ? loaded.boardId : loaded.kind,
    repeats: String(wish.repeats), order: wish.order.kind, seed: wish.order.kind === 'random' ? String(wish.order.seed) : '1',
    duration: durationText(wish.durationSeconds), lead: durationText(wish.leadSeconds), coolDown: durationText(wish.coolDownSeconds), patience: durationText(wish.patienceSeconds),
    deadline: wish.deadlineUs === null ? '' : String(wish.deadlineUs), percent: percentText(wish.deadlineFraction),
  };
}

/** What was typed as a wish, or what is wrong with it, by field. */
export function readCampaignForm(form: CampaignForm, before: CampaignWish): CampaignReading {
  const problems: Partial<Record<CampaignField, string>> = {};
  const whole = (field: 'repeats' | 'seed', text: string, low: number, high: number): number => {
    const value = /^\d{1,10}$/.test(text.trim()) ? Number(text.trim()) : NaN;
    if (!(value >= low && value <= high)) problems[field] = `A whole number from ${String(low)} to ${String(high)}.`;
    return value;
  };
  const seconds = (field: 'duration' | 'lead' | 'coolDown' | 'patience', text: string, low: number, high: number): number => {
    const value = parseDurationText(text) ?? NaN;
    if (!(value >= low && value <= high)) problems[field] = `A time such as 90s, 10m or 24h, from ${durationText(low)} to ${durationText(high)}.`;
    return value;
  };
  const deadline = readDeadline(form.deadline, form.percent);
  if (!deadline.ok) problems.deadline = deadline.problem;
  if (form.name.trim() === '' || form.name.length > 200) problems.name = 'A name of at most 200 characters.';
  if (form.places.length === 0) problems.places = 'Choose at least one board.';
  if (!form.idle && form.workloads.length === 0) problems.loads = 'Choose idle, a load, or several.';
  const on: CampaignLoad['on'] = form.where === 'host' || form.where === 'measured' ? { kind: form.where } : { kind: 'board', boardId: form.where };
  const seed = form.order === 'random' ? whole('seed', form.seed, 0, 4_294_967_295) : 0;
  const wish: CampaignWish = {
    ...before, name: form.name.trim(), places: form.places.map((place) => ({ ...place })),
    loads: [...(form.idle ? [{ workload: null, on }] : []), ...form.workloads.map((workload) => ({ workload, on }))],
    repeats: whole('repeats', form.repeats, 1, 100),
    order: form.order === 'random' ? { kind: 'random', seed } : { kind: form.order },
    durationSeconds: seconds('duration', form.duration, 1, 31 * 86_400), leadSeconds: seconds('lead', form.lead, 0, 3_600),
    coolDownSeconds: seconds('coolDown', form.coolDown, 0, 86_400), patienceSeconds: seconds('patience', form.patience, 0, 86_400),
    deadlineUs: deadline.ok ? deadline.deadlineUs : null, deadlineFraction: deadline.ok ? deadline.deadlineFraction : 1,
  };
  return Object.keys(problems).length === 0 ? { ok: true, wish } : { ok: false, problems };
}
