/** A percentage as a fraction, without the noise that dividing by 100 leaves (99.999 → 0.99999). */
export const fractionOf = (percent: number): number => Number((percent / 100).toPrecision(12));

/** A fraction as a percentage to show: 0.99999 → `99.999`. */
export const percentText = (fraction: number): string => String(Number((fraction * 100).toPrecision(12)));
