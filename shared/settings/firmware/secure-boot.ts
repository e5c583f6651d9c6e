import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.secure-boot', title: 'Secure Boot', option: 'as the kernel needs it',
  menu: 'Security → Secure Boot',
  does: 'Starts only what is signed by a key the firmware trusts.',
  why: 'With Secure Boot an unsigned real-time kernel does not start, and MSRs cannot be written.',
  shows: 'As an EFI variable, and as the kernel’s lockdown.',
  source: 'Linux Documentation: kernel_lockdown(7)',
  seen: ({ snapshot: { identity } }) => (identity.secureBoot === null ? null : {
    value: identity.secureBoot ? `Secure Boot is on (lockdown: ${identity.lockdown ?? 'unknown'})` : 'Secure Boot is off', matches: true, evidence: '/sys/firmware/efi/efivars/SecureBoot-*',
  }),
  caution: 'Switching it off gives up a protection against changed boot software: sign the kernel where that is possible.',
  tradesSafety: true,
});
