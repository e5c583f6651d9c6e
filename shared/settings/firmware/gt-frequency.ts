import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.gt-frequency', title: 'Maximum GT freq', option: 'Lowest (usually 100MHz)',
  menu: 'Intel Advanced Menu → Power & Performance → GT - Power Management Control',
  why: 'The graphics unit loads power and memory; locked low, it disturbs little.',
  source: 'Intel ECI guide, Host Configuration: BIOS; ACRN Real-Time VM Performance Tips (Lock the GPU)',
  seen: ({ capture }) => {
    const [low] = capture.paths(/(?:rps_min_freq_mhz|gt_min_freq_mhz|min_freq)$/);
    const [high] = capture.paths(/(?:rps_max_freq_mhz|gt_max_freq_mhz|freq0\/max_freq)$/);
    const [from, to] = [low, high].map((path) => (path === undefined ? null : capture.value(path)));
    if (high === undefined || from === null || to === null || from === undefined || to === undefined) return null;
    return { value: `${from} to ${to} MHz`, matches: from === to, evidence: capture.evidence(high) };
  },
  notApplicable: ({ capture }) => (capture.paths(/^\/sys\/class\/drm\/card/).length === 0 ? 'Linux drives no Intel graphics here; with the graphics given to a VM, look there.' : null),
});
