import type { CampaignLoad, CampaignTemplate, CampaignTemplateId, CampaignWish } from '../../model/campaign.ts';

/** A template: what it answers, and what of a wish it fills in. */
interface TemplateFile extends CampaignTemplate {
  readonly repeats: number;
  readonly durationSeconds: number;
  readonly coolDownSeconds: number;
  readonly leadSeconds: number;
  readonly order: CampaignWish['order']['kind'];
  readonly loads: readonly CampaignLoad[];
}

const hour = 3_600;
const idle: CampaignLoad = { workload: null, on: { kind: 'measured' } };
const onHost = (workload: NonNullable<CampaignLoad['workload']>): CampaignLoad => ({ workload, on: { kind: 'host' } });

const files: Readonly<Record<CampaignTemplateId, Omit<TemplateFile, 'id'>>> = {
  'quick-look': {
    title: 'Quick look', answers: 'Is anything badly wrong? Idle and under CPU load, in about five minutes. Not a verdict.', source: null, printed: null,
    repeats: 1, durationSeconds: 120, leadSeconds: 5, coolDownSeconds: 5, order: 'rounds', loads: [idle, onHost('stress-cpu')],
  },
  'eci-acceptance': {
    title: 'ECI 24-hour acceptance', answers: 'Does the board hold its latencies over a whole day, as Intel’s Edge Controls for Industrial asks for it?',
    source: 'Intel Edge Controls for Industrial, KVM real-time guide', printed: 'cyclictest -t 4 -p 99 -i 1000 -d 1 -m --mainaffinity=1 -a 2-5',
    repeats: 1, durationSeconds: 24 * hour, leadSeconds: 60, coolDownSeconds: 0, order: 'rounds', loads: [onHost('stress-cpu')],
  },
  'hitachi-comparison': {
    title: 'Hitachi comparison', answers: 'How do idle, CPU load and network load compare with the figures of Hitachi’s KVM real-time talk?',
    source: 'Hitachi, “Real-Time KVM”, measured in the guest', printed: 'cyclictest -a 0 -m -q -p 99 -n -l 300000 -h 30000',
    repeats: 1, durationSeconds: 300, leadSeconds: 10, coolDownSeconds: 30, order: 'rounds', loads: [idle, onHost('busy-loop'), onHost('stress-network')],
  },
  'firmware-gate': {
    title: 'Firmware gate', answers: 'Does the firmware itself stop the CPUs (SMIs)? Comes before any scheduling latency.',
    source: 'hwlatdetect of rt-tests, the kernel’s hwlat tracer', printed: null,
    repeats: 1, durationSeconds: 600, leadSeconds: 0, coolDownSeconds: 10, order: 'rounds', loads: [idle],
  },
  soak: {
    title: 'Soak, a week', answers: 'Does it hold from Monday to Sunday? A day a cell, so that what happens once a day is seen every day.', source: null, printed: null,
    repeats: 7, durationSeconds: 24 * hour - 600, leadSeconds: 60, coolDownSeconds: 60, order: 'rounds', loads: [onHost('stress-cpu')],
  },
  own: {
    title: 'Own matrix', answers: 'Whatever you compose: places × loads × kernels, as often as it takes. Four repeats are the fewest that can show a difference.', source: null, printed: null,
    repeats: 4, durationSeconds: 600, leadSeconds: 10, coolDownSeconds: 30, order: 'random', loads: [idle, onHost('stress-cpu')],
  },
};

export const campaignTemplates: readonly CampaignTemplate[] = (['quick-look', 'eci-acceptance', 'hitachi-comparison', 'firmware-gate', 'soak', 'own'] as const)
  .map((id) => ({ id, title: files[id].title, answers: files[id].answers, source: files[id].source, printed: files[id].printed }));

/** What a template begins with for these boards. `seed`: for an order by chance; it is kept, so that the order can be told again. */
export function wishOf(template: CampaignTemplateId, boardIds: readonly string[], seed: number): CampaignWish {
  const { title, repeats, durationSeconds, leadSeconds, coolDownSeconds, order, loads } = files[template];
  return {
    name: title, template, places: boardIds.map((boardId) => ({ boardId, kernel: 'as-is' })), loads: [...loads], repeats,
    order: order === 'random' ? { kind: 'random', seed: seed >>> 0 } : { kind: order },
    durationSeconds, leadSeconds, coolDownSeconds, patienceSeconds: 120, deadlineUs: null, deadlineFraction: 1, requests: [],
  };
}
