import type { Pip } from '../guides/guide-counts.ts';
import type { VmHostReport } from '../../../shared/planning/vm/vm-report.ts';

/** What the tab of the VMs says: what is wrong or half-made, else how many there are. undefined, null: not asked, not read. */
export function vmsPip(report: VmHostReport | null | undefined): Pip {
  if (!report) return { pip: '–', tone: '', words: 'not read yet' };
  const wrong = report.vms.filter(({ checks }) => checks.some(({ verdict }) => verdict === 'wrong')).length;
  if (wrong > 0) return { pip: String(wrong), tone: 'bad', words: `${String(wrong)} with something wrong` };
  if (report.host.halfMade.length > 0) return { pip: String(report.host.halfMade.length), tone: 'warn', words: `${String(report.host.halfMade.length)} not finished` };
  return { pip: String(report.vms.length), tone: '', words: `${String(report.vms.length)} there` };
}
