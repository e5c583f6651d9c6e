import type { BandwidthShare, CacheShare } from '../../../model/vm-map.ts';
import { attributeOf, removeAttribute } from '../xml/attributes.ts';
import { elementsOf, type XmlElement } from '../xml/xml-tree.ts';
import { formatCpuset, parseCpuset, sameNumbers } from '../cpuset.ts';
import { eci, type Reason } from '../domain-change.ts';
import type { DomainEditor } from '../domain-editor.ts';
import { libvirtSize, scaledBytes } from '../domain-facts.ts';
import { groupBook, shareGroupsOf, type ShareGroup } from '../share-groups.ts';
import type { TuningRule } from './tuning-rule.ts';

const cacheReason: Reason = { rule: 'cache-shares', severity: 'warning', source: `${eci}, step 9`, why: 'A part of the cache is these vCPUs’ alone: others cannot push their lines out.' };
const bandwidthReason: Reason = { rule: 'bandwidth-shares', severity: 'warning', source: `${eci}, complete XML; libvirt virresctrl.c`, why: 'The map says how much memory bandwidth these vCPUs may take.' };

/** Whole ways: the size asked for, rounded up to the granularity where that is known, because libvirt refuses any other. */
export const shareBytes = ({ sizeBytes, granularityBytes }: CacheShare): number =>
  (granularityBytes === null ? sizeBytes : Math.ceil(sizeBytes / granularityBytes) * granularityBytes);

export const cacheShares: TuningRule = (editor, map) => {
  if (map === null || map.cache.length === 0) return;
  tuneGroups(editor, 'cachetune', map.cache, cacheReason, (share) => ({
    name: 'cache', key: { id: String(share.id), level: String(share.level), type: share.type }, value: libvirtSize(shareBytes(share)),
    reason: shareBytes(share) === share.sizeBytes ? cacheReason : { ...cacheReason, why: `${cacheReason.why} ${share.sizeBytes} bytes were asked for; a share is whole ways of ${share.granularityBytes ?? 0} bytes.` },
    isSo: (element) => scaledBytes(attributeOf(element, 'size'), attributeOf(element, 'unit')) === shareBytes(share),
  }));
};

export const bandwidthShares: TuningRule = (editor, map) => {
  if (map === null || map.bandwidth.length === 0) return;
  tuneGroups(editor, 'memorytune', map.bandwidth, bandwidthReason, ({ node, percent }) => ({
    name: 'node', key: { id: String(node) }, value: { bandwidth: String(percent) }, reason: bandwidthReason, isSo: (element) => attributeOf(element, 'bandwidth') === String(percent),
  }));
};

/**
 * Groups that the map says nothing of stay as found, unless they no longer can: libvirt drops those of vCPUs that are not
 * there without a word, and refuses such as overlap with a group of the map.
 */
export const staleShares: TuningRule = (editor, map) => {
  if (map === null) return;
  const count = map.vcpus.length;
  const stale: Reason = { rule: 'stale-shares', severity: 'warning', source: 'libvirt virresctrl.c', why: 'This group names vCPUs that are not there, or some of those of another group: libvirt would drop or refuse it.' };
  const isOfMap = ({ element }: ShareGroup) => (element.name === 'cachetune' ? map.cache : map.bandwidth).length > 0;
  const groups = shareGroupsOf(editor.domain);
  const kept = groupBook();
  for (const group of [...groups.filter(isOfMap), ...groups.filter((group) => !isOfMap(group))]) {
    if (group.vcpus.some((vcpu) => vcpu >= count) || kept.add(group) !== null) editor.remove(stale, group.element);
  }
};

/** Of a running VM: libvirt numbers the groups itself, and its schema knows no such attribute of a memorytune. */
export const shareNumbers: TuningRule = (editor) => {
  const reason: Reason = { rule: 'live-dump', severity: 'note', source: 'libvirt, domaincommon.rng', why: 'This name was given to the group by the running VM; it is no setting.' };
  for (const { element } of shareGroupsOf(editor.domain)) {
    if (attributeOf(element, 'id') !== undefined) editor.change(reason, element, () => { removeAttribute(element, 'id'); });
  }
};

interface Entry {
  readonly name: string;
  /** Attributes that say which cache or node it is about. */
  readonly key: Readonly<Record<string, string>>;
  readonly value: Readonly<Record<string, string>>;
  readonly reason: Reason;
  readonly isSo: (element: XmlElement) => boolean;
}

/** Brings all groups of one kind (`<cachetune vcpus=>` with its caches) to what the map asks for. Monitors in a group that stays are left alone. */
function tuneGroups<Share extends CacheShare | BandwidthShare>(editor: DomainEditor, kind: 'cachetune' | 'memorytune', shares: readonly Share[], reason: Reason, entryOf: (share: Share) => Entry): void {
  const tune = editor.section('cputune');
  const groups = new Map<string, Share[]>();
  for (const share of shares) groups.set(formatCpuset(share.vcpus), [...groups.get(formatCpuset(share.vcpus)) ?? [], share]);
  for (const element of elementsOf(tune, kind)) {
    const vcpus = parseCpuset(attributeOf(element, 'vcpus'));
    if (vcpus === null || !groups.has(formatCpuset(vcpus))) editor.remove({ ...reason, why: `${reason.why} The map has no such group.` }, element);
  }
  for (const [vcpus, wanted] of groups) {
    const entries = wanted.map(entryOf);
    const found = elementsOf(tune, kind).find((element) => sameNumbers(parseCpuset(attributeOf(element, 'vcpus')), parseCpuset(vcpus) ?? []));
    if (found === undefined) {
      const group = editor.add(reason, tune, kind, { vcpus });
      for (const { name, key, value, reason: why } of entries) editor.add(why, group, name, { ...key, ...value });
      continue;
    }
    const keyed = (element: XmlElement, { key }: Entry) => Object.entries(key).every(([name, value]) => attributeOf(element, name) === value);
    for (const element of elementsOf(found, entries[0]?.name ?? '')) if (!entries.some((entry) => keyed(element, entry))) editor.remove(reason, element);
    for (const entry of entries) {
      const element = elementsOf(found, entry.name).find((one) => keyed(one, entry));
      const attributes = { ...entry.key, ...entry.value };
      if (element === undefined) editor.add(entry.reason, found, entry.name, attributes);
      else if (!entry.isSo(element)) editor.ensure(entry.reason, found, entry.name, attributes, element);
    }
  }
}
