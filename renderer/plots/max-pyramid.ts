/** How many values of one level a value of the next one stands for. */
const fan = 16;

type Values = Float64Array | Float32Array | Uint32Array | Uint16Array;

/**
 * The greatest value of any stretch of a long row, exactly, by looking at some dozens of values however long the stretch is: each
 * level holds the maxima of sixteen of the level below. So a plot loses no peak at any zoom and costs the same at every one.
 */
export class MaxPyramid {
  readonly #levels: readonly Values[];

  constructor(values: Values) {
    const levels: Values[] = [values];
    for (let below = values; below.length > fan;) {
      const level = sameKind(values, Math.ceil(below.length / fan));
      for (let at = 0; at < level.length; at += 1) {
        const end = Math.min(below.length, (at + 1) * fan);
        let most = below[at * fan] ?? 0;
        for (let i = at * fan + 1; i < end; i += 1) {
          const value = below[i] ?? 0;
          if (value > most) most = value;
        }
        level[at] = most;
      }
      levels.push(level);
      below = level;
    }
    this.#levels = levels;
  }

  get length(): number {
    return this.#levels[0]?.length ?? 0;
  }

  /** The greatest of the values from index `from` up to, not including, `to`; null of none. */
  max(from: number, to: number): number | null {
    const at = this.indexOfMax(from, to);
    return at === null ? null : this.#levels[0]?.[at] ?? null;
  }

  /** Where the greatest value of that stretch is, the first of equals; null of none. */
  indexOfMax(from: number, to: number): number | null {
    let [first, end] = [Math.max(0, from), Math.min(this.length, to)];
    if (first >= end) return null;
    let best: Found | null = null;
    for (let level = 0; level < this.#levels.length; level += 1) {
      const values = this.#levels[level];
      if (!values) break;
      // The ragged ends are looked at on this level, what is whole between them on the next.
      const [wholeFrom, wholeTo] = [Math.ceil(first / fan), Math.floor(end / fan)];
      if (wholeFrom >= wholeTo || level === this.#levels.length - 1) {
        best = later(best, greatest(values, level, first, end));
        break;
      }
      best = later(best, greatest(values, level, first, wholeFrom * fan));
      best = later(best, greatest(values, level, wholeTo * fan, end));
      [first, end] = [wholeFrom, wholeTo];
    }
    return best === null ? null : this.#descend(best);
  }

  #descend({ level, index, value }: Found): number {
    let at = index;
    for (let below = level - 1; below >= 0; below -= 1) {
      const values = this.#levels[below];
      let i = at * fan;
      while (values && i < values.length - 1 && values[i] !== value) i += 1;
      at = i;
    }
    return at;
  }
}

interface Found { readonly level: number; readonly index: number; readonly value: number }

function greatest(values: Values, level: number, from: number, to: number): Found | null {
  let [index, value] = [-1, -Infinity];
  for (let i = from; i < to; i += 1) {
    const one = values[i] ?? -Infinity;
    if (one > value) [index, value] = [i, one];
  }
  return index < 0 ? null : { level, index, value };
}

/** Of equals the one that begins first. */
function later(a: Found | null, b: Found | null): Found | null {
  if (a === null || b === null) return a ?? b;
  if (a.value !== b.value) return a.value > b.value ? a : b;
  return a.index * fan ** a.level <= b.index * fan ** b.level ? a : b;
}

function sameKind(values: Values, length: number): Values {
  if (values instanceof Uint16Array) return new Uint16Array(length);
  if (values instanceof Uint32Array) return new Uint32Array(length);
  return values instanceof Float32Array ? new Float32Array(length) : new Float64Array(length);
}
