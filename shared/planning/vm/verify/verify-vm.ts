import type { Vm, VmCheck, VmHost } from '../../../model/vm.ts';
import type { VmMap } from '../../../model/vm-map.ts';
import { hostCapabilities } from '../host-capabilities.ts';
import { readDomain } from '../read-domain.ts';
import { checkCacheGroups } from './check-cache-groups.ts';
import { checkDefinition } from './check-definition.ts';
import { checkIsolation } from './check-isolation.ts';
import { checkLockedMemory } from './check-locked-memory.ts';
import { checkOtherThreads } from './check-other-threads.ts';
import { checkVcpus } from './check-vcpus.ts';
import { unknown } from './subject.ts';

/**
 * Proves a running VM from its host: what its threads, its memory and its cache group really are, against the map, or where
 * there is none against what it was started with. What nobody asked for is not applicable, not wrong. Empty while it does not run. Total.
 */
export function verifyVm(vm: Vm, host: VmHost, map: VmMap | null): VmCheck[] {
  if (vm.activeXml === null) return [];
  const domain = readDomain(vm.activeXml);
  if (!domain.ok) return [unknown({ id: 'definition-current', title: 'It runs with its present definition' }, { message: `What it was started with cannot be read: ${domain.error.message}` }, domain.error.extras.next ?? 'Read the VMs again.')];
  const subject = { vm, host, map, running: domain.value.root, capabilities: hostCapabilities(host.capabilitiesXml) };
  return [...checkVcpus(subject), ...checkOtherThreads(subject), checkIsolation(subject), checkLockedMemory(subject), ...checkCacheGroups(subject), checkDefinition(subject)];
}
