import { attributeOf } from './xml/attributes.ts';
import { elementOf, elementsOf, type XmlElement } from './xml/xml-tree.ts';

/** Devices that hang on the VM's USB: pointers and redirections that a VM does without, and such as somebody put there on purpose. */
export function usbDevicesOf(devices: XmlElement | undefined): { spare: XmlElement[]; used: XmlElement[] } {
  const bus = (element: XmlElement | undefined) => attributeOf(element, 'bus');
  const spare = [
    ...elementsOf(devices, 'input').filter((input) => bus(input) === 'usb'), ...elementsOf(devices, 'redirdev'), ...elementsOf(devices, 'redirfilter'), ...elementsOf(devices, 'hub'),
  ];
  const used = elementsOf(devices).filter((device) => (
    (device.name === 'disk' && bus(elementOf(device, 'target')) === 'usb')
    || (device.name === 'hostdev' && attributeOf(device, 'type') === 'usb')
    || (device.name === 'smartcard')
    || (device.name === 'sound' && attributeOf(device, 'model') === 'usb')
    || (device.name === 'interface' && attributeOf(elementOf(device, 'model'), 'type') === 'usb-net')
    || (['serial', 'parallel'].includes(device.name) && attributeOf(elementOf(device, 'target'), 'type') === 'usb-serial')
  ));
  return { spare, used };
}
