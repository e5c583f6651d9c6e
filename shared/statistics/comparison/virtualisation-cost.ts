import type { Comparison, FigureDifference } from './comparison.ts';
import type { FigureValue } from './figures.ts';

/** What running in the VM costs at one quantile, by the worst line of each result. */
export interface QuantileCost { readonly figure: string; readonly bare: FigureValue; readonly vm: FigureValue; readonly difference: FigureDifference }
export interface VirtualisationCost { readonly side: number; readonly bare: string; readonly vm: string; readonly kind: string; readonly quantiles: readonly QuantileCost[] }

/** For each side that was measured in a VM, where the baseline was bare metal: the cost per quantile. Empty where that is not so, or not known. */
export function virtualisationCost({ sides, rows, obstacle }: Pick<Comparison, 'sides' | 'rows' | 'obstacle'>): VirtualisationCost[] {
  const [baseline] = sides;
  if (baseline?.virtualised !== false || obstacle !== null) return [];
  const told = rows.filter((row) => row.isWorst || !rows.some((other) => other.isWorst && other.kind === row.kind));
  return sides.flatMap(({ name, virtualised }, side) => (side === 0 || virtualised !== true ? [] : told.map((row): VirtualisationCost => ({
    side, bare: baseline.name, vm: name, kind: row.kind,
    quantiles: row.figures.flatMap(({ figure, sides: values, differences }): QuantileCost[] => {
      const [bare, vm, difference] = [values[0]?.median, values[side]?.median, differences[side - 1]];
      return bare === undefined || vm === undefined || difference === undefined ? [] : [{ figure, bare, vm, difference }];
    }),
  }))));
}
