import type { Handlers } from '../../../shared/contract/dispatch.ts';
import { reportFileNames } from '../../../shared/report/render-report.ts';
import { stampAgo } from './data.ts';

/** A report is said to be made, and nothing is written. */
export const reportHandlers = (): Pick<Handlers, 'reports.make' | 'reports.preview'> => ({
  'reports.make': async ({ directory, date }) => ({
    directory: directory ?? `/home/person/press-line.rtvm/reports/${date ?? stampAgo(0)}`,
    files: reportFileNames.map((name) => ({ name, sizeBytes: 1000, sha256: '0'.repeat(64) })),
  }),
  'reports.preview': async () => ({ html: '<!doctype html><html lang="en"><head><title>Press line: report</title><style>body{color:#222}</style></head><body><h1>Press line</h1></body></html>' }),
});
