import { defineStore } from 'pinia';
import { ref } from 'vue';
import { CodedError, type CodedErrorData } from '../../shared/contract/errors.ts';

export interface Notice {
  readonly id: number;
  readonly tone: 'status' | 'alert';
  readonly text: string;
  readonly error: CodedErrorData | null;
}

const statusStaysMs = 7000;

/** What the window tells by itself: short news that goes away, and failures that stay until they are put away. */
export const useNotices = defineStore('notices', () => {
  const items = ref<Notice[]>([]);
  let nextId = 1;

  function add(notice: Omit<Notice, 'id'>): number {
    const id = nextId++;
    items.value = [...items.value.filter((known) => known.text !== notice.text || known.tone !== notice.tone), { id, ...notice }].slice(-5);
    return id;
  }

  function dismiss(id: number): void {
    items.value = items.value.filter((notice) => notice.id !== id);
  }

  function say(text: string): void {
    const id = add({ tone: 'status', text, error: null });
    setTimeout(() => { dismiss(id); }, statusStaysMs);
  }

  function report(thrown: unknown): void {
    const error = CodedError.from(thrown).toData();
    add({ tone: 'alert', text: error.message, error });
  }

  /** Does a thing; shows its failure and gives undefined for it. */
  async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (thrown) {
      report(thrown);
      return undefined;
    }
  }

  return { items, say, report, attempt, dismiss };
});
