import type { VmMap } from '../../../model/vm-map.ts';
import { attributeOf } from '../xml/attributes.ts';
import { elementOf, elementsOf, textOf, type XmlElement } from '../xml/xml-tree.ts';
import { parseCpuset } from '../cpuset.ts';
import { memoryBytesOf, scaledBytes } from '../domain-facts.ts';
import { usbDevicesOf } from '../usb-devices.ts';
import type { MapProblem } from './map-problem.ts';

/** What in a map does not go with this domain. */
export function problemsOfFit(domain: XmlElement, map: VmMap): MapProblem[] {
  return [...nameProblems(domain, map), ...guestNodeProblems(domain, map), ...memoryProblems(domain, map), ...usbProblems(domain, map)];
}

function nameProblems(domain: XmlElement, { name }: VmMap): MapProblem[] {
  const own = textOf(elementOf(domain, 'name'));
  return name === null || name === own ? [] : [{ field: 'name', message: `The map is for ${name}, and the domain is ${own}.`, fix: 'Give the map of this domain, or take the name out of the map.' }];
}

const guestNodes = (domain: XmlElement) => elementsOf(elementOf(elementOf(domain, 'cpu'), 'numa'), 'cell');

/** NUMA nodes that the guest is shown name its vCPUs and its memory: a map that changes these does not change those. */
function guestNodeProblems(domain: XmlElement, { vcpus, memory }: VmMap): MapProblem[] {
  const cells = guestNodes(domain);
  if (cells.length === 0) return [];
  const named = new Set(cells.flatMap((cell) => parseCpuset(attributeOf(cell, 'cpus')) ?? []));
  const missing = vcpus.filter(({ vcpu }) => !named.has(vcpu));
  const extra = [...named].filter((vcpu) => vcpu >= vcpus.length);
  const bytes = cells.reduce((sum, cell) => sum + (scaledBytes(attributeOf(cell, 'memory'), attributeOf(cell, 'unit')) ?? 0), 0);
  return [
    ...(missing.length + extra.length === 0 ? [] : [{ field: 'vcpus', message: `The guest’s NUMA nodes (cpu/numa) have ${named.size} vCPUs, and the map places ${vcpus.length}.`, fix: 'Let cpu/numa in the domain name the vCPUs of the map, or take it out.' }]),
    ...(memory.sizeBytes === null || memory.sizeBytes === bytes ? [] : [{ field: 'memory.size', message: `The guest’s NUMA nodes (cpu/numa) have ${bytes} bytes of memory, and the map asks for ${memory.sizeBytes}.`, fix: 'Change the sizes in cpu/numa, or leave the size out of the map.' }]),
  ];
}

function memoryProblems(domain: XmlElement, { memory }: VmMap): MapProblem[] {
  const page = memory.hugepageBytes ?? 0;
  const isPage = [0, 2 ** 21, 2 ** 30].includes(page);
  const bytes = memory.sizeBytes ?? memoryBytesOf(domain);
  return [
    ...(isPage ? [] : [{ field: 'memory.hugepages', message: `A page of ${page} bytes there is not: x86 has large pages of 2 MiB and 1 GiB.`, fix: 'Write "2MiB" or "1GiB".' }]),
    ...(bytes === null || page === 0 || !isPage || bytes % page === 0 ? [] : [{
      field: 'memory.hugepages', message: `${bytes / 2 ** 20} MiB of memory are not whole pages of ${page / 2 ** 20} MiB.`, fix: `Give the VM ${Math.ceil(bytes / page) * page / 2 ** 20} MiB (memory.size), or use smaller pages.`,
    }]),
  ];
}

function usbProblems(domain: XmlElement, { options }: VmMap): MapProblem[] {
  const { used } = usbDevicesOf(elementOf(domain, 'devices'));
  const names = [...new Set(used.map(({ name }) => name))].join(', ');
  return options.usb !== 'tune' || used.length === 0 ? [] : [{ field: 'options.usb', message: `The map takes USB out, and the domain has devices on it: ${names}.`, fix: 'Take these devices out of the domain first, or write "auto" or "keep".' }];
}
