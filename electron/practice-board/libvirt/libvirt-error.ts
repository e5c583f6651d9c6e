/** A call of libvirt that failed, with libvirt's own text: what virsh prints behind `error: `. */
export class LibvirtError extends Error {
  override readonly name = 'LibvirtError';
}

export const unsupported = (text: string): LibvirtError => new LibvirtError(`unsupported configuration: ${text}`);
export const invalid = (text: string): LibvirtError => new LibvirtError(`Requested operation is not valid: ${text}`);
export const internal = (text: string): LibvirtError => new LibvirtError(`internal error: ${text}`);
