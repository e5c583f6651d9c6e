import type { ToolBenchmark } from '../../../shared/benchmarks/benchmark.ts';
import { isToolRequest } from '../../../shared/model/run.ts';
import { readToolForm, toolFormOf, type ToolForm } from '../../forms/tool-form.ts';
import { useRunForm, type FormState } from './use-run-form.ts';

export const useToolForm = (boardId: string, benchmark: ToolBenchmark): FormState<ToolForm> => useRunForm<ToolForm>(boardId, {
  benchmark: benchmark.id,
  formOf: (proposed) => (isToolRequest(proposed) ? toolFormOf(benchmark, proposed.options) : null),
  read: (form) => {
    const reading = readToolForm(benchmark, form);
    return reading.ok ? { ok: true, request: { benchmark: benchmark.id, options: reading.options } } : reading;
  },
});
