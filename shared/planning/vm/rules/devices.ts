import { attributeOf } from '../xml/attributes.ts';
import { emptyElement, setAttributes } from '../xml/edit-xml.ts';
import { elementOf, elementsOf, type XmlElement } from '../xml/xml-tree.ts';
import { eci, libvirtFormat, type Reason } from '../domain-change.ts';
import type { DomainEditor } from '../domain-editor.ts';
import { usbDevicesOf } from '../usb-devices.ts';
import type { TuningRule } from './tuning-rule.ts';

const balloonReason: Reason = { rule: 'balloon', severity: 'warning', source: `${eci}, step 13`, why: 'A balloon hands memory back to the host and fetches it again; left out, libvirt adds one.' };
const graphicsReason: Reason = { rule: 'graphics', severity: 'warning', source: `${eci}, complete XML`, why: 'An emulated display leaves the guest at every access and keeps the emulator busy; the console is the serial line.' };
const consoleReason: Reason = { rule: 'graphics', severity: 'note', source: `${libvirtFormat}, “Consoles, serial, parallel & channel devices”`, why: 'Without a display the VM is reached over a serial console (virsh console).' };
const soundReason: Reason = { rule: 'sound', severity: 'warning', source: `${eci}, complete XML`, why: 'An emulated sound device has a timer of its own in the emulator.' };
const usbReason: Reason = { rule: 'usb', severity: 'note', source: `${eci}, step 14`, why: 'An emulated USB controller keeps timers of its own in the emulator, used or not.' };

export const balloon: TuningRule = (editor, map) => {
  if (map?.options.balloon === 'keep') return;
  const devices = editor.section('devices');
  const [first, ...others] = elementsOf(devices, 'memballoon');
  for (const other of others) editor.remove(balloonReason, other);
  if (first === undefined) editor.add(balloonReason, devices, 'memballoon', { model: 'none' });
  else if (attributeOf(first, 'model') !== 'none') reduce(editor, balloonReason, first, { model: 'none' });
};

/** Out with display, video and what serves only them; a serial console comes where there was no other. */
export const graphics: TuningRule = (editor, map) => {
  const { devices } = editor;
  if (map?.options.graphics === 'keep' || devices === undefined || needsDisplay(devices)) return;
  const displays = [...elementsOf(devices, 'graphics'), ...elementsOf(devices, 'video').filter((video) => attributeOf(elementOf(video, 'model'), 'type') !== 'none')];
  if (displays.length === 0) return;
  const serving = elementsOf(devices).filter((device) => (
    (['channel', 'serial', 'parallel', 'console', 'smartcard', 'redirdev'].includes(device.name) && /^(?:spicevmc|spiceport|qemu-vdagent)$/.test(attributeOf(device, 'type') ?? ''))
    || (device.name === 'smartcard' && attributeOf(device, 'mode') === 'passthrough' && attributeOf(device, 'type') === 'spicevmc')
    || (device.name === 'input' && attributeOf(device, 'bus') === 'usb')
  ));
  for (const device of [...displays, ...serving]) editor.remove(graphicsReason, device);
  for (const audio of elementsOf(devices, 'audio')) if (attributeOf(audio, 'type') === 'spice') silence(editor, audio);
  if (elementsOf(devices, 'serial').length + elementsOf(devices, 'console').length > 0) return;
  for (const name of ['serial', 'console']) editor.add(consoleReason, devices, name, { type: 'pty' });
};

/** A graphics card that is shared out to the VM may need the display it draws on. */
const needsDisplay = (devices: XmlElement): boolean => elementsOf(devices, 'hostdev').some((device) => attributeOf(device, 'display') === 'on');

export const sound: TuningRule = (editor, map) => {
  const { devices } = editor;
  if (map?.options.sound === 'keep' || devices === undefined) return;
  const sounds = elementsOf(devices, 'sound');
  for (const device of sounds) editor.remove(soundReason, device);
  for (const audio of elementsOf(devices, 'audio')) if (attributeOf(audio, 'type') !== 'none') silence(editor, audio);
};

function silence(editor: DomainEditor, audio: XmlElement): void {
  reduce(editor, soundReason, audio, { type: 'none' });
}

/** USB goes out where the map says so, or where nothing but a spare pointer used it. */
export const usb: TuningRule = (editor, map) => {
  const { devices } = editor;
  const wanted = map?.options.usb ?? 'auto';
  const { spare, used } = usbDevicesOf(devices);
  if (wanted === 'keep' || devices === undefined || used.length > 0 || (wanted === 'auto' && spare.length > 0)) return;
  for (const device of spare) editor.remove(usbReason, device);
  const controllers = elementsOf(devices, 'controller').filter((controller) => attributeOf(controller, 'type') === 'usb');
  if (controllers.length === 1 && attributeOf(controllers[0], 'model') === 'none') return;
  const [first, ...others] = controllers;
  for (const other of others) editor.remove(usbReason, other);
  if (first === undefined) editor.add(usbReason, devices, 'controller', { type: 'usb', index: '0', model: 'none' });
  else reduce(editor, usbReason, first, { index: '0', model: 'none' });
};

/** Makes a device the least of its kind: identity stays, what described the old model (address, driver, ports) goes. */
function reduce(editor: DomainEditor, reason: Reason, device: XmlElement, attributes: Readonly<Record<string, string>>): void {
  editor.change(reason, device, () => {
    setAttributes(device, { autodeflate: null, freePageReporting: null, ports: null, serverName: null, timerPeriod: null, driver: null, ...attributes });
    emptyElement(device);
  });
}
