import type { BandwidthShare, CacheShare } from '../../model/vm-map.ts';
import { scaledBytes } from './domain-facts.ts';
import { granularityOf, type HostCapabilities } from './host-capabilities.ts';
import { shareGroupsOf } from './share-groups.ts';
import { attributeOf } from './xml/attributes.ts';
import { elementsOf, type XmlElement } from './xml/xml-tree.ts';

/** The cache shares a domain asks for, with what one way holds on this host. Entries that say nothing readable are left out. */
export function cacheSharesOf(domain: XmlElement, capabilities: HostCapabilities | null): CacheShare[] {
  return shareGroupsOf(domain).filter(({ element }) => element.name === 'cachetune').flatMap(({ element, vcpus }) => elementsOf(element, 'cache').flatMap((cache): CacheShare[] => {
    const [id, level, word] = [Number(attributeOf(cache, 'id')), Number(attributeOf(cache, 'level')), attributeOf(cache, 'type')];
    const type = word === 'code' || word === 'data' ? word : 'both';
    const sizeBytes = scaledBytes(attributeOf(cache, 'size'), attributeOf(cache, 'unit'));
    return sizeBytes === null || sizeBytes < 1 || !Number.isInteger(id) || (level !== 2 && level !== 3) || vcpus.length === 0 ? []
      : [{ vcpus: [...vcpus], id, level, type, sizeBytes, granularityBytes: granularityOf(capabilities, { level, id, type }) }];
  }));
}

/** The shares of memory bandwidth a domain asks for. */
export function bandwidthSharesOf(domain: XmlElement): BandwidthShare[] {
  return shareGroupsOf(domain).filter(({ element }) => element.name === 'memorytune').flatMap(({ element, vcpus }) => elementsOf(element, 'node').flatMap((node): BandwidthShare[] => {
    const [id, percent] = [Number(attributeOf(node, 'id')), Number(attributeOf(node, 'bandwidth'))];
    return Number.isInteger(id) && Number.isInteger(percent) && percent > 0 && percent <= 100 && vcpus.length > 0 ? [{ vcpus: [...vcpus], node: id, percent }] : [];
  }));
}
