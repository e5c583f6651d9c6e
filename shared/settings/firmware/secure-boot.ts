import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.secure-boot', title: 'Secure Boot', option: 'as the kernel needs it',
  menu: 'Security → Secure Boot',
  why: 'With Secure Boot an unsigned real-time kernel does not start, and MSRs cannot be written.',
  source: 'Linux Documentation: kernel_lockdown(7)',
  seen: ({ snapshot: { identity } }) => (identity.secureBoot === null ? null : { value: identity.secureBoot ? `Secure Boot is on (lockdown: ${identity.lockdown ?? 'unknown'})` : 'Secure Boot is off', matches: true, evidence: '/sys/firmware/efi/efivars/SecureBoot-*' }),
});
