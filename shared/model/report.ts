import { z } from 'zod';
import { idSchema, stampSchema } from './board.ts';

/** Parts of a report, in their order. */
export const reportSections = ['summary', 'boards', 'settings', 'runs', 'comparison', 'changes', 'unknown', 'references', 'evidence'] as const;
export const reportSectionSchema = z.enum(reportSections);
export type ReportSection = z.infer<typeof reportSectionSchema>;

/** What a report is written as. PDF is the page, printed by the host. */
export const reportFormats = ['html', 'pdf', 'json', 'csv', 'junit'] as const;
export const reportFormatSchema = z.enum(reportFormats);
export type ReportFormat = z.infer<typeof reportFormatSchema>;

/** Written where nobody says which: all that needs no browser. */
export const usualFormats: readonly ReportFormat[] = ['html', 'json', 'csv', 'junit'];

/** What a report is to be; null: everything, now, into the project's own folder, not signed. */
export const reportRequestSchema = z.strictObject({
  /** Where its files go, a folder on this computer; only files of a report are overwritten there. */
  directory: z.string().min(1).max(4096).nullable(),
  date: stampSchema.nullable(),
  signedOffBy: z.string().trim().min(1).max(200).nullable(),
  sections: z.array(reportSectionSchema).min(1).nullable(),
  /** Own runs and imported ones. */
  runs: z.array(idSchema).nullable(),
  formats: z.array(reportFormatSchema).min(1).nullable(),
});
export type ReportRequest = z.infer<typeof reportRequestSchema>;

export const madeReportSchema = z.object({ directory: z.string(), files: z.array(z.object({ name: z.string(), sizeBytes: z.number(), sha256: z.string() })) });
export type MadeReport = z.infer<typeof madeReportSchema>;

/** The page of a report as it would be written now; nothing is stored. */
export const reportPreviewRequestSchema = reportRequestSchema.omit({ directory: true, formats: true });
export type ReportPreviewRequest = z.infer<typeof reportPreviewRequestSchema>;
