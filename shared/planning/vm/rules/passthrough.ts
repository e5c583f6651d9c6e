import type { PciAddress } from '../../../model/vm-map.ts';
import { attributeOf } from '../xml/attributes.ts';
import { insertElement, makeElement } from '../xml/edit-xml.ts';
import { elementOf, elementsOf, type XmlElement } from '../xml/xml-tree.ts';
import { libvirtFormat, type Reason } from '../domain-change.ts';
import type { TuningRule } from './tuning-rule.ts';

const reason: Reason = {
  rule: 'passthrough', severity: 'warning', source: `${libvirtFormat}, “Host device assignment”`,
  why: 'The guest works with the device itself; libvirt takes it from its host driver for VFIO at the start and gives it back. All of the guest’s memory is pinned for it.',
};

/** Hands PCI functions over that the map names and the domain does not have, as a device or as a network interface. */
export const passthrough: TuningRule = (editor, map) => {
  if (map === null || map.passthrough.length === 0) return;
  const devices = editor.section('devices');
  const found = [...elementsOf(devices, 'hostdev'), ...elementsOf(devices, 'interface')].map((device) => addressOf(elementOf(elementOf(device, 'source'), 'address')));
  for (const wanted of map.passthrough) {
    if (found.includes(addressText(wanted))) continue;
    const source = makeElement('source');
    const { domain, bus, slot, function: part } = wanted;
    insertElement(source, makeElement('address', { domain: hex(domain, 4), bus: hex(bus, 2), slot: hex(slot, 2), function: hex(part, 1) }));
    editor.add(reason, devices, 'hostdev', { mode: 'subsystem', type: 'pci', managed: 'yes' }, undefined, source);
  }
};

const digitsOf = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
const hex = (value: number, digits: number) => `0x${digitsOf(value, digits)}`;

/** As lspci -D prints it: `0000:03:00.0`. */
export const addressText = ({ domain, bus, slot, function: part }: PciAddress): string => `${digitsOf(domain, 4)}:${digitsOf(bus, 2)}:${digitsOf(slot, 2)}.${part}`;

/** libvirt takes these numbers in any base that C does, and the domain may be left out. */
function addressOf(address: XmlElement | undefined): string | null {
  const [domain = 0, bus = 0, slot = 0, part = 0] = ['domain', 'bus', 'slot', 'function'].map((name) => Number(attributeOf(address, name) ?? 0));
  return address === undefined ? null : addressText({ domain, bus, slot, function: part });
}
