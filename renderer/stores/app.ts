import { defineStore } from 'pinia';
import { ref } from 'vue';
import { core } from '../api/core.ts';
import type { MethodOutput } from '../../shared/contract/methods.ts';

/** The application itself: its version and host, whether the core still answers, and the time on the wall. */
export const useApp = defineStore('app', () => {
  const info = ref<MethodOutput<'app.info'> | null>(null);
  const linkLost = ref(false);
  const nowMs = ref(Date.now());

  async function load(): Promise<void> {
    info.value = await core().call('app.info', {});
  }

  /** Keeps “2 min ago” true. Returns how to stop. */
  function startClock(everyMs = 15_000): () => void {
    const timer = setInterval(() => { nowMs.value = Date.now(); }, everyMs);
    return () => { clearInterval(timer); };
  }

  return { info, linkLost, nowMs, load, startClock };
});
