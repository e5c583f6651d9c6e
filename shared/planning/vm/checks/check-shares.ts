import type { Finding } from '../../../model/finding.ts';
import { attributeOf } from '../xml/attributes.ts';
import { elementOf, elementsOf, type XmlElement } from '../xml/xml-tree.ts';
import { formatCpuset } from '../cpuset.ts';
import { vcpuCountOf } from '../domain-facts.ts';
import { groupBook, shareGroupsOf, type ShareGroup } from '../share-groups.ts';

/** Shares of cache and memory bandwidth. Sources: libvirt, “CPU Tuning”; libvirt virresctrl.c; kernel documentation, resctrl. */
export function checkShares(domain: XmlElement): Finding[] {
  const tune = elementOf(domain, 'cputune');
  const groups = shareGroupsOf(domain);
  return [...overlapping(groups), ...ofMissing(groups, vcpuCountOf(domain) ?? 0), ...withoutLimit(elementsOf(tune, 'memorytune')), ...(elementsOf(tune, 'cachetune').length > 0 ? [] : [none])];
}


const none: Finding = {
  rule: 'cache-shares', severity: 'note', element: 'cputune/cachetune', message: 'The VM shares the last-level cache with all that runs on the socket: whoever reads much memory pushes its lines out.',
  fix: 'Where the CPU has Cache Allocation Technology, give the VM a share: plan cache.',
};

function overlapping(groups: readonly ShareGroup[]): Finding[] {
  const book = groupBook();
  for (const group of groups) {
    const other = book.add(group);
    if (other === null) continue;
    return [{
      rule: 'shares-overlap', severity: 'error', element: `cputune/${group.element.name}`,
      message: `The groups of vCPUs ${formatCpuset(other.vcpus)} (${other.element.name}) and ${formatCpuset(group.vcpus)} (${group.element.name}) overlap; libvirt refuses that (“Overlapping vcpus in resctrls”).`,
      fix: 'Let the groups name the same vCPUs, or different ones.',
    }];
  }
  return [];
}

const ofMissing = (groups: readonly ShareGroup[], count: number): Finding[] => groups.filter(({ vcpus }) => vcpus.some((vcpu) => vcpu >= count)).map(({ element, vcpus }) => ({
  rule: 'vcpu-missing', severity: 'error', element: `cputune/${element.name}`, message: `${element.name} names vCPUs ${formatCpuset(vcpus)}, and the VM has ${count}: libvirt drops what it does not have without a word.`, fix: 'Name vCPUs that are there.',
}));

const withoutLimit = (groups: readonly XmlElement[]): Finding[] => groups.some((group) => elementsOf(group, 'node').some((node) => attributeOf(node, 'bandwidth') === '100')) ? [{
  rule: 'bandwidth-without-limit', severity: 'note', element: 'cputune/memorytune', message: 'A memory bandwidth of 100 % limits nothing and reserves nothing: throttling slows those it is set for.',
  fix: 'Limit the VMs that make the load, and the host, instead of the real-time VM.',
}] : [];
