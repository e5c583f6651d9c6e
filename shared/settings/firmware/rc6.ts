import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.rc6', title: 'RC6 (Render Standby)', option: 'Disabled',
  menu: 'Intel Advanced Menu → Power & Performance → GT - Power Management Control',
  does: 'Keeps the graphics unit from its sleep state.',
  why: 'The graphics unit sleeps and wakes, and the power logic it shares with the cores with it.',
  shows: 'In rc6_enable of the graphics driver (a mask, 0 is off). The parameter i915.enable_rc6 is gone from the driver and does nothing.',
  source: 'Intel ECI guide, Host Configuration: BIOS',
  seen: ({ capture }) => {
    const [path] = capture.paths(/\/rc6_enable$/);
    const value = path === undefined ? null : capture.value(path);
    if (path === undefined || value === null) return null;
    const off = Number.parseInt(value, 16) === 0;
    return { value: off ? 'RC6 is off' : 'RC6 is on', matches: off, evidence: capture.evidence(path) };
  },
  notApplicable: ({ capture }) => (capture.paths(/^\/sys\/class\/drm\/card/).length === 0 ? 'Linux drives no Intel graphics here; with the graphics given to a VM, look there.' : null),
});
