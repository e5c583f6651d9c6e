import type { CampaignTemplateId, CampaignWish } from '../../model/campaign.ts';
import { isToolRequest, type CyclictestOptions, type RunRequest } from '../../model/run.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { formatCpuList } from '../../parsers/cpu-list.ts';
import { chooseCpus, type CpuChoice } from '../cyclictest-board.ts';
import { segmentSecondsFor } from '../cyclictest-proposal.ts';

export interface FittedRequest {
  readonly request: RunRequest;
  /** What was changed from what the template’s source prints, and why. */
  readonly notes: readonly string[];
}

type Fitting = Pick<CampaignWish, 'durationSeconds' | 'deadlineUs' | 'deadlineFraction'>;

/** A request as it is, but for the length and the deadline that a wish has for all of its cells. */
export function requestInWish(request: RunRequest, { durationSeconds, deadlineUs, deadlineFraction }: Fitting): RunRequest {
  const common = { durationSeconds, deadlineUs, deadlineFraction };
  return isToolRequest(request)
    ? { ...request, options: { ...request.options, ...common } }
    : { ...request, options: { ...request.options, ...common, segmentSeconds: Math.min(request.options.segmentSeconds, segmentSecondsFor(durationSeconds)) } };
}

/**
 * A template's measurement on a board as it was read. `mapped`: CPUs that its saved CPU map gives to measuring threads, and its
 * housekeeping. The firmware gate measures with hwlatdetect, whose options are proposed elsewhere: null.
 */
export function templateRequest(template: CampaignTemplateId, snapshot: Snapshot, wish: Fitting, mapped: CpuChoice | null): FittedRequest | null {
  const choice = mapped ?? chooseCpus(snapshot);
  const { measured, housekeeping } = choice;
  const { durationSeconds, deadlineUs, deadlineFraction } = wish;
  const common = { mainCpus: housekeeping, intervalUs: 1000, durationSeconds, lockMemory: true, holdDmaLatency: true, segmentSeconds: segmentSecondsFor(durationSeconds), deadlineUs, deadlineFraction };
  const cyclictest = (own: Pick<CyclictestOptions, 'cpus' | 'priority' | 'histogramUs'>): RunRequest => ({ benchmark: 'cyclictest', options: { ...common, ...own } });
  switch (template) {
    case 'eci-acceptance': {
      const cpus = eciCpus(measured);
      return { request: cyclictest({ cpus, priority: 99, histogramUs: 400 }), notes: eciNotes(cpus, choice, durationSeconds) };
    }
    case 'hitachi-comparison': {
      const cpus = measured.slice(0, 1);
      return { request: cyclictest({ cpus, priority: 99, histogramUs: 30_000 }), notes: hitachiNotes(cpus, choice, durationSeconds) };
    }
    case 'firmware-gate': return null;
    case 'quick-look': case 'soak': case 'own':
      return { request: cyclictest({ cpus: measured, priority: 95, histogramUs: deadlineUs === null ? 400 : Math.min(100_000, Math.max(400, Math.ceil(deadlineUs * 2))) }), notes: [] };
  }
}

/** The document measures CPUs 2–5. Where those can be measured here, they are; else the first four that can. */
function eciCpus(measured: readonly number[]): number[] {
  const printed = [2, 3, 4, 5];
  return printed.every((cpu) => measured.includes(cpu)) ? printed : measured.slice(0, 4);
}

function eciNotes(cpus: readonly number[], { measured, housekeeping }: CpuChoice, durationSeconds: number): string[] {
  const left = measured.filter((cpu) => !cpus.includes(cpu));
  return [
    ...(formatCpuList(cpus) === '2-5' ? [] : [`-t 4 -a 2-5 became -t ${cpus.length} -a ${formatCpuList(cpus)}: those are the CPUs to be measured on this board.`]),
    ...(formatCpuList(housekeeping) === '1' ? [] : [`--mainaffinity=1 became --mainaffinity=${formatCpuList(housekeeping)}: this board’s housekeeping.`]),
    `-D ${durationSeconds} and the histogram were added: the document asks for a day and for a maximum without saying how it is kept.`,
    '-d 1 is left out: with a histogram cyclictest makes all intervals equal and says so.',
    ...(left.length === 0 ? [] : [`CPUs ${formatCpuList(left)} could be measured too and are not: the document measures four.`]),
  ];
}

function hitachiNotes(cpus: readonly number[], { measured }: CpuChoice, durationSeconds: number): string[] {
  return [
    ...(formatCpuList(cpus) === '0' ? [] : [`-a 0 became -a ${formatCpuList(cpus)}: ${measured.includes(0) ? 'the first CPU that is measured here' : 'CPU 0 does the housekeeping of this board'}.`]),
    '-n is left out: since rt-tests 1.2 it is the only way, and naming it makes newer versions print their help and measure nothing.',
    `-l 300000 became -D ${durationSeconds}: with the interval of 1000 µs that is ${durationSeconds === 300 ? 'the same five minutes' : `${durationSeconds} seconds instead of 300`}, and every CPU is measured equally long.`,
    '-a without --mainaffinity puts the main thread on the measured CPU, as in the talk; here it is kept off.',
    'The talk loads the network from a second machine. Here the network code is loaded over the loopback, without a network card.',
  ];
}
