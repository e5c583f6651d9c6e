import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import { core } from '../api/core.ts';
import type { Answer, Question } from '../../shared/model/question.ts';

/** What the core asks the person at the laptop, one at a time, oldest first. Answers are not kept here. */
export const useQuestions = defineStore('questions', () => {
  const waiting = ref<Question[]>([]);
  const current = computed(() => waiting.value[0] ?? null);

  async function load(): Promise<void> {
    waiting.value = await core().call('questions.list', {});
  }

  function take(question: Question): void {
    if (!waiting.value.some((known) => known.id === question.id)) waiting.value = [...waiting.value, question];
  }

  function settle(questionId: string): void {
    waiting.value = waiting.value.filter((question) => question.id !== questionId);
  }

  async function answer(questionId: string, given: Answer): Promise<void> {
    await core().call('questions.answer', { questionId, answer: given });
    settle(questionId);
  }

  return { waiting, current, load, take, settle, answer };
});
