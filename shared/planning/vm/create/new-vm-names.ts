/** Where images are kept unless libvirt's default pool says otherwise. */
export const usualImageDirectory = '/var/lib/libvirt/images';

export interface VmFiles {
  readonly disk: string;
  readonly seed: string;
}

/** The files of one VM. */
export const vmFiles = (directory: string, name: string): VmFiles => ({ disk: `${directory}/rtvm-bench-vm-${name}.qcow2`, seed: `${directory}/rtvm-bench-vm-${name}-seed.iso` });

/** What an image is called on the board: the same bytes always alike, so that VMs share it, and other bytes never. */
export function baseImageName(fileName: string, sum: string): string {
  const stem = (fileName.split(/[\\/]/).at(-1) ?? '').replace(/\.(?:qcow2|img|raw)$/i, '').replaceAll(/[^A-Za-z0-9._-]+/g, '-').slice(0, 80);
  return `rtvm-bench-base-${stem === '' ? 'image' : stem}-${sum.slice(0, 8)}.img`;
}

/** A VM's name as a host name, which has letters, digits and hyphens only. */
export function hostNameOf(name: string): string {
  const plain = name.replaceAll(/[^A-Za-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '');
  return plain === '' ? 'vm' : plain;
}
