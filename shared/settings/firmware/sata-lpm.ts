import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.sata-lpm', title: 'Aggressive LPM Support', option: 'Disabled',
  menu: 'Intel Advanced Menu → PCH-IO Configuration → SATA And RST Configuration',
  does: 'Withdraws the power saving states of disk links.',
  why: 'The disk’s link sleeps, and whoever waits for the disk waits for the link too.',
  shows: 'As the link power policy of every port: the system’s choice, of what the firmware offers.',
  source: 'Intel ECI guide, Host Configuration: BIOS',
  seen: ({ capture }) => {
    const paths = capture.paths(/link_power_management_policy$/);
    const saving = paths.find((path) => capture.value(path) !== 'max_performance');
    return paths.length === 0 ? null : {
      value: saving === undefined ? 'all at max_performance' : `policy ${capture.value(saving) ?? ''}`, matches: saving === undefined ? true : null,
      evidence: capture.evidence(saving ?? paths[0] ?? ''), caveat: 'The policy is the system’s; the firmware only offers it.',
    };
  },
});
