import { computed, onUnmounted, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import { CodedError, type CodedErrorData } from '../../../shared/contract/errors.ts';
import type { RunPreview, RunProblem } from '../../../shared/contract/methods.ts';
import type { BenchmarkId, RunRequest } from '../../../shared/model/run.ts';
import { newRunId } from '../../forms/cyclictest-form.ts';
import { useRuns } from '../../stores/runs.ts';

const settleMs = 250;

export type RequestReading =
  | { readonly ok: true; readonly request: RunRequest }
  | { readonly ok: false; readonly problems: readonly RunProblem[] };

/** What differs between benchmarks: how a proposal becomes a form, and a form what is asked of the core. */
export interface FormKind<Form> {
  readonly benchmark: BenchmarkId;
  /** Null: the proposal is of another benchmark. */
  formOf(proposed: RunPreview): Form | null;
  read(form: Form): RequestReading;
}

export interface FormState<Form> {
  readonly form: Ref<Form | null>;
  /** What the core says of the form as it stands; null while the form cannot be read. */
  readonly preview: ComputedRef<RunPreview | null>;
  readonly problems: ComputedRef<readonly RunProblem[]>;
  readonly blocking: ComputedRef<readonly RunProblem[]>;
  readonly checking: Ref<boolean>;
  readonly error: ShallowRef<CodedErrorData | null>;
  readonly starting: Ref<boolean>;
  propose(): Promise<void>;
  start(): Promise<boolean>;
}

/** The life of a bench form: proposed by the core, checked as it is typed, started once. */
export function useRunForm<Form extends object>(boardId: string, kind: FormKind<Form>): FormState<Form> {
  const runs = useRuns();
  const form: Ref<Form | null> = ref(null);
  const answer = shallowRef<RunPreview | null>(null);
  const error = shallowRef<CodedErrorData | null>(null);
  const checking = ref(false);
  const starting = ref(false);
  let runId = freshId(kind.benchmark);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;

  const reading = computed(() => form.value ? kind.read(form.value) : null);
  const problems = computed<readonly RunProblem[]>(() => {
    if (!reading.value) return [];
    return reading.value.ok ? answer.value?.problems ?? [] : reading.value.problems;
  });
  const preview = computed(() => reading.value?.ok ? answer.value : null);
  const blocking = computed(() => problems.value.filter((problem) => problem.severity === 'error'));

  async function propose(): Promise<void> {
    error.value = null;
    try {
      const proposed = await runs.propose(boardId, kind.benchmark);
      answer.value = proposed;
      form.value = kind.formOf(proposed);
    } catch (thrown) {
      error.value = CodedError.from(thrown).toData();
    }
  }

  async function check(number: number): Promise<void> {
    const read = reading.value;
    if (!read?.ok) {
      checking.value = false;
      return;
    }
    try {
      const checked = await runs.preview(boardId, read.request);
      if (number === asked) answer.value = checked;
    } catch (thrown) {
      if (number === asked) error.value = CodedError.from(thrown).toData();
    } finally {
      if (number === asked) checking.value = false;
    }
  }

  watch(form, (now, before) => {
    if (!now || !before) return;
    clearTimeout(timer);
    checking.value = true;
    error.value = null;
    const number = ++asked;
    timer = setTimeout(() => { void check(number); }, settleMs);
  }, { deep: true });
  onUnmounted(() => { clearTimeout(timer); });

  /** The id is kept until a start has succeeded: pressing again after a lost answer cannot start a second run. */
  async function start(): Promise<boolean> {
    const read = reading.value;
    if (!read?.ok || starting.value) return false;
    starting.value = true;
    error.value = null;
    try {
      await runs.start(boardId, read.request, runId);
      runId = freshId(kind.benchmark);
      return true;
    } catch (thrown) {
      error.value = CodedError.from(thrown).toData();
      return false;
    } finally {
      starting.value = false;
    }
  }

  return { form, preview, problems, blocking, checking, error, starting, propose, start };
}

const freshId = (benchmark: BenchmarkId) => newRunId(benchmark, new Date(), crypto.getRandomValues(new Uint8Array(3)));
