import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.sagv', title: 'SA GV', option: 'Fixed High',
  menu: 'Intel Advanced Menu → Memory Configuration',
  why: 'The memory clock changes at run time, and stops all accesses while it does.',
  source: 'Intel ECI guide, Host Configuration: BIOS',
  seen: ({ capture }) => {
    const path = capture.paths(/i915_sagv_status$/)[0];
    const line = path === undefined ? undefined : capture.lines(path)?.find((text) => /^SAGV status/.test(text));
    return path === undefined || line === undefined ? null : { value: line, matches: /disabled/.test(line) ? true : null, evidence: `${path}: ${line}` };
  },
  notApplicable: ({ snapshot: { cpus } }) => (cpus.vendor !== null && cpus.vendor !== 'GenuineIntel' ? 'An item of Intel machines.' : null),
});
