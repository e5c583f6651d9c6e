import type { AddressedBy, Explanation, ExplanationFinding } from '../model/explanation.ts';
import type { StoredGate } from '../model/firmware-gate.ts';
import { parseCpuList } from '../parsers/cpu-list.ts';
import type { CounterDeltas } from '../parsers/counters/counter-deltas.ts';
import { checkValidity } from '../statistics/validity/check-validity.ts';
import { secondsOf, type RunEvidence } from '../statistics/validity/run-evidence.ts';
import { countInWords } from '../statistics/words.ts';
import { addressedBy, isOpen, type JudgedSetting } from './addressed-by.ts';
import type { PartDeltas } from './part-counters.ts';
import { deviceInterrupts } from './rules/device-interrupts.ts';
import { kernelSaid } from './rules/kernel-said.ts';
import { memory } from './rules/memory.ts';
import { processorInterrupts } from './rules/processor-interrupts.ts';
import { processorState } from './rules/processor-state.ts';
import { softirqs } from './rules/softirqs.ts';
import { taskSwitches } from './rules/task-switches.ts';
import { timerTicks } from './rules/timer-ticks.ts';
import { virtualisation } from './rules/virtualisation.ts';
import { matchOf, partsToName, type Match } from './matching-part.ts';
import type { Scene, Suspicion, SuspicionRule } from './suspicion.ts';
import { tracedCauses } from './traced-causes.ts';

/** What was counted on the host of a guest, around the run. */
export interface HostCounters {
  readonly name: string;
  readonly deltas: CounterDeltas | null;
  /** CPUs of the host that carry the guest's virtual ones; empty: not known. */
  readonly cpus: readonly number[];
  readonly settings: readonly JudgedSetting[];
  /** What could not be read of it, and why. */
  readonly missing: readonly string[];
}

export interface ExplainRequest {
  readonly runId: string;
  readonly evidence: RunEvidence;
  /** Each part's maximum; the last one may be missing. */
  readonly partMaxima: ReadonlyArray<{ readonly index: number; readonly maxUs: number | null }>;
  readonly parts: readonly PartDeltas[];
  /** The guides of the board's role, judged on the reading that the run was started from. */
  readonly settings: readonly JudgedSetting[];
  readonly gate: StoredGate | null;
  /** Null: the board is no guest. */
  readonly host: HostCounters | null;
}

const rules: readonly SuspicionRule[] = [processorState, virtualisation, kernelSaid, deviceInterrupts, taskSwitches, timerTicks, processorInterrupts, softirqs, memory];
/** On a host the CPUs carry virtual ones: what their threads do themselves is no disturbance. */
const hostRules: readonly SuspicionRule[] = [processorState, virtualisation, kernelSaid, deviceInterrupts, processorInterrupts, softirqs, memory];

/** Findings of one rule that are told; the others are counted. */
const toldOfARule = 5;

/** Why a run is as it is: what else happened on its CPUs meanwhile, joined to the settings that address it. Pure and total. */
export function explainRun(request: ExplainRequest): Explanation {
  const { evidence, gate, host, settings } = request;
  const worst = worstPartOf(request);
  const { suspicions, left } = evidence.deltas === null ? { suspicions: [], left: 0 } : lookAt(sceneOf(evidence, evidence.deltas), rules);
  const matched = suspicions.map((suspicion) => ({ suspicion, match: worst === null ? null : matchOf(suspicion, worst.index, request.parts) }));
  // What rose together with the likeliest one may as well have come of it.
  const first = matched.find(({ match }) => match !== null);
  const findings = [
    ...tracedCauses(evidence.journal).map((cause) => finish({ ...cause, rule: 'trace', kind: 'cause', basis: 'trace', where: 'board' }, cause.settingIds, settings)),
    ...matched.filter(({ match }) => match !== null).map((one) => fromSuspicion(one.suspicion, one.match, one === first, settings)),
    ...gateFinding(gate, settings),
    ...matched.filter(({ match }) => match === null).map(({ suspicion }) => fromSuspicion(suspicion, null, false, settings)),
    ...hostFindings(host),
  ];
  return {
    runId: request.runId, checks: checkValidity(evidence), findings,
    notes: [...notesOf(request, worst), ...(left > 0 ? [`${left} less frequent findings of the same kinds are not told.`] : [])],
    worstPart: worst,
  };
}

function sceneOf(evidence: RunEvidence, deltas: CounterDeltas): Scene {
  const nohz = parseCpuList(evidence.journal.header?.facts.get('nohz-full') ?? '');
  return {
    deltas, seconds: secondsOf(deltas), cpus: evidence.cpus, where: 'board', wakesKnown: evidence.wakesPerSample,
    ownWakes: (cpu) => evidence.samples.find((thread) => thread.cpu === cpu)?.samples ?? 0,
    measuredSeconds: evidence.measuredSeconds, isVirtual: evidence.virtualised === true, nohzFull: nohz.ok ? nohz.value : [],
  };
}

/** All suspicions, likeliest first; of each rule the most frequent only. */
function lookAt(scene: Scene, which: readonly SuspicionRule[]): { suspicions: Suspicion[]; left: number } {
  const found = which.map((rule) => [...rule(scene)].sort(byRelevance));
  return { suspicions: found.flatMap((list) => list.slice(0, toldOfARule)).sort(byRelevance), left: found.reduce((sum, list) => sum + Math.max(0, list.length - toldOfARule), 0) };
}

const byRelevance = (a: Suspicion, b: Suspicion): number => a.rank - b.rank || b.count - a.count;

