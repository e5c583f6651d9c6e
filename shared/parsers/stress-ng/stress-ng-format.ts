import { ok, type Result } from '../../contract/result.ts';
import { outputLines } from '../tool-text/output-lines.ts';
import { Remarks } from '../tool-text/remarks.ts';
import type { Distribution, Scalar, ToolOutput } from '../tool-output.ts';
import { StressText, type CyclicLatency, type StressorMetrics } from './stress-text.ts';
import { StressYaml } from './stress-yaml.ts';

export interface StressNgOutput extends ToolOutput {
  readonly tool: 'stress-ng';
  readonly stressors: readonly StressorMetrics[];
  /** Whether stress-ng said that its run was successful; null in a YAML file, which does not tell. */
  readonly successful: boolean | null;
}

/** `parse stress-ng`: what --metrics, --metrics-brief and --times print, and the file of --yaml. */
export const stressNgFormat = {
  title: 'stress-ng 0.14 to 0.19: metrics, brief metrics, times, YAML',
  parse: (text: string): Result<StressNgOutput> => (isYaml(text) ? parseYaml(text) : parseText(text)),
} as const;

/** The file of --yaml begins with `---`. */
function isYaml(text: string): boolean {
  for (const line of outputLines(text.slice(0, 4096))) if (line.text === '---') return true;
  return false;
}

function parseYaml(text: string): Result<StressNgOutput> {
  const remarks = new Remarks('stress-ng --yaml');
  const yaml = new StressYaml();
  for (const line of outputLines(text)) {
    remarks.reached(line);
    if (!yaml.take(line)) remarks.take(line);
    if (yaml.heads > 1) {
      remarks.anotherRun(line);
      return remarks.unreadable();
    }
  }
  if (yaml.metrics.length === 0) return remarks.unreadable();
  const cut = yaml.ended ? [] : ['The file has no end: figures may be missing.'];
  return ok({
    tool: 'stress-ng', version: yaml.version, distributions: [], scalars: scalarsOf(yaml.metrics), stressors: yaml.metrics, successful: null,
    warnings: [...cut, ...remarks.all()],
  });
}

function parseText(text: string): Result<StressNgOutput> {
  const remarks = new Remarks('stress-ng', [
    { pattern: /^Try 'stress-ng --help'|-method must be one of: |^(?:Cannot|Invalid|Value) /, meaning: 'an option was not accepted, so no load was made', next: 'Check the options against the version of stress-ng on the board.' },
  ]);
  const report = new StressText();
  let version: string | null = null;
  for (const line of outputLines(text)) {
    remarks.reached(line);
    const told = /^stress-ng, version (\d{1,3}(?:\.\d{1,4}){1,3}) /.exec(line.text);
    if (told !== null) version = told[1] ?? null;
    else if (!report.take(line)) remarks.take(line);
    if (report.foreign) {
      remarks.anotherRun(line);
      return remarks.unreadable();
    }
  }
  if (report.metrics.length === 0 && report.seconds === null && report.cyclic === null) return remarks.unreadable();
  const { metrics, cyclic, seconds } = report;
  return ok({
    tool: 'stress-ng', version,
    distributions: cyclic === null ? [] : [cyclicDistribution(cyclic, metrics)],
    scalars: [
      ...scalarsOf(metrics), ...report.others,
      ...(cyclic?.percentiles ?? []).map(({ percent, ns }) => ({ name: `cyclic: ${percent} % of the latencies up to`, value: ns, unit: 'ns' })),
      ...(seconds === null ? [] : [{ name: 'run time', value: seconds, unit: 's' }]),
    ],
    stressors: metrics,
    successful: report.successful && seconds !== null,
    warnings: [...report.warnings, ...(seconds === null ? ['stress-ng did not reach its end.'] : []), ...(metrics.length === 0 ? ['There are no metrics: give --metrics.'] : []), ...remarks.all()],
  });
}

const scalarsOf = (stressors: readonly StressorMetrics[]): Scalar[] =>
  stressors.flatMap(({ stressor, figures }) => figures.map((figure) => ({ ...figure, name: `${stressor}: ${figure.name}` })));

/** The stressor keeps as many samples as it was told to, and one round is one bogo op. */
function cyclicDistribution({ samples, minNs, meanNs, maxNs }: CyclicLatency, metrics: readonly StressorMetrics[]): Distribution {
  const rounds = metrics.find(({ stressor }) => stressor === 'cyclic')?.figures[0]?.value;
  return { label: 'cyclic', cpu: null, samples: Math.min(samples ?? Infinity, rounds ?? samples ?? 0), minNs, avgNs: meanNs, maxNs, overflows: 0, buckets: [] };
}
