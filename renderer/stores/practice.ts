import { defineStore } from 'pinia';
import { ref } from 'vue';
import { core } from '../api/core.ts';
import type { MethodOutput, PracticeFaults } from '../../shared/contract/methods.ts';

/** The embedded practice board: its pretend machine and the faults that are switched on. */
export const usePractice = defineStore('practice', () => {
  const state = ref<MethodOutput<'practice.state'> | null>(null);

  async function load(): Promise<void> {
    state.value = await core().call('practice.state', {});
  }

  async function setFaults(faults: PracticeFaults): Promise<void> {
    state.value = await core().call('practice.set-faults', faults);
  }

  async function setMachine(machine: string): Promise<void> {
    state.value = await core().call('practice.set-machine', { machine });
  }

  async function reset(): Promise<void> {
    state.value = await core().call('practice.reset', {});
  }

  return { state, load, setFaults, setMachine, reset };
});
