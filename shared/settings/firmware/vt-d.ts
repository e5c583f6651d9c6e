import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.vt-d', title: 'VT-d', option: 'Enabled',
  menu: 'Intel Advanced Menu → System Agent (SA) Configuration',
  does: 'Announces the IOMMU, which keeps a device to the memory it was given. AMD calls it IOMMU.',
  why: 'Without it no device can be given to a VM.',
  shows: 'As the ACPI table DMAR (AMD: IVRS), and in /sys/class/iommu when Linux uses it.',
  source: 'Intel ECI guide, Host Configuration: BIOS',
  seen: ({ snapshot: { iommu }, capture }) => {
    const table = capture.names(/acpi\/tables\/(?:DMAR|IVRS)$/)[0];
    if (iommu.active) return { value: 'the IOMMU is in use', matches: true, evidence: iommu.units[0] ? `/sys/class/iommu/${iommu.units[0]}` : null };
    if (table !== undefined) return { value: 'the firmware announces an IOMMU, which Linux does not use', matches: true, evidence: table };
    return capture.exists('/sys/firmware/acpi') ? { value: 'the firmware announces no IOMMU', matches: false, evidence: '/sys/firmware/acpi/tables: no DMAR, no IVRS' } : null;
  },
});
