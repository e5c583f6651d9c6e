/** A measured core, or `system` for all of them together. Latencies in µs; null where the report does not tell. */
export interface RtevalCore {
  readonly tool: 'cyclictest' | 'timerlat';
  readonly cpu: number | null;
  samples: number;
  min: number | null;
  mean: number | null;
  max: number | null;
  readonly buckets: Map<number, number>;
}

export const newCore = (tool: RtevalCore['tool'], cpu: number | null): RtevalCore =>
  ({ tool, cpu, samples: 0, min: null, mean: null, max: null, buckets: new Map() });

/** Sets the figure that a report calls by this name, in XML or in the summary; false when it is none that is kept. */
export function setFigure(core: RtevalCore, name: string, value: number): boolean {
  if (name === 'samples' || name === 'Samples') core.samples = value;
  else if (name === 'minimum' || name === 'Min') core.min = value;
  else if (name === 'mean' || name === 'Mean') core.mean = value;
  else if (name === 'maximum' || name === 'Max') core.max = value;
  else return false;
  return true;
}
