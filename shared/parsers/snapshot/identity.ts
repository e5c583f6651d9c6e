import type { Snapshot } from '../../model/snapshot.ts';
import type { Capture } from '../capture.ts';
import { assignments, bracketed, messageMatching } from './read.ts';

/** Maker, firmware, serials (root only), microcode, Secure Boot and lockdown. */
export function identityOf(capture: Capture): Snapshot['identity'] {
  const dmi = (name: string) => capture.value(`/sys/class/dmi/id/${name}`);
  const kind = firmwareKind(capture);
  return {
    vendor: dmi('sys_vendor'),
    product: dmi('product_name'),
    board: [dmi('board_vendor'), dmi('board_name')].filter((part) => part !== null).join(' ') || null,
    serial: dmi('product_serial') ?? dmi('board_serial'),
    uuid: dmi('product_uuid'),
    firmware: { vendor: dmi('bios_vendor'), version: dmi('bios_version'), date: dmi('bios_date'), kind },
    microcode: cpuinfo(capture, 'microcode'),
    secureBoot: secureBootOf(capture, kind),
    lockdown: bracketed(capture.value('/sys/kernel/security/lockdown')),
  };
}

/** Without a DMI table there may be no firmware at all (small virtual machines), so nothing is said then. */
function firmwareKind(capture: Capture): 'uefi' | 'bios' | null {
  if (capture.exists('/sys/firmware/efi')) return 'uefi';
  return capture.exists('/sys/class/dmi/id') || capture.exists('/sys/class/dmi/id/sys_vendor') ? 'bios' : null;
}

/** The efivar is four bytes of attributes, then the value. */
function secureBootOf(capture: Capture, kind: 'uefi' | 'bios' | null): boolean | null {
  const path = capture.paths(/^\/sys\/firmware\/efi\/efivars\/SecureBoot-/)[0];
  const bytes = path === undefined ? undefined : capture.lines(path)?.join('\n');
  if (bytes !== undefined && bytes.length === 5) return bytes.charCodeAt(4) === 1;
  const message = messageMatching(capture, /[Ss]ecure ?boot (enabled|disabled)/);
  if (message !== null) return /enabled/.test(message);
  return kind === 'bios' ? false : null;
}

/** One line of the first CPU in /proc/cpuinfo. */
export function cpuinfo(capture: Capture, key: string): string | null {
  const line = capture.lines('/proc/cpuinfo')?.find((candidate) => candidate.split(':')[0]?.trim() === key);
  return line === undefined ? null : line.slice(line.indexOf(':') + 1).trim() || null;
}

/** os-release, from /etc or, where that is a link that leads nowhere, from /usr/lib. */
export function distributionOf(capture: Capture): Snapshot['distribution'] {
  const values = assignments(capture.lines('/etc/os-release') ?? capture.lines('/usr/lib/os-release'));
  const text = (key: string) => values.get(key) || null;
  return { id: text('ID'), versionId: text('VERSION_ID'), name: text('PRETTY_NAME') ?? text('NAME'), idLike: text('ID_LIKE')?.split(/\s+/) ?? [] };
}
