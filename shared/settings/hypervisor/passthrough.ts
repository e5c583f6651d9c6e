import type { Snapshot } from '../../model/snapshot.ts';
import { effectiveOnly, lines, noStates, notApplicable, type Setting } from '../setting.ts';

type Device = Snapshot['pci'][number];

const unsafe = '/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts';

export const setting: Setting = {
  id: 'hypervisor.passthrough', layer: 'hypervisor', title: 'Devices that can be passed through', order: 150, guides: ['kvm-host'],
  why: 'A device of its own spares a real-time guest the emulator. It must have an IOMMU group to itself, and interrupts by message (MSI): lines are shared, and forwarded by the host. vfio-pci does today what pci-stub and pci-assign did in 2012.',
  source: 'Improvement of Real-time Performance of KVM (Hitachi), direct interrupt delivery; Linux Documentation/driver-api/vfio.rst; ACRN Real-Time VM Performance Tips (PCIe passthrough)',
  assess: ({ snapshot: { pci, iommu }, capture }) => {
    if (iommu.active === null) return { status: 'unknown', stuckAt: null, states: noStates, verdicts: effectiveOnly(null), evidence: [], message: 'Whether an IOMMU is at work was not read.', fix: null };
    if (!iommu.active || iommu.groups === 0) return notApplicable('No IOMMU is at work, so that nothing can be passed through. VT-d (AMD: IOMMU) on in the firmware and intel_iommu=on make it so.');
    const devices = pci.filter((device) => !isBridge(device) && device.iommuGroup !== null);
    const alone = devices.filter((device) => !devices.some((other) => other.iommuGroup === device.iommuGroup && other.address !== device.address));
    const ready = alone.filter(({ msi }) => msi === 'msi' || msi === 'msi-x');
    const stubs = devices.filter(({ driver }) => driver === 'pci-stub');
    const open = capture.value(unsafe) === 'Y';
    const list = ready.slice(0, 8).map(describe).join('; ') + (ready.length > 8 ? `; and ${String(ready.length - 8)} more` : '');
    const functions = ready.filter(({ virtualFunctions }) => virtualFunctions !== undefined).map(({ address, virtualFunctions }) => `${address} (${String(virtualFunctions?.enabled ?? 0)} of ${String(virtualFunctions?.most ?? 0)})`);
    const message = [
      ready.length === 0 ? `None of ${String(devices.length)} devices has a group to itself and interrupts by message, as far as was read.` : `With a group to themselves and interrupts by message: ${list}.`,
      functions.length === 0 ? '' : `Virtual functions (SR-IOV): ${functions.join(', ')}.`,
      stubs.length === 0 ? '' : `Held by pci-stub, which cannot pass them on any more: ${stubs.map(({ address }) => address).join(', ')}.`,
    ].filter((part) => part !== '').join(' ');
    const found = {
      states: { ...noStates, effective: `${String(ready.length)} of ${String(devices.length)} devices, ${String(iommu.groups)} groups` },
      evidence: lines(...ready.slice(0, 8).map(({ address, iommuGroup }) => `/sys/kernel/iommu_groups/${String(iommuGroup)}/devices/${address}`), capture.evidence(unsafe)),
    };
    if (open) return { ...found, status: 'change', stuckAt: 'effective', verdicts: effectiveOnly(false), message: `Interrupts are not remapped (allow_unsafe_interrupts): a guest with a device can raise any interrupt of the host. ${message}`, fix: 'Interrupt remapping on (x2APIC and VT-d in the firmware, no intremap=off), and allow_unsafe_interrupts out of /etc/modprobe.d.' };
    if (stubs.length > 0) return { ...found, status: 'change', stuckAt: 'effective', verdicts: effectiveOnly(false), message, fix: 'Take pci-stub.ids= off the command line; libvirt binds a device to vfio-pci by itself (managed).' };
    return { ...found, status: 'ok', stuckAt: null, verdicts: effectiveOnly(true), message, fix: null };
  },
  change: () => ({ refused: 'Which device is whose is for a person to say.', next: 'Name the device in the VM’s map (passthrough); libvirt takes it from its driver when the VM starts.' }),
};

const isBridge = ({ description }: Device) => /\[06[0-9a-f]{2}\]/.test(description);
const describe = ({ address, description, driver, isVirtualFunction }: Device) =>
  `${address} ${description.replace(/ \[[0-9a-f]{4}(?::[0-9a-f]{4})?\]/g, '').slice(0, 60)}${isVirtualFunction ? ' (virtual function)' : ''}${driver === null ? '' : `, ${driver}`}`;
