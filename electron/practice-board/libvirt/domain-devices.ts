import type { DefinitionHost } from './domain-definition.ts';
import { addChild, ensureChild } from './domain-shape.ts';
import { LibvirtError } from './libvirt-error.ts';
import { at, attribute, childOf, childrenOf, node, type XmlNode } from './xml-node.ts';

/** Fills in what libvirt adds to the devices of a domain: emulator, controllers, input, balloon, MAC and PCI addresses. */
export function domainDevices(domain: XmlNode, host: DefinitionHost): void {
  const devices = ensureChild(domain, node('devices'), 'domain');
  const add = (device: XmlNode): void => addChild(devices, device, 'domain/devices');
  ensureChild(devices, node('emulator', {}, [], '/usr/bin/qemu-system-x86_64'), 'domain/devices');
  for (const disk of childrenOf(devices, 'disk')) {
    if (attribute(childOf(disk, 'target'), 'dev') === undefined) throw new LibvirtError("XML error: Missing required element 'target' in element 'disk'");
    if (!disk.attributes.has('type')) disk.attributes.set('type', 'file');
    if (!disk.attributes.has('device')) disk.attributes.set('device', 'disk');
    if (childOf(disk, 'driver') === undefined) disk.children.unshift(node('driver', { name: 'qemu', type: 'raw' }));
  }
  for (const card of childrenOf(devices, 'interface')) {
    if (childOf(card, 'mac') === undefined) card.children.unshift(node('mac', { address: host.newMac() }));
    if (childOf(card, 'model') === undefined) card.children.push(node('model', { type: 'e1000e' }));
  }
  const serial = childOf(devices, 'serial');
  if (childOf(devices, 'console') !== undefined && serial === undefined && attribute(childOf(childOf(devices, 'console'), 'target'), 'type') !== 'virtio') {
    add(node('serial', { type: 'pty' }, [node('target', { type: 'isa-serial', port: 0 }, [node('model', { name: 'isa-serial' })])]));
  } else if (serial !== undefined && childOf(devices, 'console') === undefined) add(node('console', { type: 'pty' }));
  for (const console of childrenOf(devices, 'console')) if (childOf(console, 'target') === undefined) console.children.push(node('target', { type: 'serial', port: 0 }));
  const usb = childrenOf(devices, 'controller').filter((one) => attribute(one, 'type') === 'usb');
  if (usb.length === 0) add(node('controller', { type: 'usb', index: 0, model: 'qemu-xhci' }));
  for (const bus of ['mouse', 'keyboard']) {
    if (!childrenOf(devices, 'input').some((one) => attribute(one, 'type') === bus)) add(node('input', { type: bus, bus: 'ps2' }));
  }
  ensureChild(devices, node('audio', { id: 1, type: 'none' }), 'domain/devices');
  ensureChild(devices, node('memballoon', { model: 'virtio' }), 'domain/devices');
  if (/q35/.test(attribute(at(domain, 'os', 'type'), 'machine') ?? '')) placeOnPci(devices);
}

/** Devices on PCI Express: each behind a root port of its own. */
const onPci = (device: XmlNode): boolean => {
  switch (device.name) {
    case 'disk': return attribute(childOf(device, 'target'), 'bus') === 'virtio';
    case 'interface': case 'rng': case 'hostdev': case 'watchdog': case 'vsock': case 'filesystem': return attribute(device, 'model') !== 'itco';
    case 'memballoon': return attribute(device, 'model') !== 'none';
    case 'controller': return attribute(device, 'type') === 'virtio-serial' || attribute(device, 'type') === 'scsi' || (attribute(device, 'type') === 'usb' && attribute(device, 'model') !== 'none');
    default: return false;
  }
};

const hex = (value: number, digits: number): string => `0x${value.toString(16).padStart(digits, '0')}`;

function placeOnPci(devices: XmlNode): void {
  const controllers = (): XmlNode[] => childrenOf(devices, 'controller').filter((one) => attribute(one, 'type') === 'pci');
  if (controllers().length === 0) addChild(devices, node('controller', { type: 'pci', index: 0, model: 'pcie-root' }), 'domain/devices');
  const usedBuses = new Set(devices.children.map((device) => Number(attribute(childOf(device, 'address'), 'bus') ?? '0')));
  let next = 1 + Math.max(...controllers().map((one) => Number(attribute(one, 'index'))));
  for (const device of devices.children.filter((one) => onPci(one) && childOf(one, 'address') === undefined)) {
    let bus = controllers().map((one) => Number(attribute(one, 'index'))).find((index) => index > 0 && !usedBuses.has(index));
    if (bus === undefined) {
      bus = next;
      next += 1;
      const port = bus - 1;
      addChild(devices, node('controller', { type: 'pci', index: bus, model: 'pcie-root-port' }, [
        node('model', { name: 'pcie-root-port' }), node('target', { chassis: bus, port: `0x${(port + 16).toString(16)}` }),
        node('address', { type: 'pci', domain: '0x0000', bus: '0x00', slot: hex(2 + (port >> 3), 2), function: hex(port & 7, 1), ...((port & 7) === 0 ? { multifunction: 'on' } : {}) }),
      ]), 'domain/devices');
    }
    usedBuses.add(bus);
    device.children.push(node('address', { type: 'pci', domain: '0x0000', bus: hex(bus, 2), slot: '0x00', function: '0x0' }));
  }
}
