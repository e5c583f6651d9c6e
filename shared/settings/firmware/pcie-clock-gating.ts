import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.pcie-clock-gating', title: 'PCI Express Clock Gating', option: 'Disabled',
  menu: 'Intel Advanced Menu → System Agent (SA) Configuration → PCI Express Configuration',
  does: 'Keeps the clocks of the root ports running.',
  why: 'The clock of a link is stopped and has to start again.',
  shows: 'The gating inside the ports does not. Clock power management of the links does (link/clkpm), and is a neighbour of it.',
  source: 'Intel ECI guide, Host Configuration: BIOS',
  seen: ({ capture }) => {
    const all = capture.paths(/\/link\/clkpm$/);
    const gated = all.filter((path) => capture.value(path) === '1');
    const [shown] = gated.length > 0 ? gated : all;
    return shown === undefined ? null : { value: gated.length === 0 ? 'no link stops its reference clock' : `${gated.length} links stop their reference clock`, matches: null, evidence: capture.evidence(shown) };
  },
});
