import { CodedError } from '../../../contract/errors.ts';
import { failed, ok, type Result } from '../../../contract/result.ts';

export interface Checksum {
  readonly algorithm: 'sha256' | 'sha512';
  /** Hexadecimal, in lower case. */
  readonly sum: string;
}

/**
 * The checksum that a publisher's list gives for a file: lines `SUM  NAME` of sha256sum and sha512sum (Debian, Ubuntu,
 * AlmaLinux), or `SHA256 (NAME) = SUM` (Rocky Linux). Error: `vm-image-unusable` when the list does not name the file.
 */
export function checksumOf(list: string, fileName: string): Result<Checksum> {
  for (const line of list.split(/\r?\n/)) {
    const [, plainSum, plainName] = /^([0-9a-fA-F]{64}|[0-9a-fA-F]{128})[ \t]+\*?(?:\.\/)?(\S+)\s*$/.exec(line) ?? [];
    const [, taggedName, taggedSum] = /^SHA(?:256|512) \(([^)]+)\) = ([0-9a-fA-F]{64}|[0-9a-fA-F]{128})\s*$/.exec(line) ?? [];
    const sum = (plainName === fileName ? plainSum : taggedName === fileName ? taggedSum : undefined)?.toLowerCase();
    if (sum !== undefined) return ok({ algorithm: sum.length === 64 ? 'sha256' : 'sha512', sum });
  }
  return failed(new CodedError('vm-image-unusable', `The publisher’s list of checksums does not name ${fileName}.`, {
    state: 'Nothing was fetched.', next: 'Try again in a while: the publisher may just be putting a new build there. Or fetch an image yourself and give its SHA-256.',
  }));
}
