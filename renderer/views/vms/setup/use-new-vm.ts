import { computed, onUnmounted, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import { CodedError, type CodedErrorData } from '../../../../shared/contract/errors.ts';
import { readNewVmForm, type NewVmForm, type NewVmProblem } from '../../../forms/new-vm-form.ts';
import { useVms } from '../../../stores/vms.ts';
import type { NewVm, NewVmPreview } from '../../../../shared/model/vm.ts';

const settleMs = 300;

export interface NewVmState {
  readonly form: ComputedRef<NewVmForm | undefined>;
  readonly vm: ComputedRef<NewVm | null>;
  /** What making it would do; null while the form cannot be read. */
  readonly preview: ShallowRef<NewVmPreview | null>;
  readonly problems: ComputedRef<readonly NewVmProblem[]>;
  readonly checking: Ref<boolean>;
  readonly error: ShallowRef<CodedErrorData | null>;
}

/** The VM that is being thought up for a board: checked by the core as it is typed. */
export function useNewVm(boardId: string): NewVmState {
  const vms = useVms();
  const preview = shallowRef<NewVmPreview | null>(null);
  const error = shallowRef<CodedErrorData | null>(null);
  const checking = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;

  const form = computed(() => vms.drafts[boardId]);
  const reading = computed(() => (form.value ? readNewVmForm(form.value) : null));
  const vm = computed(() => (reading.value?.ok ? reading.value.vm : null));
  const problems = computed<readonly NewVmProblem[]>(() => (reading.value && !reading.value.ok ? reading.value.problems : preview.value?.problems ?? []));

  async function check(number: number, wanted: NewVm): Promise<void> {
    try {
      const answer = await vms.preview(boardId, wanted);
      if (number === asked) preview.value = answer;
    } catch (thrown) {
      if (number === asked) error.value = CodedError.from(thrown).toData();
    } finally {
      if (number === asked) checking.value = false;
    }
  }

  watch(vm, (wanted) => {
    clearTimeout(timer);
    error.value = null;
    const number = ++asked;
    checking.value = wanted !== null;
    if (wanted === null) preview.value = null;
    else timer = setTimeout(() => { void check(number, wanted); }, settleMs);
  }, { immediate: true });
  onUnmounted(() => { clearTimeout(timer); });

  return { form, vm, preview, problems, checking, error };
}
