import type { NewVm } from '../../../model/vm.ts';
import type { VmFiles } from './new-vm-names.ts';

/** Where the board puts in the name of the system: the first that its libosinfo knows. */
export const osinfoPlaceholder = '@OSINFO@';

/** Names of the system to be tried, the best first. Debian 12's libosinfo knows neither debian12 nor ubuntu24.04. */
export const osinfoNames = (wanted: string): readonly string[] => [...new Set([wanted, 'linux2022', 'linux2020', 'generic'])];

interface VirtInstallRequest {
  readonly vm: Pick<NewVm, 'name' | 'purpose' | 'vcpus' | 'memoryMiB' | 'network'>;
  readonly uuid: string;
  readonly files: VmFiles;
}

/**
 * virt-install's arguments (without its name) for a VM that boots an image as it is. It has a serial console and no screen;
 * the seed stays as a read-only disk: cloud-init reads it at the first start and finds nothing new at later ones. For real
 * time there is no balloon either, which would give the guest's memory away.
 */
export function virtInstallCommand({ vm, uuid, files }: VirtInstallRequest): readonly string[] {
  return [
    '--connect', 'qemu:///system', '--virt-type', 'kvm', '--name', vm.name, '--metadata', `uuid=${uuid}`, '--os-variant', osinfoPlaceholder,
    '--vcpus', String(vm.vcpus), '--memory', String(vm.memoryMiB), '--machine', 'q35', '--cpu', 'host-passthrough', '--import', '--noautoconsole',
    '--disk', `path=${value(files.disk)},format=qcow2,bus=virtio`, '--disk', `path=${value(files.seed)},format=raw,bus=virtio,readonly=on`,
    '--network', `network=${value(vm.network)},model=virtio`, '--graphics', 'none', '--console', 'pty,target_type=serial', '--rng', '/dev/urandom',
    ...(vm.purpose === 'real-time' ? ['--memballoon', 'none'] : []),
  ];
}

/** Inside a list of virt-install's options, a comma is written twice. */
const value = (text: string): string => text.replaceAll(',', ',,');
