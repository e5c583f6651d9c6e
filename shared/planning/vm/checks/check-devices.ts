import type { Finding } from '../../../model/finding.ts';
import { attributeOf } from '../xml/attributes.ts';
import { elementOf, elementsOf, type XmlElement } from '../xml/xml-tree.ts';

const slowBuses: Readonly<Record<string, string>> = { ide: 'IDE', sata: 'SATA', fdc: 'floppy', usb: 'USB' };

/** Devices that the emulator imitates, and what passes through. Sources: libvirt, “Devices”; Intel ECI, complete XML. */
export function checkDevices(domain: XmlElement): Finding[] {
  const devices = elementOf(domain, 'devices');
  return [...disks(devices), ...networks(devices), ...passedThrough(devices), ...otherDevices(devices)];
}

function disks(devices: XmlElement | undefined): Finding[] {
  return elementsOf(devices, 'disk').flatMap((disk): Finding[] => {
    const target = elementOf(disk, 'target');
    const bus = slowBuses[attributeOf(target, 'bus') ?? ''];
    const device = attributeOf(disk, 'device') ?? 'disk';
    if (bus === undefined) return [];
    return [{
      rule: 'emulated-disk', severity: device === 'disk' ? 'warning' : 'note', element: 'devices/disk', message: `${attributeOf(target, 'dev') ?? 'A disk'} is an emulated ${bus} ${device === 'disk' ? 'disk' : device}: each command leaves the guest many times.`,
      fix: device === 'disk' ? 'Use bus=\'virtio\' (the guest must have the driver, and the device name changes from sd… to vd…).' : 'Take it out once the VM is installed.',
    }];
  });
}

const networks = (devices: XmlElement | undefined): Finding[] => elementsOf(devices, 'interface').flatMap((network): Finding[] => {
  const model = attributeOf(elementOf(network, 'model'), 'type');
  if (attributeOf(network, 'type') === 'hostdev' || model?.startsWith('virtio') === true) return [];
  return [{
    rule: 'emulated-network', severity: 'warning', element: 'devices/interface', message: model === undefined ? 'A network interface names no model: libvirt takes an emulated one (rtl8139 or e1000).' : `A network interface is an emulated ${model}: each packet leaves the guest several times.`,
    fix: 'Use <model type=\'virtio\'/>, or pass a card or a virtual function of one through.',
  }];
});

function passedThrough(devices: XmlElement | undefined): Finding[] {
  return elementsOf(devices, 'hostdev').flatMap((device): Finding[] => {
    const kind = attributeOf(device, 'type');
    if (kind === 'usb') return [{ rule: 'usb-passed-through', severity: 'warning', element: 'devices/hostdev', message: 'A USB device is handed over through an emulated controller: its timing is the emulator’s.', fix: 'Pass a whole USB controller through (PCI), where it matters.' }];
    if (kind !== 'pci') return [];
    return [{ rule: 'pci-passed-through', severity: 'note', element: 'devices/hostdev', message: 'A PCI device is handed over (VFIO): it must be alone in its IOMMU group, and signal by MSI; a line interrupt is shared and emulated.', fix: 'Look at both on the board.' }];
  });
}

const others: Readonly<Record<string, string>> = {
  graphics: 'The VM has a display', video: 'The VM has an emulated graphics card', sound: 'The VM has a sound device', redirdev: 'USB is redirected from a viewer', parallel: 'The VM has a parallel port', tpm: 'The VM has a TPM, which works in the emulator',
};

const otherDevices = (devices: XmlElement | undefined): Finding[] => Object.entries(others).flatMap(([name, what]): Finding[] => {
  const found = elementsOf(devices, name).filter((device) => !(name === 'video' && attributeOf(elementOf(device, 'model'), 'type') === 'none'));
  return found.length === 0 ? [] : [{ rule: 'slow-device', severity: name === 'tpm' || name === 'parallel' ? 'note' : 'warning', element: `devices/${name}`, message: `${what}: each access leaves the guest and waits for the emulator.`, fix: `Do without <${name}> where you can.` }];
});

