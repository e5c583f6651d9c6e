import { attributeOf } from './xml/attributes.ts';
import { elementOf, elementsOf, textOf, type XmlElement } from './xml/xml-tree.ts';
import { parseCpuset } from './cpuset.ts';

/** vCPUs the domain may have at most; 1 where it does not say, as libvirt takes it. null where the number is none. */
export function vcpuCountOf(domain: XmlElement): number | null {
  const text = textOf(elementOf(domain, 'vcpu'));
  if (text === '') return 1;
  return /^\d{1,5}$/.test(text) && Number(text) > 0 ? Number(text) : null;
}

const unitFactors: Readonly<Record<string, number>> = { b: 1, bytes: 1, byte: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40, p: 2 ** 50 };
const unitFactor = (unit: string): number | undefined => {
  const lower = unit.toLowerCase();
  if (/^[kmgtp]b$/.test(lower)) return 1000 ** (' kmgtp'.indexOf(lower.charAt(0)));
  return unitFactors[lower.replace(/ib$/, '')];
};

/** A number with libvirt's unit, in bytes; without a unit it is KiB, for memory, pages and caches alike. null where it is none. */
export function scaledBytes(digits: string | undefined, unit: string | undefined): number | null {
  const factor = unitFactor(unit ?? 'KiB');
  return digits !== undefined && /^\s*\d{1,15}\s*$/.test(digits) && factor !== undefined ? Number(digits) * factor : null;
}

export const scaledOf = (element: XmlElement | undefined): number | null =>
  (element === undefined ? null : scaledBytes(textOf(element), attributeOf(element, 'unit')));

export const memoryBytesOf = (domain: XmlElement): number | null => scaledOf(elementOf(domain, 'memory'));

/** Bytes as libvirt is told them: in the largest of MiB, KiB and B that leaves no rest. */
export function libvirtSize(bytes: number): { size: string; unit: string } {
  const [factor, unit] = bytes % 2 ** 20 === 0 ? [2 ** 20, 'MiB'] : bytes % 2 ** 10 === 0 ? [2 ** 10, 'KiB'] : [1, 'B'];
  return { size: String(bytes / factor), unit };
}

/** Numbers of the domain's I/O threads: those it names, and as many more from 1 up as it counts. */
export function ioThreadIdsOf(domain: XmlElement): number[] {
  const named = elementsOf(elementOf(domain, 'iothreadids'), 'iothread').map((thread) => Number(attributeOf(thread, 'id'))).filter((id) => Number.isInteger(id) && id > 0);
  const ids = new Set(named);
  const count = Math.min(Number(textOf(elementOf(domain, 'iothreads'))) || 0, 8192);
  for (let id = 1; ids.size < count; id++) ids.add(id);
  return [...ids].sort((a, b) => a - b);
}

export interface Pin {
  readonly number: number;
  /** null where the list cannot be read. */
  readonly cpus: readonly number[] | null;
  readonly element: XmlElement;
}

/** `<vcpupin vcpu= cpuset=>` and `<iothreadpin iothread= cpuset=>` as they stand. */
export const pinsOf = (domain: XmlElement, name: 'vcpupin' | 'iothreadpin', attribute: 'vcpu' | 'iothread'): Pin[] =>
  elementsOf(elementOf(domain, 'cputune'), name).map((element) => ({ number: Number(attributeOf(element, attribute) ?? Number.NaN), cpus: parseCpuset(attributeOf(element, 'cpuset')), element }));

export const emulatorCpusOf = (domain: XmlElement): number[] | null => parseCpuset(attributeOf(elementOf(elementOf(domain, 'cputune'), 'emulatorpin'), 'cpuset'));

export interface ThreadSchedule {
  readonly policy: string;
  readonly priority: number | null;
}

/** Policy and priority of each vCPU that has one; later elements count, as libvirt has it. */
export function vcpuSchedulesOf(domain: XmlElement): Map<number, ThreadSchedule> {
  const count = vcpuCountOf(domain) ?? 0;
  const all = Array.from({ length: Math.min(count, 8192) }, (_, vcpu) => vcpu);
  const schedules = new Map<number, ThreadSchedule>();
  for (const element of elementsOf(elementOf(domain, 'cputune'), 'vcpusched')) {
    const vcpus = attributeOf(element, 'vcpus');
    const priority = attributeOf(element, 'priority');
    for (const vcpu of vcpus === undefined ? all : parseCpuset(vcpus) ?? []) {
      schedules.set(vcpu, { policy: attributeOf(element, 'scheduler') ?? '', priority: priority === undefined ? null : Number(priority) });
    }
  }
  return schedules;
}

/** A dump of a running VM (`virsh dumpxml` without `--inactive`): numbers, aliases and labels of one run are no tuning. */
export function isLiveDump(domain: XmlElement): boolean {
  if (attributeOf(domain, 'id') !== undefined) return true;
  return elementsOf(elementOf(domain, 'devices')).some((device) => {
    const alias = attributeOf(elementOf(device, 'alias'), 'name');
    return alias !== undefined && !alias.startsWith('ua-');
  });
}