function worstPartOf({ partMaxima }: ExplainRequest): Explanation['worstPart'] {
  const known = partMaxima.flatMap(({ index, maxUs }) => (maxUs === null ? [] : [{ index, maxUs }]));
  if (known.length < 2) return null;
  const worst = known.reduce((best, part) => (part.maxUs > best.maxUs ? part : best));
  return { ...worst, others: known.length - 1 };
}

type Unfinished = Pick<ExplanationFinding, 'rule' | 'kind' | 'basis' | 'where' | 'cpu' | 'source'>
  & { readonly words: string; readonly figures: ReadonlyArray<ExplanationFinding['figures'][number]>; readonly evidence: readonly string[] };

function finish({ rule, kind, basis, where, cpu, source, words, figures, evidence }: Unfinished, settingIds: readonly string[], judged: readonly JudgedSetting[]): ExplanationFinding {
  const settings = addressedBy(settingIds, judged);
  return { rule, kind, basis, where, cpu, source, sentence: `${words[0]?.toUpperCase() ?? ''}${words.slice(1)}${stateClause(settings)}.`, figures: [...figures], evidence: [...evidence], settings };
}

/** The first setting that is not as it should be; where all are, what that means. */
function stateClause(settings: readonly AddressedBy[]): string {
  const [first] = settings;
  if (first === undefined) return '';
  if (isOpen(first)) return `; “${first.title}” ${first.state}`;
  const known = settings.filter(({ status }) => status === 'ok');
  return known.length === 0 ? `; see “${first.title}”` : `, although “${known[0]?.title ?? ''}” is set and in effect`;
}

function fromSuspicion(suspicion: Suspicion, match: Match | null, isFirst: boolean, judged: readonly JudgedSetting[], where: 'board' | 'host' = 'board'): ExplanationFinding {
  const kind = match !== null && isFirst && match.others >= partsToName - 1 ? 'cause' : 'suspect';
  const words = match === null ? suspicion.words
    : `${suspicion.words}; ${countInWords(match.count)} of them in part ${match.index}, which has the maximum, and at most ${countInWords(match.mostElsewhere)} in any of the other ${match.others}`;
  return finish({ ...suspicion, words, kind, basis: match === null ? 'whole run' : 'matching part', where }, suspicion.settingIds, judged);
}

function gateFinding(gate: StoredGate | null, judged: readonly JudgedSetting[]): ExplanationFinding[] {
  if (gate === null || (gate.verdict !== 'firmware-limited' && gate.verdict !== 'not suitable for real-time')) return [];
  return [finish({
    rule: 'firmware-gate', kind: 'suspect', basis: 'whole run', where: 'board', cpu: null, source: 'firmware', figures: [], evidence: gate.evidence,
    words: `this board’s firmware was measured by itself and found ${gate.verdict === 'firmware-limited' ? 'to take the CPUs away' : 'not suitable for real time'}`,
  }, ['firmware.smi-wholesale', 'firmware.smi-count', 'firmware.legacy-usb'], judged)];
}

function hostFindings(host: HostCounters | null): ExplanationFinding[] {
  if (host?.deltas == null) return [];
  const { deltas, cpus, settings, name } = host;
  const scene: Scene = {
    deltas, seconds: secondsOf(deltas), cpus, where: 'host', ownWakes: () => 0, wakesKnown: false, measuredSeconds: secondsOf(deltas), isVirtual: false, nohzFull: [],
  };
  return lookAt(scene, hostRules).suspicions.map((suspicion) => fromSuspicion({ ...suspicion, words: `on the host ${name}: ${suspicion.words}` }, null, false, settings, 'host'));
}

/** What could not be looked at, and what limits what was found. */
function notesOf({ evidence, parts, settings, host, partMaxima }: ExplainRequest, worst: Explanation['worstPart']): string[] {
  const { deltas, journal, virtualised, wakesPerSample } = evidence;
  const notes: string[] = [];
  if (journal.firstCounters === null) notes.push('The board’s counters were not read: nothing can be explained by them.');
  else if (deltas === null) notes.push('The board’s counters were read once only: the run did not reach the end of a part.');
  if (deltas !== null) {
    if (worst === null) notes.push('The run has one part: what is found belongs to the whole of it, and not to its worst moment. Runs of several parts can tell more.');
    else if (parts.length > 0 && worst.others < partsToName - 1) notes.push(`With fewer than ${partsToName} parts (here ${partMaxima.length}) a count that came in the worst part only may be chance: none is called a cause.`);
    if (wakesPerSample && deltas.taskSwitches === null) notes.push('This kernel does not count task switches per CPU: what else ran on the measured CPUs is not known.');
    if (deltas.messages === null) notes.push('The kernel’s messages were not read: that needs root on this board.');
    if (deltas.smis === null && virtualised !== true) notes.push('SMIs were not counted: that needs root and the msr driver, which is never loaded for a run.');
    if (deltas.restarted.length > 0) notes.push(`Counted from a new beginning during the run: ${deltas.restarted.slice(0, 6).join(', ')}. At least so many.`);
    if (deltas.clockSetBySeconds !== null && deltas.clockSetBySeconds !== 0) notes.push(`The board’s clock was set by ${deltas.clockSetBySeconds} s during the run; latencies do not go by it.`);
  }
  if (settings.length === 0) notes.push('The board was not read before the run: which settings are in effect is not known.');
  if (host !== null) {
    notes.push(...host.missing);
    if (host.deltas !== null && host.cpus.length === 0) notes.push(`Which CPUs of ${host.name} carry this guest is not known: its interrupts per CPU are left out.`);
  }
  return notes;
}
