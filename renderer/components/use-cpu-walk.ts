import { computed, ref, type ComputedRef, type Ref } from 'vue';
import { nextCpu } from '../topology/cpu-map-keys.ts';
import type { CpuMapLayout } from '../topology/cpu-map-layout.ts';

export interface CpuWalk {
  /** The CPU last pointed at or focused. */
  readonly chosen: Ref<number | null>;
  /** The one CPU of the map that Tab reaches. */
  readonly active: ComputedRef<number | null>;
  /** Goes where an arrow key, Home or End leads. Gives the CPU gone to; null: the key leads nowhere. */
  walk(event: KeyboardEvent): number | null;
}

/** Arrow keys over a drawn map: one CPU can be reached by Tab, the others from it. `root` holds the panels. */
export function useCpuWalk(root: Readonly<Ref<HTMLElement | null>>, layout: ComputedRef<CpuMapLayout>): CpuWalk {
  const order = computed(() => layout.value.panels.flatMap((panel) => panel.groups.flatMap((group) => group.clusters.flatMap((cluster) => cluster.cores.flatMap((core) => core.threads.map((thread) => thread.cpu))))));
  const chosen = ref<number | null>(null);
  const active = computed(() => chosen.value !== null && order.value.includes(chosen.value) ? chosen.value : order.value[0] ?? null);

  function walk(event: KeyboardEvent): number | null {
    if (active.value === null || !root.value) return null;
    const boxes = [...root.value.querySelectorAll<HTMLElement>('[data-cpu]')].map((element) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      return { cpu: Number(element.dataset['cpu']), x: left + width / 2, y: top + height / 2 };
    });
    const next = nextCpu(event.key, boxes, active.value);
    if (next === null) return null;
    event.preventDefault();
    chosen.value = next;
    root.value.querySelector<HTMLElement>(`[data-cpu="${String(next)}"]`)?.focus();
    return next;
  }
  return { chosen, active, walk };
}
