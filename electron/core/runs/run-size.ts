import { toolBenchmarkOf } from '../../../shared/benchmarks/catalogue.ts';
import { toolSegmentSeconds } from '../../../shared/benchmarks/plan-tool.ts';
import { isToolRequest, type RunRequest } from '../../../shared/model/run.ts';

/** Seconds between two status lines of a run: often enough to watch, seldom enough to be nothing on the board and the wire. */
export function statusPeriodSeconds(durationSeconds: number): number {
  if (durationSeconds <= 600) return 1;
  return durationSeconds <= 3_600 ? 2 : 10;
}

export interface RunSize {
  readonly segments: number;
  /** Upper estimate of the journal of the whole run. */
  readonly journalBytes: number;
  /** Set aside on the board while the run goes: one segment's output twice (the file and its copy in the journal) and the end. */
  readonly spareBytes: number;
  /** What must be free on the board before the run starts. */
  readonly boardBytes: number;
}

/**
 * /proc/interrupts and its kin at each segment's border: a column a CPU of the machine, which has at least as many CPUs as
 * the highest one named (64 CPUs with 60 interrupts make 60 kB, 256 with 200 make 600 kB); 700 bytes a CPU for its idle states,
 * run queue and frequency; and for all of it together what the kernel said and what a KVM host counts of its virtual machines.
 */
const counterBytesPerCpu = 3_200;
const counterBytesOnce = 45_000;
const counterBytes = (cpus: readonly number[]): number => counterBytesOnce + (Math.max(0, ...cpus) + 1) * counterBytesPerCpu;

/** What a tool's output may come to: tables of a thousand rows over many CPUs; a tool that writes more is ended by a full disk like any other. */
const toolOutputBytes = 2_000_000;
/** The newest lines of a tool's output, as the runner keeps them in a reading. */
const liveBytes = 700;

/**
 * How much a run writes on the board, from above. rt-tests up to 2.6 print every histogram row, zeros included: bin and
 * counts of six digits and more, and the cycle numbers of as many overflows as there are bins.
 */
export function runSize(request: RunRequest): RunSize {
  const { cpus, mainCpus, durationSeconds } = request.options;
  const borderBytes = counterBytes([...cpus, ...mainCpus]);
  const segments = Math.ceil(durationSeconds / segmentSecondsOf(request));
  const outputBytes = isToolRequest(request) ? toolOutputBytes : request.options.histogramUs * (8 + cpus.length * 16) + cpus.length * 200 + 2_000;
  const statusBytes = Math.ceil(durationSeconds / statusPeriodSeconds(durationSeconds)) * (isToolRequest(request) ? liveBytes : 16 + cpus.length * 35);
  const journalBytes = statusBytes + segments * (outputBytes + cpus.length * 700) + (segments + 1) * borderBytes;
  const spareBytes = outputBytes * 2 + borderBytes + 65_536;
  return { segments, journalBytes, spareBytes, boardBytes: journalBytes + spareBytes * 2 };
}

/** How long one part of a run is. */
export function segmentSecondsOf(request: RunRequest): number {
  if (!isToolRequest(request)) return request.options.segmentSeconds;
  return toolSegmentSeconds(toolBenchmarkOf(request.benchmark) ?? { segmentSeconds: null }, request.options);
}

export const kib = (bytes: number): number => Math.ceil(bytes / 1024);
