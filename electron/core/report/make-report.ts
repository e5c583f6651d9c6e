import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { CodedError } from '../../../shared/contract/errors.ts';
import type { MadeReport, ReportRequest } from '../../../shared/model/report.ts';
import { renderReport } from '../../../shared/report/render-report.ts';
import type { ProjectContext } from '../open-project.ts';
import { writeAtomically } from '../project/atomic-write.ts';
import { collectReport } from './collect-report.ts';

/**
 * Writes a report: one page, and the same as data. Only files of these names are overwritten.
 * Errors: `run-unknown`, `project-locked` (no folder given and the project is read-only), `disk-full`, `file-unreadable`.
 */
export async function makeReport(context: ProjectContext, request: ReportRequest, version: string): Promise<MadeReport> {
  const { store } = context;
  if (request.directory === null && store.readOnlyReason !== null) {
    throw new CodedError('project-locked', `The project is open for reading only: ${store.readOnlyReason}`, { state: 'Nothing was written.', next: 'Name another folder for the report.' });
  }
  const content = await collectReport(context, request, version);
  const directory = request.directory ?? join(store.directory, 'reports', content.date);
  const files: MadeReport['files'] = [];
  for (const { name, text } of renderReport(content, (style) => createHash('sha256').update(style).digest('base64'))) {
    await writeAtomically(join(directory, name), text);
    files.push({ name, sizeBytes: Buffer.byteLength(text), sha256: createHash('sha256').update(text).digest('hex') });
  }
  return { directory, files };
}
