import { parseCpuset } from '../../../shared/planning/vm/cpuset.ts';
import { scaledBytes } from '../../../shared/planning/vm/domain-facts.ts';
import { LibvirtError } from './libvirt-error.ts';
import { at, attribute, childrenOf, type XmlNode } from './xml-node.ts';

/** Domains as libvirt has taken them in: what it refuses is refused before. */
export const nameOf = (domain: XmlNode): string => at(domain, 'name')?.text ?? '';
export const uuidOf = (domain: XmlNode): string => at(domain, 'uuid')?.text ?? '';
export const vcpusOf = (domain: XmlNode): number => Number(at(domain, 'vcpu')?.text ?? '1');
export const memoryKibOf = (domain: XmlNode): number => kibOf(at(domain, 'memory'));

/** A number with a unit, in KiB. Errors: LibvirtError as virScaleInteger's. */
export function kibOf(element: XmlNode | undefined): number {
  const bytes = scaledBytes(element?.text, attribute(element, 'unit'));
  if (bytes === null) throw new LibvirtError(`XML error: Invalid value '${element?.text ?? ''}' for element or attribute './${element?.name ?? 'memory'}'`);
  return Math.ceil(bytes / 1024);
}

/** A list of CPUs or vCPUs. Errors: LibvirtError as virBitmapParse's. */
export function numbersOf(text: string | undefined): number[] {
  const numbers = parseCpuset(text);
  if (numbers === null || numbers.length === 0) throw new LibvirtError(`invalid argument: Failed to parse bitmap '${text ?? ''}'`);
  return numbers;
}

/** Numbers of the I/O threads. */
export function ioThreadsOf(domain: XmlNode): number[] {
  const named = childrenOf(at(domain, 'iothreadids'), 'iothread').map((thread) => Number(attribute(thread, 'id')));
  const count = Math.max(named.length, Number(at(domain, 'iothreads')?.text ?? '0'));
  const all = new Set(named);
  for (let id = 1; all.size < count; id += 1) all.add(id);
  return [...all].sort((one, other) => one - other);
}

export interface Schedule {
  readonly policy: 'other' | 'fifo' | 'rr' | 'batch' | 'idle';
  readonly priority: number;
}

const policies = ['batch', 'idle', 'fifo', 'rr'] as const;

/** `<vcpusched>` and its like. Errors: LibvirtError where there is no such scheduler. */
export function scheduleOf(element: XmlNode): Schedule {
  const name = attribute(element, 'scheduler') ?? '';
  const policy = policies.find((one) => one === name);
  if (policy === undefined) throw new LibvirtError(`XML error: Invalid value for attribute 'scheduler' in element '${element.name}': '${name}'.`);
  const priority = attribute(element, 'priority');
  if ((policy === 'fifo' || policy === 'rr') && priority === undefined) throw new LibvirtError(`XML error: Missing required attribute 'priority' in element '${element.name}'`);
  return { policy, priority: Number(priority ?? '0') };
}
