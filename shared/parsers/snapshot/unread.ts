import type { Snapshot } from '../../model/snapshot.ts';
import type { Capture } from '../capture.ts';
import { kernelMessages } from './read.ts';

type Unread = Snapshot['unread'][number];

/** Everything that was wanted and not read, with the reason; what a machine simply does not have is told for the important things only. */
export function unreadOf(capture: Capture, asRoot: boolean): Unread[] {
  const found = new Map<string, string>();
  const note = (what: string, reason: string) => { if (!found.has(what)) found.set(what, reason); };
  if (!capture.complete) note('the rest of the capture', 'cut off: the last line “@@ end” is missing');
  for (const { path, reason } of capture.refused) {
    const plain = reasonOf(reason, asRoot);
    if (plain !== null) note(plainPath(path), plain);
  }
  for (const path of capture.paths(/^\/etc\//)) if ((capture.lines(path)?.length ?? 0) >= lineLimit) note(path, `only its first ${lineLimit} lines were read`);
  if (kernelMessages(capture).every((line) => !line.includes('Linux version'))) note('kernel messages of the boot', messagesReason(capture, asRoot));
  if (capture.command('lspci')?.status) note('lspci', 'this lspci cannot list capabilities (busybox): names and MSI are unknown');
  if (capture.command('lspci')?.lines.some((line) => line.includes('<access denied>'))) note('capabilities of PCI devices', 'needs root');
  for (const [what, path, reason] of important) if (!capture.exists(path) && capture.complete && !found.has(path)) note(what, reason);
  return [...found].map(([what, reason]) => ({ what, reason }));
}

/** As many lines of one file as the probe takes. */
const lineLimit = 5000;

/** Many files of one kind are one line: /proc/irq/24/… and /proc/irq/25/… become /proc/irq/*. */
const plainPath = (path: string) => path.replace(/\/(?:[a-z]{0,10}\d+|[0-9a-f]{4,8}:[0-9a-f:.]+)(?=\/)/g, '/*');

function reasonOf(reason: string, asRoot: boolean): string | null {
  if (/Permission denied|Operation not permitted/i.test(reason)) return asRoot ? 'not permitted, even to root' : 'needs root';
  if (/No such file|No such device|Is a directory|Invalid argument/i.test(reason)) return null;
  return reason;
}

function messagesReason(capture: Capture, asRoot: boolean): string {
  const refusal = capture.command('dmesg')?.lines.find((line) => line.startsWith('dmesg: '));
  if (refusal !== undefined) return reasonOf(refusal, asRoot) ?? refusal;
  return capture.command('dmesg') === undefined ? 'dmesg is not installed' : 'the kernel no longer has them';
}

const important = [
  ['firmware settings', '/sys/class/firmware-attributes', 'this firmware offers none to Linux'],
  ['identity of the board (DMI)', '/sys/class/dmi/id', 'not there'],
  ['cache allocation (resctrl)', '/sys/fs/resctrl/schemata', 'not mounted, or this CPU has none'],
  ['SMI counter and other MSRs', '/dev/cpu/0/msr', 'needs the msr module'],
  ['frequency driver', '/sys/devices/system/cpu/cpu0/cpufreq', 'not there: off in the firmware, disabled, or a virtual machine'],
] as const;
