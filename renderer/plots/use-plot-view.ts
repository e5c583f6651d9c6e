import { computed, onMounted, onUnmounted, ref, shallowRef, type ComputedRef, type Ref } from 'vue';
import { onSchemeChange } from './colours.ts';
import { zoomAround, zoomByKey, zoomTo, type Span } from './zoom.ts';

export interface PlotViewOptions {
  readonly full: ComputedRef<Span>;
  /** Narrower than this nothing more is to be seen. */
  readonly smallest: () => number;
  /** The element the plot is drawn in: its width is the plot's. */
  readonly host: Ref<HTMLElement | null>;
  /** The part of the element that is the axis, px. */
  readonly field: (width: number) => { readonly left: number; readonly right: number };
  redraw(): void;
}

export interface PlotView {
  readonly width: Ref<number>;
  readonly view: ComputedRef<Span>;
  readonly isZoomed: ComputedRef<boolean>;
  readonly cursor: Ref<number | null>;
  set(view: Span | null): void;
  /** What a key does; true when it did something. With Shift the arrows move the cursor. */
  key(event: KeyboardEvent): boolean;
  press(name: string): void;
  wheel(event: WheelEvent): void;
  /** Pointer: moves the cursor; with the button held, chooses a piece. */
  down(event: PointerEvent): void;
  move(event: PointerEvent): void;
  up(event: PointerEvent): void;
  leave(): void;
}

/** Zoom, cursor and size of a plot with one axis: the same keys, wheel and drag for every plot. */
export function usePlotView({ full, smallest, host, field, redraw }: PlotViewOptions): PlotView {
  const width = ref(0);
  const cursor = ref<number | null>(null);
  const zoomed = shallowRef<Span | null>(null);
  const view = computed(() => (zoomed.value === null ? full.value : zoomTo(full.value, zoomed.value, smallest())));
  const isZoomed = computed(() => zoomed.value !== null);
  let dragFrom: number | null = null;

  const set = (next: Span | null) => { zoomed.value = next !== null && (next.from > full.value.from || next.to < full.value.to) ? next : null; };

  function valueAt(clientX: number): number {
    const box = host.value?.getBoundingClientRect();
    const { left, right } = field(width.value);
    const share = Math.min(1, Math.max(0, (clientX - (box?.left ?? 0) - left) / Math.max(1, right - left)));
    return view.value.from + share * (view.value.to - view.value.from);
  }

  function moveCursor(share: number): void {
    const { from, to } = view.value;
    const next = (cursor.value ?? (share > 0 ? from : to)) + share * (to - from);
    cursor.value = Math.min(to, Math.max(from, next));
  }

  function key(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.shiftKey && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
      moveCursor(event.key === 'ArrowRight' ? 0.01 : -0.01);
      event.preventDefault();
      return true;
    }
    const next = zoomByKey(event.key, full.value, view.value, smallest());
    if (!next) return false;
    event.preventDefault();
    set(next);
    return true;
  }

  let resize: ResizeObserver | null = null;
  let stopScheme = () => { /* not watching yet */ };
  onMounted(() => {
    resize = new ResizeObserver(([entry]) => { width.value = Math.floor(entry?.contentRect.width ?? 0); });
    if (host.value) resize.observe(host.value);
    stopScheme = onSchemeChange(redraw);
  });
  onUnmounted(() => {
    resize?.disconnect();
    stopScheme();
  });

  return {
    width, view, isZoomed, cursor, set, key,
    press: (name) => { set(zoomByKey(name, full.value, view.value, smallest())); },
    wheel: (event) => {
      event.preventDefault();
      set(zoomAround(full.value, view.value, event.deltaY > 0 ? 1.25 : 0.8, valueAt(event.clientX), smallest()));
    },
    down: (event) => { if (event.button === 0) dragFrom = event.clientX; },
    move: (event) => { cursor.value = valueAt(event.clientX); },
    up: (event) => {
      if (dragFrom !== null && Math.abs(event.clientX - dragFrom) > 4) {
        const [a, b] = [valueAt(dragFrom), valueAt(event.clientX)];
        set(zoomTo(full.value, { from: Math.min(a, b), to: Math.max(a, b) }, smallest()));
      }
      dragFrom = null;
    },
    leave: () => {
      dragFrom = null;
      cursor.value = null;
    },
  };
}
