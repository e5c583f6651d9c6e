import { defineStore } from 'pinia';
import { ref } from 'vue';
import { core } from '../api/core.ts';
import type { ProjectInfo } from '../../shared/model/project.ts';

/** The project that is open, and those that were open before. */
export const useProject = defineStore('project', () => {
  const info = ref<ProjectInfo | null>(null);
  const recent = ref<string[]>([]);
  const loaded = ref(false);

  async function load(): Promise<void> {
    const current = await core().call('project.current', {});
    info.value = current.info;
    recent.value = current.recent;
    loaded.value = true;
  }

  async function open(directory: string): Promise<void> {
    info.value = await core().call('project.open', { directory });
  }

  async function create(directory: string, name: string): Promise<void> {
    info.value = await core().call('project.create', { directory, name });
  }

  return { info, recent, loaded, load, open, create };
});
