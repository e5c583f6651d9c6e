import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.pch-cross-throttling', title: 'PCH Cross Throttling', option: 'Disabled',
  menu: 'Intel Advanced Menu → PCH-IO Configuration',
  does: 'Stops processor and chipset from slowing each other down.',
  why: 'Either one slows the other down for heat, at any moment.',
  shows: 'It does not; throttling that happened does, in the counters of the processor.',
  source: 'Intel ECI guide, Host Configuration: BIOS',
  intelOnly: true,
  caution: 'It is a protection against heat: see that cooling suffices before switching it off.',
  tradesSafety: true,
});
