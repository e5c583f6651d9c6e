import type { Distribution, Scalar, ToolOutput } from '../parsers/tool-output.ts';

/**
 * The outputs of a run's parts as one: distributions of the same name are added up exactly, counts and durations summed; of
 * other figures the largest is kept. Null when there is none.
 */
export function mergeOutputs(outputs: readonly ToolOutput[]): ToolOutput | null {
  const [first, ...rest] = outputs;
  if (first === undefined) return null;
  if (rest.length === 0) return { tool: first.tool, version: first.version, distributions: first.distributions, scalars: first.scalars, warnings: first.warnings };
  return {
    tool: first.tool, version: first.version,
    distributions: grouped(outputs.flatMap(({ distributions }) => distributions), ({ label }) => label).map(mergeDistributions),
    scalars: grouped(outputs.flatMap(({ scalars }) => scalars), ({ name, unit }) => `${unit} ${name}`).map(mergeScalars),
    warnings: [...new Set(outputs.flatMap(({ warnings }) => warnings))],
  };
}

type Group<T> = readonly [T, ...T[]];

function grouped<T>(items: readonly T[], key: (item: T) => string): Array<Group<T>> {
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

function mergeDistributions(parts: Group<Distribution>): Distribution {
  const buckets = new Map<number, number>();
  for (const [edge, count] of parts.flatMap((part) => part.buckets)) buckets.set(edge, (buckets.get(edge) ?? 0) + count);
  const samples = sum(parts.map((part) => part.samples));
  const weighed = parts.flatMap(({ avgNs, samples: own }) => (avgNs === null ? [] : [{ avgNs, own }]));
  const weight = sum(weighed.map(({ own }) => own));
  return {
    label: parts[0].label, cpu: parts[0].cpu, samples, overflows: sum(parts.map((part) => part.overflows)),
    minNs: extreme(parts.map(({ minNs }) => minNs), Math.min), maxNs: extreme(parts.map(({ maxNs }) => maxNs), Math.max),
    avgNs: weight === 0 ? null : sum(weighed.map(({ avgNs, own }) => avgNs * own)) / weight,
    buckets: [...buckets].sort(([a], [b]) => a - b),
  };
}

function mergeScalars(parts: Group<Scalar>): Scalar {
  const [{ name, unit }] = parts;
  const values = parts.map(({ value }) => value);
  return { name, unit, value: unit === 'count' || name === 'duration' ? sum(values) : Math.max(...values) };
}

const extreme = (values: ReadonlyArray<number | null>, pick: (a: number, b: number) => number): number | null =>
  values.reduce<number | null>((best, value) => (best === null ? value : value === null ? best : pick(best, value)), null);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
