import { attributeOf } from './xml/attributes.ts';
import { elementOf, elementsOf, type XmlElement } from './xml/xml-tree.ts';
import { parseCpuset, sameNumbers } from './cpuset.ts';

/** A `<cachetune>` or `<memorytune>` and the vCPUs it is for. */
export interface ShareGroup {
  readonly element: XmlElement;
  readonly vcpus: readonly number[];
}

export function shareGroupsOf(domain: XmlElement): ShareGroup[] {
  const tune = elementOf(domain, 'cputune');
  return [...elementsOf(tune, 'cachetune'), ...elementsOf(tune, 'memorytune')].map((element) => ({ element, vcpus: parseCpuset(attributeOf(element, 'vcpus')) ?? [] }));
}

/**
 * A book of groups. Each vCPU is in one group, which a cachetune and a memorytune may share when they name the same vCPUs:
 * `add` gives the group in the book that a new one cannot stand beside, and leaves the new one out, or null.
 */
export function groupBook(): { add(group: ShareGroup): ShareGroup | null } {
  const owners = new Map<number, ShareGroup>();
  const clashes = (owner: ShareGroup | undefined, group: ShareGroup) => owner !== undefined && (owner.element.name === group.element.name || !sameNumbers(owner.vcpus, group.vcpus));
  return {
    add: (group) => {
      const taken = group.vcpus.find((vcpu) => clashes(owners.get(vcpu), group));
      if (taken !== undefined) return owners.get(taken) ?? null;
      for (const vcpu of group.vcpus) owners.set(vcpu, group);
      return null;
    },
  };
}
