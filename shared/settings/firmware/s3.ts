import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.s3', title: 'ACPI S3 Support', option: 'Disabled',
  menu: 'Intel Advanced Menu → ACPI Settings',
  does: 'Withdraws suspend to memory from the operating system.',
  why: 'A machine that controls something must never sleep.',
  shows: 'In /sys/power/mem_sleep: “deep” is S3.',
  source: 'Intel ECI guide, Host Configuration: BIOS',
  seen: ({ capture }) => {
    const value = capture.value('/sys/power/mem_sleep');
    return value === null ? null : { value: /deep/.test(value) ? 'S3 is offered' : 'S3 is not offered', matches: !/deep/.test(value), evidence: capture.evidence('/sys/power/mem_sleep') };
  },
});
