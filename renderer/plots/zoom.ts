/** A piece of a number line, `from` < `to`. */
export interface Span { readonly from: number; readonly to: number }

const clampSpan = (from: number, to: number, full: Span, smallest: number): Span => {
  const width = Math.min(Math.max(to - from, smallest), full.to - full.from);
  const start = Math.min(Math.max(from, full.from), full.to - width);
  return { from: start, to: start + width };
};

/** The part of `full` that was asked for, at least `smallest` wide and inside it. */
export const zoomTo = (full: Span, wanted: Span, smallest: number): Span =>
  clampSpan(Math.min(wanted.from, wanted.to), Math.max(wanted.from, wanted.to), full, smallest);

/** Zooms by a factor (below 1: in) around a point that stays where it is. */
export function zoomAround(full: Span, view: Span, factor: number, at: number, smallest: number): Span {
  const width = (view.to - view.from) * factor;
  const share = (at - view.from) / (view.to - view.from);
  return clampSpan(at - width * share, at + width * (1 - share), full, smallest);
}

/** Moves the view by a share of its width, not past the ends. */
export function pan(full: Span, view: Span, share: number): Span {
  const step = (view.to - view.from) * share;
  return clampSpan(view.from + step, view.to + step, full, view.to - view.from);
}

/** What a key does to the view: + and - zoom around the middle, arrows move, Home and End go to the ends, 0 shows all; null for other keys. */
export function zoomByKey(key: string, full: Span, view: Span, smallest: number): Span | null {
  const middle = (view.from + view.to) / 2;
  const width = view.to - view.from;
  switch (key) {
    case '+': case '=': return zoomAround(full, view, 0.5, middle, smallest);
    case '-': case '_': return zoomAround(full, view, 2, middle, smallest);
    case 'ArrowLeft': return pan(full, view, -0.2);
    case 'ArrowRight': return pan(full, view, 0.2);
    case 'Home': return clampSpan(full.from, full.from + width, full, smallest);
    case 'End': return clampSpan(full.to - width, full.to, full, smallest);
    case '0': return full;
    default: return null;
  }
}
