import { defineStore } from 'pinia';
import { ref } from 'vue';
import { core } from '../api/core.ts';
import type { MadeReport, ReportPreviewRequest, ReportRequest } from '../../shared/model/report.ts';

/** The report of the project: its page as it would be, and the one that was written last. */
export const useReports = defineStore('reports', () => {
  const made = ref<MadeReport | null>(null);

  const preview = async (request: ReportPreviewRequest): Promise<string> => (await core().call('reports.preview', request)).html;

  async function make(request: ReportRequest): Promise<void> {
    made.value = await core().call('reports.make', request);
  }

  function forget(): void {
    made.value = null;
  }

  return { made, preview, make, forget };
});
