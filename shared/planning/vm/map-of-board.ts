import type { CpuMapDraft } from '../../model/cpu-map.ts';
import type { MadeVm } from '../../model/vm.ts';
import type { VmMap } from '../../model/vm-map.ts';
import { cacheSharesOf } from './defined-shares.ts';
import { hostCapabilities } from './host-capabilities.ts';
import { readVmMap } from './map/read-vm-map.ts';
import { readDomain } from './read-domain.ts';

interface BoardFacts {
  /** XML of `virsh capabilities`; null where it was not read. */
  readonly capabilitiesXml: string | null;
  /** The VM's persistent definition, for the shares of the cache it has already. */
  readonly definitionXml: string | null;
  /** What it was made for, where that is known. */
  readonly purpose?: MadeVm['purpose'];
}

/**
 * What a board's CPU map gives to one VM; null when the VM is not on the map. CPUs that are not the host's are isolated. On a
 * host of several nodes, memory comes from those of the vCPUs.
 * Shares of the cache stay those of the definition, as whole ways. A VM that was made to be load is scheduled as any other work.
 */
export function mapOfBoard(cpuMap: CpuMapDraft | null, name: string, { capabilitiesXml, definitionXml, purpose }: BoardFacts): VmMap | null {
  if (cpuMap?.assignments.some(({ claimant }) => claimant.kind === 'vcpu' && claimant.vm === name) !== true) return null;
  const read = readVmMap(JSON.stringify({ request: cpuMap.request, assignments: cpuMap.assignments }), name);
  if (!read.ok) return null;
  const map: VmMap = { ...read.value, name };
  const capabilities = hostCapabilities(capabilitiesXml);
  const domain = definitionXml === null ? null : readDomain(definitionXml);
  const shares = domain?.ok === true ? cacheSharesOf(domain.value.root, capabilities) : [];
  const vcpus = new Set(map.vcpus.map(({ vcpu }) => vcpu));
  const fits = shares.every((share) => share.granularityBytes !== null && share.vcpus.every((vcpu) => vcpus.has(vcpu)));
  const online = capabilities?.nodes.flatMap(({ cpus }) => cpus) ?? [];
  const nodes = (capabilities?.nodes ?? []).filter(({ cpus }) => map.vcpus.some(({ cpu }) => cpus.includes(cpu))).map(({ id }) => id);
  const severalNodes = (capabilities?.nodes.filter(({ cpus }) => cpus.length > 0).length ?? 0) > 1;
  return {
    ...map,
    scheduler: purpose === 'stressor' ? { ...map.scheduler, policy: 'other' } : map.scheduler,
    cache: fits ? shares : [],
    memory: { ...map.memory, nodes: severalNodes && nodes.length > 0 ? nodes : null },
    isolated: online.length > 0 ? online.filter((cpu) => !cpuMap.request.housekeeping.includes(cpu)).sort((a, b) => a - b) : null,
  };
}
