import type { Snapshot } from '../../model/snapshot.ts';
import type { Capture } from '../../parsers/capture.ts';
import { effectiveOnly, lines, noStates, notApplicable, type Setting } from '../setting.ts';

type Device = Snapshot['pci'][number];

/** PCI classes of what QEMU emulates register by register, and what they are. virtio devices are not among them. */
const slow: ReadonlyArray<readonly [RegExp, string]> = [[/\[03(?:00|80)\]/, 'video'], [/\[040[13]\]/, 'sound'], [/\[0c03\]/, 'USB']];
const fix = 'Take them out of the VM’s definition (vm tune does, but for disks): virtio instead of SATA, the serial console instead of video. Until then, let no real-time task touch them.';

export const setting: Setting = {
  id: 'guest.slow-devices', layer: 'guest runtime', title: 'No slow emulated devices', guides: ['kvm-guest'],
  why: 'Each access to an emulated device leaves the guest for QEMU on the host, for hundreds of microseconds; the vCPU cannot do anything else until it is back.',
  source: 'Real-time KVM talk, guest partitioning and “Doctor, it hurts when I …” (slow devices: disk, video, sound)',
  assess: ({ snapshot: { pci, virtualisation }, capture }) => {
    if (virtualisation.kind === 'bare-metal') return notApplicable('This board is no virtual machine.');
    if (pci.length === 0) return notApplicable('This VM shows no PCI devices.');
    const found = pci.flatMap((device) => {
      const kind = kindOf(device);
      return kind === null ? [] : [{ device, kind }];
    });
    const disk = emulatedDisk(pci, capture);
    const kinds = [...found.map(({ kind }) => kind), ...(disk === null ? [] : ['disk'])];
    const common = { states: { ...noStates, requested: 'none', effective: kinds.length === 0 ? 'none' : kinds.join(', ') }, evidence: lines(...found.map(({ device }) => `${device.address} ${device.description}`), disk === null ? null : `/proc/mounts: ${disk}`) };
    return kinds.length === 0
      ? { ...common, status: 'ok', stuckAt: null, verdicts: effectiveOnly(true), message: 'Among its PCI devices there is none.', fix: null }
      : { ...common, status: 'change', stuckAt: 'effective', verdicts: effectiveOnly(false), message: `Emulated by QEMU: ${[...found.map(({ device, kind }) => `${kind} (${device.address})`), ...(disk === null ? [] : [`disk (${disk.split(' ')[0] ?? ''})`])].join(', ')}.`, fix };
  },
  change: () => ({ refused: 'The devices of a VM are set on its host.', next: fix }),
};

/** Every VM has an IDE or SATA controller; it matters where the root file system lies on it. virtio-scsi names its disks the same. */
function emulatedDisk(pci: readonly Device[], capture: Capture): string | null {
  if (pci.some(({ description }) => /\[1af4:10(?:04|48)\]/i.test(description))) return null;
  return capture.lines('/proc/mounts')?.findLast((line) => /^\/dev\/[sh]d[a-z]\d* \/ /.test(line)) ?? null;
}

/** A device handed over from the host is none of QEMU’s: those of virtio and of its own makers count by their kind. */
function kindOf({ description }: Device): string | null {
  if (/virtio|\[1af4:/i.test(description)) return null;
  return slow.find(([pattern]) => pattern.test(description))?.[1] ?? null;
}
