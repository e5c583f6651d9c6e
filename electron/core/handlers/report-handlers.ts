import type { CoreParts } from '../create-core.ts';
import { makeReport } from '../report/make-report.ts';
import type { HandlerGroup } from './handler-group.ts';

export function reportHandlers({ project, version }: CoreParts): HandlerGroup<'reports'> {
  return { 'reports.make': (request) => makeReport(project.context, request, version) };
}
