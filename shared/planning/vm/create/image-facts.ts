import { z } from 'zod';
import { CodedError } from '../../../contract/errors.ts';
import { failed, ok, type Result } from '../../../contract/result.ts';

/** What is used of `qemu-img info --output=json`. */
const infoSchema = z.object({
  'format': z.string(), 'virtual-size': z.number(), 'actual-size': z.number().optional(), 'encrypted': z.boolean().optional(),
  'backing-filename': z.string().optional(), 'format-specific': z.object({ data: z.looseObject({ 'data-file': z.string().optional() }) }).optional(),
});

export interface ImageFacts {
  readonly format: 'qcow2' | 'raw';
  readonly virtualBytes: number;
}

/**
 * What an image is, from qemu-img's own words. Error: `vm-image-unusable` for what no VM boots from, and for an image that
 * points at other files: a disk built on it would show the guest any file of the host.
 */
export function imageFacts(json: string, path: string): Result<ImageFacts> {
  const refuse = (why: string, next: string): Result<never> => failed(new CodedError('vm-image-unusable', `${path} cannot be the beginning of a VM: ${why}.`, { next }));
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return refuse(`qemu-img cannot read it (${json.trim().slice(0, 300)})`, 'Take a cloud image in qcow2 or raw form.');
  }
  const read = infoSchema.safeParse(value);
  if (!read.success) return refuse('qemu-img describes it in a way that is not understood', 'Take a cloud image in qcow2 or raw form.');
  const { format, 'virtual-size': virtualBytes, encrypted } = read.data;
  if (format !== 'qcow2' && format !== 'raw') return refuse(`it is a ${format} image`, `Convert it: qemu-img convert -O qcow2 ${path} …`);
  if (encrypted === true) return refuse('it is encrypted', 'Take one that is not.');
  if (read.data['backing-filename'] !== undefined || read.data['format-specific']?.data['data-file'] !== undefined) {
    return refuse('it is only a part and refers to another file', 'Flatten it where it came from: qemu-img convert -O qcow2 …');
  }
  if (virtualBytes < 1_048_576) return refuse('it is empty', 'Take a cloud image.');
  return ok({ format, virtualBytes });
}
