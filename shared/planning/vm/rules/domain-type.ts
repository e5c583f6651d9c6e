import { attributeOf } from '../xml/attributes.ts';
import type { Reason } from '../domain-change.ts';
import { setAttributes } from '../xml/edit-xml.ts';
import type { TuningRule } from './tuning-rule.ts';

const reason: Reason = {
  rule: 'kvm', severity: 'error', source: 'libvirt, Domain XML format, “General metadata”; virresctrl.c',
  why: 'Type qemu is emulation in software: nothing in it is real-time, and host-passthrough and cache shares start with type kvm only.',
};

export const domainType: TuningRule = (editor) => {
  if (attributeOf(editor.domain, 'type') !== 'qemu') return;
  const tag = editor.domain.openTag;
  setAttributes(editor.domain, { type: 'kvm' });
  editor.changes.push({ ...reason, element: 'domain', from: tag, to: editor.domain.openTag });
};
