import { ok, type Result } from '../../contract/result.ts';
import { outputLines } from '../tool-text/output-lines.ts';
import { Remarks } from '../tool-text/remarks.ts';
import type { Distribution, Scalar, ToolOutput } from '../tool-output.ts';
import { HwlatText, type HwlatSample } from './hwlatdetect-text.ts';

export interface HwlatdetectOutput extends ToolOutput {
  readonly tool: 'hwlatdetect';
  /** True when the run ended without any gap above the threshold: how long the longest gap was is then unknown. */
  readonly belowThreshold: boolean;
  readonly thresholdUs: number | null;
  /** As printed; null when no list was given: then all CPUs are watched, one after the other. */
  readonly cpuList: string | null;
  readonly smis: number | null;
  /** Gaps in the order they were recorded, with the time since the epoch as printed; `count` from rt-tests 2.10 on. */
  readonly samples: readonly HwlatSample[];
}

export interface HwlatdetectOptions {
  /** Whether the MSR driver is known to have been loaded: without it hwlatdetect prints 0 SMIs whatever happened. */
  readonly msrReadable?: boolean;
}

/**
 * `parse hwlatdetect`: the output, or the file of `--report`. Only gaps above the threshold are recorded, at most one per
 * window, so the distribution says nothing about shorter ones.
 */
export const hwlatdetectFormat = {
  title: 'hwlatdetect of rt-tests 1.0 to 2.10: output, report file',
  parse: (text: string): Result<HwlatdetectOutput> => parseHwlatdetect(text),
} as const;

export function parseHwlatdetect(text: string, options: HwlatdetectOptions = {}): Result<HwlatdetectOutput> {
  const remarks = new Remarks('hwlatdetect', [
    { pattern: /DetectorNotAvailable/, meaning: 'this kernel has no hwlat tracer', next: 'Use a kernel with CONFIG_HWLAT_TRACER.' },
    { pattern: /^(?:RuntimeError: Must be root|PermissionError)/, meaning: 'hwlatdetect needs root, so nothing was measured', next: 'Run it as root.' },
    { pattern: /^[A-Z]\w{0,30}(?:Error|Exception)\b/, meaning: 'hwlatdetect gave up', next: 'See what the line says.' },
    { pattern: /error: (?:unrecognized arguments|argument )/, meaning: 'an option was not accepted, so nothing was measured', next: 'Check the options.' },
  ]);
  const hwlat = new HwlatText();
  for (const line of outputLines(text)) {
    remarks.reached(line);
    if (/^usage: hwlatdetect/.test(line.text)) remarks.failByUsage(line);
    else if (!hwlat.take(line)) remarks.take(line);
    if (hwlat.heads > 1) remarks.anotherRun(line);
  }
  if (remarks.mixed) return remarks.unreadable();
  if (hwlat.samples.length === 0 && hwlat.maxUs === null && !hwlat.belowThreshold) return remarks.unreadable();
  const smis = hwlat.smis === 0 && options.msrReadable !== true ? null : hwlat.smis;
  return ok({
    tool: 'hwlatdetect',
    version: null,
    distributions: distributionsOf(hwlat),
    scalars: scalarsOf(hwlat, smis),
    belowThreshold: hwlat.belowThreshold,
    thresholdUs: hwlat.figures.get('threshold') ?? null,
    cpuList: hwlat.cpuList,
    smis,
    samples: hwlat.samples,
    warnings: [...doubtsOf(hwlat, smis), ...remarks.all()],
  });
}

function doubtsOf(hwlat: HwlatText, smis: number | null): string[] {
  const longest = longestOf(hwlat.samples);
  return [
    ...(hwlat.smis === 0 && smis === null ? ['“SMIs during run: 0” is also printed when the MSR driver is not loaded, so it was not taken for a count.'] : []),
    ...(hwlat.started && !hwlat.finished ? ['The output ends before the test does: gaps after it are not in it.'] : []),
    ...(hwlat.interrupted ? ['The test was interrupted.'] : []),
    ...(hwlat.maxUs !== null && longest > 0 && longest !== hwlat.maxUs ? [`The longest gap is given as ${hwlat.maxUs} µs, but the longest recorded one is ${longest} µs.`] : []),
    ...(hwlat.recorded !== null && hwlat.samples.length > 0 && hwlat.recorded !== hwlat.samples.length ? [`${hwlat.recorded} samples were recorded, and ${hwlat.samples.length} are in the output.`] : []),
  ];
}

/** One distribution per CPU where the CPU is printed (rt-tests 2.6 and later), otherwise one for all of them. */
function distributionsOf({ samples, maxUs, recorded }: HwlatText): Distribution[] {
  if (samples.length === 0) {
    return [{ label, cpu: null, samples: recorded ?? 0, minNs: null, avgNs: null, maxNs: maxUs === null ? null : maxUs * 1000, overflows: 0, buckets: [] }];
  }
  const cpus = [...new Set(samples.map(({ cpu }) => cpu))].sort((a, b) => (a ?? -1) - (b ?? -1));
  return cpus.map((cpu): Distribution => {
    const gaps = samples.filter((sample) => sample.cpu === cpu).map(gapOf);
    const counts = new Map<number, number>();
    for (const gap of gaps) counts.set(gap, (counts.get(gap) ?? 0) + 1);
    const buckets = [...counts].sort((a, b) => a[0] - b[0]).map(([gap, count]): [number, number] => [gap * 1000, count]);
    return {
      label: cpu === null ? label : `${label} on CPU ${cpu}`, cpu, samples: gaps.length,
      minNs: buckets[0]?.[0] ?? null,
      avgNs: (gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length) * 1000,
      maxNs: buckets[buckets.length - 1]?.[0] ?? null,
      overflows: 0, buckets,
    };
  });
}

const label = 'gaps above the threshold';
const gapOf = ({ innerUs, outerUs }: HwlatSample) => Math.max(innerUs, outerUs);
const longestOf = (samples: readonly HwlatSample[]) => samples.reduce((longest, sample) => Math.max(longest, gapOf(sample)), 0);

function scalarsOf(hwlat: HwlatText, smis: number | null): Scalar[] {
  const longest = hwlat.maxUs ?? longestOf(hwlat.samples);
  return [
    ...(longest > 0 ? [{ name: 'longest gap', value: longest, unit: 'us' }] : []),
    ...[...hwlat.figures].map(([name, value]) => ({ name, value, unit: name === 'duration' ? 's' : 'us' })),
    ...(hwlat.exceeding === null ? [] : [{ name: 'samples above the threshold', value: hwlat.exceeding, unit: 'count' }]),
    ...(smis === null ? [] : [{ name: 'SMIs', value: smis, unit: 'count' }]),
    ...hwlat.smisByCpu.map(({ cpu, count }) => ({ name: `SMIs on CPU ${cpu}`, value: count, unit: 'count' })),
  ];
}
