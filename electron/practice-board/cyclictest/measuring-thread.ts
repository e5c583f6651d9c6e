import type { Thread } from '../processes/process.ts';
import type { LatencyModel } from './latency-model.ts';

/** Statistics of one measuring thread; all of them come from the same samples, so that sums are exact. */
export class MeasuringThread {
  cycles = 0;
  min = 1_000_000;
  max = 0;
  act = 0;
  sum = 0;
  overflows = 0;
  readonly histogram: Float64Array;
  readonly overflowCycles: number[] = [];

  constructor(readonly thread: Thread, readonly intervalUs: number, readonly cpu: number, bins: number) {
    this.histogram = new Float64Array(bins);
  }

  /** Takes samples until `cycles` is `target`. `onSample` sees each one and may stop the taking by giving true. */
  advance(target: number, model: LatencyModel, nanoseconds: boolean, onSample?: (value: number, cycle: number) => boolean): boolean {
    while (this.cycles < target) {
      const value = Math.floor(model.draw() * (nanoseconds ? 1000 : 1));
      if (value < this.min) this.min = value;
      if (value > this.max) this.max = value;
      this.act = value;
      this.sum += value;
      const { length } = this.histogram;
      if (value < length) this.histogram[value] = (this.histogram[value] ?? 0) + 1;
      else if (length > 0) {
        if (this.overflowCycles.length < length) this.overflowCycles.push(this.cycles);
        this.overflows += 1;
      }
      this.cycles += 1;
      if (onSample?.(value, this.cycles - 1) === true) return true;
    }
    return false;
  }

  get average(): number {
    return this.cycles === 0 ? 0 : this.sum / this.cycles;
  }
}
