import type { CodedErrorData } from '../../contract/errors.ts';
import type { CpuMapDraft } from '../../model/cpu-map.ts';
import type { Vm, VmHost } from '../../model/vm.ts';
import { mapOfBoard } from './map-of-board.ts';
import { readDomain } from './read-domain.ts';
import { auditDomain, tuneDomain, type TunedDomain } from './tune-domain.ts';
import { verifyVm } from './verify/verify-vm.ts';
import type { VmHostReport, VmReport } from './vm-report.ts';
import { vmSummary } from './vm-summary.ts';

/** What a reading of a host and the board's CPU map say of each VM. Total. */
export const vmHostReport = (host: VmHost, cpuMap: CpuMapDraft | null): VmHostReport => ({ host, vms: host.vms.map((vm) => vmReport(vm, host, cpuMap)) });

function vmReport(vm: Vm, host: VmHost, cpuMap: CpuMapDraft | null): VmReport {
  const definition = vm.inactiveXml ?? vm.activeXml ?? '';
  const map = mapOfBoard(cpuMap, vm.name, { capabilitiesXml: host.capabilitiesXml, definitionXml: definition, purpose: vm.made?.purpose });
  const tuned = map === null ? null : tuneDomain(definition, map);
  // A map that does not fit still leaves what is to be said of the definition by itself.
  const byMap = auditDomain(definition, tuned?.ok === true ? map : null);
  const checks = verifyVm(vm, host, map);
  const now = readDomain(vm.activeXml ?? definition);
  return {
    vm, map, checks,
    audit: byMap.ok ? byMap.value : null,
    tuned: tunedOf(tuned), problem: problemOf(tuned) ?? problemOf(byMap),
    summary: vmSummary(vm, now.ok ? now.value.root : null, checks),
  };
}

const tunedOf = (result: ReturnType<typeof tuneDomain> | null): TunedDomain | null => (result?.ok === true ? result.value : null);
const problemOf = (result: ReturnType<typeof tuneDomain> | ReturnType<typeof auditDomain> | null): CodedErrorData | null => (result?.ok === false ? result.error.toData() : null);
