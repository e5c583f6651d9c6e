import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.gt-frequency', title: 'Maximum GT freq', option: 'Lowest (usually 100MHz)',
  menu: 'Intel Advanced Menu → Power & Performance → GT - Power Management Control',
  does: 'Locks the clock of the graphics unit at its lowest.',
  why: 'The graphics unit loads power and memory; locked low, it disturbs little.',
  shows: 'As equal smallest and largest frequency of the graphics driver.',
  source: 'Intel ECI guide, Host Configuration: BIOS; ACRN Real-Time VM Performance Tips (Lock the GPU)',
  seen: ({ capture }) => {
    const [low] = capture.paths(/(?:rps_min_freq_mhz|gt_min_freq_mhz|min_freq)$/);
    const [high] = capture.paths(/(?:rps_max_freq_mhz|gt_max_freq_mhz|freq0\/max_freq)$/);
    if (low === undefined || high === undefined) return null;
    const [from, to] = [capture.value(low), capture.value(high)];
    if (from === null || to === null) return null;
    return { value: from === to ? `fixed at ${to} MHz` : `${from} to ${to} MHz`, matches: from === to, evidence: capture.evidence(high) };
  },
  notApplicable: ({ capture }) => (capture.paths(/^\/sys\/class\/drm\/card/).length === 0 ? 'Linux drives no Intel graphics here; with the graphics given to a VM, look there.' : null),
});
