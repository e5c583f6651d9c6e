import type { CoreParts } from '../create-core.ts';
import { makeReport, previewReport } from '../report/make-report.ts';
import type { HandlerGroup } from './handler-group.ts';

export function reportHandlers({ project, version, pdf }: CoreParts): HandlerGroup<'reports'> {
  const makers = { version, pdf: pdf ?? null };
  return {
    'reports.make': (request) => makeReport(project.context, request, makers),
    'reports.preview': (request) => previewReport(project.context, request, makers),
  };
}
