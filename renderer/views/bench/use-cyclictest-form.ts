import { cyclictestOptionsOf } from '../../../shared/model/run.ts';
import { formOf, readForm, type CyclictestForm } from '../../forms/cyclictest-form.ts';
import { useRunForm, type FormState } from './use-run-form.ts';

export const useCyclictestForm = (boardId: string): FormState<CyclictestForm> => useRunForm<CyclictestForm>(boardId, {
  benchmark: 'cyclictest',
  formOf: (proposed) => {
    const options = cyclictestOptionsOf(proposed);
    return options === null ? null : formOf(options);
  },
  read: (form) => {
    const reading = readForm(form);
    return reading.ok ? { ok: true, request: { benchmark: 'cyclictest', options: reading.options } } : reading;
  },
});
