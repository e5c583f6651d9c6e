import { attributeOf } from '../xml/attributes.ts';
import { elementOf, type XmlElement } from '../xml/xml-tree.ts';
import { eci, libvirtFormat, type Reason } from '../domain-change.ts';
import { withAttribute } from '../domain-editor.ts';
import type { TuningRule } from './tuning-rule.ts';

const pmuReason: Reason = { rule: 'pmu', severity: 'warning', source: `${eci}, step 12`, why: 'A virtual performance monitoring unit is saved and restored at every entry of the guest, and its interrupts leave the guest.' };
const vmportReason: Reason = { rule: 'vmport', severity: 'note', source: `${eci}, complete XML`, why: 'The VMware port emulates a mouse; each access leaves the guest.' };
const hpetReason: Reason = { rule: 'hpet', severity: 'warning', source: `${eci}, complete XML`, why: 'The HPET is emulated in user space: each access leaves the guest and waits for the emulator. The guest has its TSC.' };
const suspendReason: Reason = { rule: 'suspend', severity: 'note', source: `${eci}, complete XML; ${libvirtFormat}, “Power Management”`, why: 'A guest that sleeps misses every deadline.' };

const isOff = (element: XmlElement | undefined) => attributeOf(element, 'state') === 'off';

export const guestFeatures: TuningRule = (editor, map) => {
  const features = elementOf(editor.domain, 'features');
  if (map?.options.pmu !== 'keep' && !isOff(elementOf(features, 'pmu'))) editor.ensure(pmuReason, editor.section('features'), 'pmu', { state: 'off' });
  if (map?.options.vmport !== 'keep' && !isOff(elementOf(features, 'vmport'))) editor.ensure(vmportReason, editor.section('features'), 'vmport', { state: 'off' });
};

export const guestTimers: TuningRule = (editor, map) => {
  if (map?.options.hpet === 'keep') return;
  const clock = editor.section('clock', { offset: 'utc' });
  const [timer] = withAttribute(clock, 'timer', 'name', 'hpet');
  if (timer === undefined) editor.add(hpetReason, clock, 'timer', { name: 'hpet', present: 'no' });
  else editor.ensure(hpetReason, clock, 'timer', { present: 'no' }, timer);
};

export const guestSuspend: TuningRule = (editor, map) => {
  if (map?.options.suspend === 'keep') return;
  for (const name of ['suspend-to-mem', 'suspend-to-disk']) {
    if (attributeOf(elementOf(elementOf(editor.domain, 'pm'), name), 'enabled') !== 'no') editor.ensure(suspendReason, editor.section('pm'), name, { enabled: 'no' });
  }
};
