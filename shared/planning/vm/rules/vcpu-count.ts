import { attributeOf } from '../xml/attributes.ts';
import { setAttributes, setText } from '../xml/edit-xml.ts';
import { elementOf, elementsOf, textOf } from '../xml/xml-tree.ts';
import { eci, libvirtFormat, type Reason } from '../domain-change.ts';
import { vcpuCountOf } from '../domain-facts.ts';
import type { TuningRule } from './tuning-rule.ts';

const countReason: Reason = { rule: 'vcpu-count', severity: 'warning', source: `${eci}, step 5`, why: 'All vCPUs are there from the start, placed by hand: each has a host CPU of its own, and a placement that libvirt chooses is another one each time.' };
const hotplugReason: Reason = { rule: 'vcpu-count', severity: 'warning', source: `${libvirtFormat}, “CPU Allocation”`, why: 'vCPUs that come and go while the VM runs stop it for a moment, and their list must fit the number of vCPUs.' };

export const vcpuCount: TuningRule = (editor, map) => {
  const count = map?.vcpus.length ?? vcpuCountOf(editor.domain);
  if (count === null) return;
  const vcpu = elementOf(editor.domain, 'vcpu');
  if (vcpu === undefined) {
    if (map !== null) editor.add(countReason, editor.domain, 'vcpu', { placement: 'static' }, String(count));
  } else {
    editor.change(countReason, vcpu, () => {
      const placement = attributeOf(vcpu, 'placement');
      setAttributes(vcpu, { placement: map === null && placement === undefined ? null : 'static', current: null });
      if (textOf(vcpu) !== String(count)) setText(vcpu, String(count));
    });
  }
  const list = elementOf(editor.domain, 'vcpus');
  const listed = elementsOf(list, 'vcpu');
  const fits = listed.length === count && listed.every((one) => attributeOf(one, 'enabled') !== 'no' && attributeOf(one, 'hotpluggable') !== 'yes');
  if (list !== undefined && !fits) editor.remove(hotplugReason, list);
};
