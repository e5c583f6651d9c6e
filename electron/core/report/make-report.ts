import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { CodedError } from '../../../shared/contract/errors.ts';
import { usualFormats, type MadeReport, type ReportPreviewRequest, type ReportRequest } from '../../../shared/model/report.ts';
import { renderHtml } from '../../../shared/report/render-html.ts';
import { pdfName, renderReport } from '../../../shared/report/render-report.ts';
import type { ProjectContext } from '../open-project.ts';
import { writeAtomically } from '../project/atomic-write.ts';
import { collectReport } from './collect-report.ts';
import { datedPdf } from './dated-pdf.ts';
import type { PdfPort } from './pdf-port.ts';

/** What makes reports besides the project: the application's version and how its host prints. */
export interface ReportMakers { readonly version: string; readonly pdf: PdfPort | null }

/**
 * Writes a report: one page, and the same as data and as PDF. Only files of these names are overwritten.
 * Errors: `run-unknown`, `project-locked` (no folder given and the project is read-only), `disk-full`, `file-unreadable`, `pdf-unavailable`.
 */
export async function makeReport(context: ProjectContext, request: ReportRequest, { version, pdf }: ReportMakers): Promise<MadeReport> {
  const { store } = context;
  if (request.directory === null && store.readOnlyReason !== null) {
    throw new CodedError('project-locked', `The project is open for reading only: ${store.readOnlyReason}`, { state: 'Nothing was written.', next: 'Name another folder for the report.' });
  }
  const formats = request.formats ?? usualFormats;
  const content = await collectReport(context, request, version);
  const directory = request.directory ?? join(store.directory, 'reports', content.date);
  const files: MadeReport['files'] = [];
  const write = async (name: string, bytes: Uint8Array) => {
    await writeAtomically(join(directory, name), bytes);
    files.push({ name, sizeBytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
  };
  for (const { name, text } of renderReport(content, sha256Base64, formats)) await write(name, Buffer.from(text));
  if (formats.includes('pdf')) {
    if (pdf === null) throw new CodedError('pdf-unavailable', 'Nothing here can print a page.', { next: 'Write the page (HTML) and print it to PDF in any browser.' });
    await write(pdfName, datedPdf(await pdf.print(renderHtml(content, sha256Base64)), content.date));
  }
  return { directory, files };
}

/** The page of a report, not written anywhere. Errors: `run-unknown`. */
export async function previewReport(context: ProjectContext, request: ReportPreviewRequest, { version }: ReportMakers): Promise<{ html: string }> {
  return { html: renderHtml(await collectReport(context, { ...request, directory: null, formats: null }, version), sha256Base64) };
}

const sha256Base64 = (text: string) => createHash('sha256').update(text).digest('base64');
