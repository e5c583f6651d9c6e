import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.sagv', title: 'SA GV', option: 'Fixed High',
  menu: 'Intel Advanced Menu → Memory Configuration',
  does: 'Fixes voltage and clock of memory controller and system agent at their highest point.',
  why: 'The memory clock changes at run time, and stops all accesses while it does.',
  shows: 'Only in a debugfs file of the i915 driver, for root. Without that driver nobody can tell from Linux.',
  source: 'Intel ECI guide, Host Configuration: BIOS',
  intelOnly: true,
  seen: ({ capture }) => {
    const [path] = capture.paths(/i915_sagv_status$/);
    const line = path === undefined ? undefined : capture.lines(path)?.find((text) => /^(?:SAGV )?status/i.test(text));
    return path === undefined || line === undefined ? null : { value: line.trim(), matches: /disabled/.test(line) ? true : null, evidence: `${path}: ${line.trim()}` };
  },
});
