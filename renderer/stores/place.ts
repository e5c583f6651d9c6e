import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import { formatRoute, parseRoute, type Route, type Station, type VmsPlace } from '../route.ts';

/** Where the window is, and which dialog is open. The hash of the address is the truth; Back and reload follow it. */
export const usePlace = defineStore('place', () => {
  const route = ref<Route>({ kind: 'home' });
  const dialog = ref<'add-board' | 'project' | null>(null);

  const boardId = computed(() => route.value.kind === 'board' ? route.value.boardId : null);

  function go(next: Route, how: 'push' | 'replace' = 'push'): void {
    route.value = next;
    const hash = formatRoute(next);
    if (location.hash === hash) return;
    if (how === 'replace') history.replaceState(null, '', hash);
    else history.pushState(null, '', hash);
  }

  const goBoard = (id: string, station: Station = 'overview', runId: string | null = null): void => { go({ kind: 'board', boardId: id, station, runId }); };

  const goVms = (id: string, vms: VmsPlace, how: 'push' | 'replace' = 'push'): void => { go({ kind: 'board', boardId: id, station: 'vms', runId: null, vms }, how); };

  /** Follows the address. Returns how to stop. */
  function follow(): () => void {
    const take = () => { route.value = parseRoute(location.hash); };
    take();
    window.addEventListener('popstate', take);
    window.addEventListener('hashchange', take);
    return () => {
      window.removeEventListener('popstate', take);
      window.removeEventListener('hashchange', take);
    };
  }

  return { route, dialog, boardId, go, goBoard, goVms, follow };
});
