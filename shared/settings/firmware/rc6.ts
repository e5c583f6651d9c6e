import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.rc6', title: 'RC6 (Render Standby)', option: 'Disabled',
  menu: 'Intel Advanced Menu → Power & Performance → GT - Power Management Control',
  why: 'The graphics unit sleeps and wakes, and the power logic it shares with the cores with it.',
  source: 'Intel ECI guide, Host Configuration: BIOS',
  seen: ({ capture }) => {
    const path = capture.paths(/\/rc6_enable$/)[0];
    const value = path === undefined ? null : capture.value(path);
    return path === undefined || value === null ? null : { value: Number.parseInt(value, 16) === 0 ? 'RC6 is off' : 'RC6 is on', matches: Number.parseInt(value, 16) === 0, evidence: capture.evidence(path) };
  },
  notApplicable: ({ capture }) => (capture.paths(/^\/sys\/class\/drm\/card/).length === 0 ? 'Linux drives no Intel graphics here; with the graphics given to a VM, look there.' : null),
});
