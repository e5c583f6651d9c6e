import type { RtevalOutput } from '../../parsers/rteval/rteval-format.ts';
import type { Distribution, ToolOutput } from '../../parsers/tool-output.ts';
import type { MeasuredLine, MeasuredResult } from './measured-result.ts';

/** What a tool's output is to a comparison. `kindOf` tells the kind of a CPU (performance, efficiency) where it is known. */
export function resultOfOutput(name: string, output: ToolOutput, kindOf: (cpu: number) => string | null = () => null): MeasuredResult {
  return {
    name, tool: output.tool, version: output.version, measures: measuredBy(output),
    lines: output.distributions.map((distribution) => lineOf(output, distribution, kindOf)),
    scalars: output.scalars, invalid: [], notes: output.warnings, virtualised: null,
  };
}

/** rteval starts cyclictest or rtla's timerlat: its figures compare with theirs. */
function measuredBy(output: ToolOutput): string {
  if (isRteval(output)) return output.measuredBy === 'timerlat' ? 'rtla' : 'cyclictest';
  return output.tool;
}

const isRteval = (output: ToolOutput): output is RtevalOutput => output.tool === 'rteval' && 'measuredBy' in output;

function lineOf(output: ToolOutput, distribution: Distribution, kindOf: (cpu: number) => string | null): MeasuredLine {
  const { label, cpu, buckets } = distribution;
  const thing = label.replace(/\s*(?:\bon )?\b(?:CPU|core|thread|column) \d+\b/, '').trim();
  const cpuKind = cpu === null ? null : kindOf(cpu);
  const bound = 'histogramBoundUs' in output && typeof output.histogramBoundUs === 'number' ? output.histogramBoundUs * 1000 : null;
  return {
    key: cpu === null ? label : `${thing === '' ? '' : `${thing} on `}CPU ${cpu}`,
    kind: [thing, ...(cpuKind === null ? [] : [`${cpuKind} CPUs`])].filter((part) => part !== '').join(', '),
    distribution,
    resolutionNs: resolutionOf(buckets, 'unit' in output && output.unit === 'ns' ? 1 : 1000),
    boundNs: bound,
    blockMaximaNs: null,
  };
}

/** Buckets lie whole widths apart; fewer than three of them do not tell, and then the tool's unit is taken. */
function resolutionOf(buckets: Distribution['buckets'], unitNs: number): number {
  const [first] = buckets;
  if (first === undefined || buckets.length < 3) return unitNs;
  const step = buckets.reduce((common, [edge]) => divisor(common, Math.round(Math.abs(edge - first[0]))), 0);
  return step === 0 ? unitNs : Math.max(1, step);
}

function divisor(a: number, b: number): number {
  let [larger, smaller] = [a, b];
  while (smaller > 0) [larger, smaller] = [smaller, larger % smaller];
  return larger;
}
