import type { GateVerdict } from '../../model/firmware-gate.ts';
import type { SettingReport } from '../../model/setting.ts';
import type { HwlatdetectOutput } from '../../parsers/hwlatdetect/hwlatdetect-format.ts';
import type { SmiOutput } from '../../parsers/smi/smi-format.ts';

export interface GateRequest {
  readonly hwlatdetect: HwlatdetectOutput | null;
  /** Readings before and after a window, or one: then nothing is known of the window. */
  readonly smi: SmiOutput | null;
  /** In a VM gaps are the host's doing and the counter is invented: nothing is told of a firmware. */
  readonly inVm: boolean;
  /** Items of the firmware guide that could still be changed or looked at; null: the guide was not gone through. */
  readonly openItems: number | null;
  /** What the application must keep; null: the limits below. */
  readonly deadlineUs: number | null;
}

export interface Gate {
  readonly verdict: GateVerdict;
  /** Each line with the figure and what it was held against. */
  readonly evidence: readonly string[];
  readonly next: string;
}

/** Gaps below it are not recorded by the tracer unless told so. Source: Linux Documentation/trace/hwlat_detector.rst, tracing_thresh. */
const quietUs = 10;
/** Above it bare metal is “poor” whatever is done above the firmware. Source: ECI reference < 50 µs is great, < 100 µs is good. */
const unsuitableUs = 100;
/** Half of a second is watched each second, one CPU after the other: anything shorter leaves CPUs unwatched. */
const enoughSeconds = 600;

/** How many items of the firmware guide could still be changed or looked at: what a verdict on a board's firmware hangs on. */
export const openFirmwareItems = (settings: readonly SettingReport[]): number =>
  settings.filter(({ firmware, status }) => firmware !== undefined && ['change', 'manual', 'blocked'].includes(status)).length;

/** The gate that comes before scheduling latency: whether the firmware leaves the CPUs alone. Total. */
export function firmwareGate(request: GateRequest): Gate {
  if (request.inVm) return { verdict: 'not-measured', evidence: ['In a virtual machine gaps are the host’s, and the SMI counter is invented.'], next: 'Measure on the host.' };
  const gaps = gapEvidence(request.hwlatdetect);
  const smis = smiEvidence(request);
  const evidence = [...gaps.lines, ...smis.lines];
  if (!gaps.measured && smis.count === null) return { verdict: 'not-measured', evidence, next: 'Run hwlatdetect for ten minutes; on Intel, read the SMI counts before and after.' };
  const limitUs = request.deadlineUs ?? unsuitableUs;
  // A finer threshold than the tracer's own also records gaps that every machine has.
  const disturbed = (gaps.longestUs ?? 0) > quietUs || (smis.count ?? 0) > 0;
  if (!disturbed) return quietGate(gaps, evidence);
  if (gaps.longestUs !== null && gaps.longestUs > limitUs && request.openItems === 0) {
    return {
      verdict: 'not suitable for real-time',
      evidence: [...evidence, `${gaps.longestUs} µs is above ${limitUs} µs (${request.deadlineUs === null ? 'bare metal beyond that is poor' : 'the deadline'}), and nothing is left to change in the firmware guide.`],
      next: 'Ask the manufacturer for a firmware for real time, or use another board.',
    };
  }
  return {
    verdict: 'firmware-limited', evidence,
    next: request.openItems === 0 ? 'Everything measured above it is limited by the firmware: its worst case cannot be better than the longest gap.'
      : 'Go through the firmware guide, above all its SMI sources, then measure again. Until then everything above it is limited by the firmware.',
  };
}

interface GapEvidence { readonly measured: boolean; readonly longestUs: number | null; readonly seconds: number | null; readonly coarse: boolean; readonly lines: string[] }

function gapEvidence(output: HwlatdetectOutput | null): GapEvidence {
  if (output === null) return { measured: false, longestUs: null, seconds: null, coarse: false, lines: ['hwlatdetect was not run.'] };
  const scalar = (name: string) => output.scalars.find((one) => one.name === name)?.value ?? null;
  const longestUs = output.belowThreshold ? null : scalar('longest gap');
  const seconds = scalar('duration');
  const threshold = output.thresholdUs ?? quietUs;
  const span = `${seconds === null ? 'an unknown time' : `${seconds} s`}, threshold ${threshold} µs`;
  return {
    measured: output.belowThreshold || longestUs !== null, longestUs, seconds, coarse: threshold > quietUs,
    lines: [longestUs === null ? `hwlatdetect: no gap above the threshold (${span}).` : `hwlatdetect: longest gap ${longestUs} µs, ${output.samples.length} recorded (${span}).`],
  };
}

function smiEvidence({ smi, hwlatdetect }: GateRequest): { count: number | null; lines: string[] } {
  if (smi !== null && smi.readings.length > 1) {
    const counts = smi.scalars.map(({ value }) => value);
    const most = Math.max(0, ...counts);
    return { count: most, lines: [`SMI count: ${most === 0 ? 'did not grow on any CPU' : `grew by up to ${most} on a CPU`} (${counts.length} CPUs).`] };
  }
  if (hwlatdetect !== null && hwlatdetect.smis !== null) return { count: hwlatdetect.smis, lines: [`SMI count: grew by ${hwlatdetect.smis} during the run of hwlatdetect.`] };
  return { count: null, lines: [smi === null ? 'SMIs were not counted: the counter is an Intel MSR and needs the msr module.' : 'The SMI counter was read once: whether it grows is not known.'] };
}

function quietGate(gaps: GapEvidence, evidence: readonly string[]): Gate {
  if (!gaps.measured) return { verdict: 'not-measured', evidence, next: 'SMIs are not the only gaps: run hwlatdetect for ten minutes too.' };
  if (gaps.coarse) return { verdict: 'not-measured', evidence, next: `A threshold above ${quietUs} µs hides short gaps: run hwlatdetect --threshold ${quietUs} for ten minutes.` };
  if (gaps.seconds === null || gaps.seconds < enoughSeconds) return { verdict: 'not-measured', evidence, next: `Nothing was found, in too short a time to tell: run hwlatdetect for ${enoughSeconds} s or longer.` };
  return { verdict: 'quiet', evidence, next: 'The gate is passed: go on to scheduling latency.' };
}
