import { hostCpusOf, threadRowsOf } from './thread-rows.ts';
import type { VmReport } from '../../../shared/planning/vm/vm-report.ts';
import { formatCpuList } from '../../../shared/parsers/cpu-list.ts';

const mostShown = 16;

/** `vCPU 0→4 1→6 · emulator 56,58`: each vCPU with its host CPU, in one line. */
export function vcpuLine(report: VmReport): string {
  const rows = threadRowsOf(report);
  const vcpus = rows.filter(({ role }) => role === 'vcpu');
  const emulator = rows.find(({ role }) => role === 'emulator');
  const cpus = (row: (typeof rows)[number]) => { const found = hostCpusOf(row); return found === null ? 'any' : formatCpuList(found); };
  const emulatorPart = emulator === undefined ? [] : [`emulator ${cpus(emulator)}`];
  const places = new Set(vcpus.map(cpus));
  const [only] = places;
  if (vcpus.length > 1 && places.size === 1 && only !== undefined) return [`vCPU 0-${String(vcpus.length - 1)}: ${only === 'any' ? 'any CPU' : `anywhere on CPU ${only}`}`, ...emulatorPart].join(' · ');
  const shown = vcpus.slice(0, mostShown).map((row) => `${String(row.vcpu)}→${cpus(row)}`);
  const left = vcpus.length - shown.length;
  return [`vCPU ${shown.join(' ')}${left > 0 ? ` and ${String(left)} more` : ''}`, ...emulatorPart].join(' · ');
}
