import { parseCpuset } from './cpuset.ts';
import { scaledBytes } from './domain-facts.ts';
import { attributeOf } from './xml/attributes.ts';
import { readXml } from './xml/read-xml.ts';
import { elementOf, elementsOf } from './xml/xml-tree.ts';

/** One cache of the host, as `virsh capabilities` tells it. */
export interface CacheBank {
  readonly id: number;
  readonly level: number;
  readonly type: 'both' | 'code' | 'data';
  readonly sizeBytes: number | null;
  readonly cpus: readonly number[];
  /** What can be shared out: bytes of one way and the least of it, by kind; empty where resctrl divides this cache not. */
  readonly controls: ReadonlyArray<{ readonly type: 'both' | 'code' | 'data'; readonly granularityBytes: number; readonly leastBytes: number; readonly groups: number | null }>;
}

export interface HostCapabilities {
  /** Online CPUs by NUMA node. */
  readonly nodes: ReadonlyArray<{ readonly id: number; readonly cpus: readonly number[] }>;
  readonly caches: readonly CacheBank[];
}

const kindOf = (word: string | undefined): CacheBank['type'] => (word === 'code' || word === 'data' ? word : 'both');

/** CPUs, nodes and caches of a host from the XML of `virsh capabilities`. What it does not tell is left out; null when it cannot be read. */
export function hostCapabilities(xml: string | null): HostCapabilities | null {
  const document = xml === null ? null : readXml(xml);
  if (document?.ok !== true) return null;
  const host = elementOf(document.value.root, 'host');
  const cells = elementsOf(elementOf(elementOf(host, 'topology'), 'cells'), 'cell');
  const nodes = cells.map((cell) => ({
    id: Number(attributeOf(cell, 'id')),
    cpus: elementsOf(elementOf(cell, 'cpus'), 'cpu').map((cpu) => Number(attributeOf(cpu, 'id'))).filter((cpu) => Number.isInteger(cpu) && cpu >= 0 && cpu < 8192),
  }));
  const caches = elementsOf(elementOf(host, 'cache'), 'bank').map((bank): CacheBank => ({
    id: Number(attributeOf(bank, 'id')), level: Number(attributeOf(bank, 'level')), type: kindOf(attributeOf(bank, 'type')),
    sizeBytes: scaledBytes(attributeOf(bank, 'size'), attributeOf(bank, 'unit')), cpus: parseCpuset(attributeOf(bank, 'cpus')) ?? [],
    controls: elementsOf(bank, 'control').flatMap((control) => {
      const granularityBytes = scaledBytes(attributeOf(control, 'granularity'), attributeOf(control, 'unit'));
      const least = scaledBytes(attributeOf(control, 'min'), attributeOf(control, 'unit'));
      const groups = Number(attributeOf(control, 'maxAllocs') ?? Number.NaN);
      return granularityBytes === null || granularityBytes === 0 ? [] : [{ type: kindOf(attributeOf(control, 'type')), granularityBytes, leastBytes: least ?? granularityBytes, groups: Number.isInteger(groups) ? groups : null }];
    }),
  }));
  return { nodes: nodes.filter(({ id }) => Number.isInteger(id) && id >= 0), caches: caches.filter(({ id, level }) => Number.isInteger(id) && Number.isInteger(level)) };
}

/** Bytes of one way of a cache; null where the host does not tell. */
export const granularityOf = (capabilities: HostCapabilities | null, { level, id, type }: { level: number; id: number; type: CacheBank['type'] }): number | null =>
  capabilities?.caches.find((bank) => bank.level === level && bank.id === id)?.controls.find((control) => control.type === type)?.granularityBytes ?? null;
