import type { ChecklistEntry } from '../../../shared/model/checklist.ts';
import type { ManagementReading } from '../../../shared/model/redfish.ts';
import type { SettingReport } from '../../../shared/model/setting.ts';
import type { Snapshot } from '../../../shared/model/snapshot.ts';
import { parseCapture, type Capture } from '../../../shared/parsers/capture.ts';
import { snapshotOf } from '../../../shared/parsers/snapshot/snapshot.ts';
import { checkGuide } from '../../../shared/settings/check-guide.ts';

/** What was read of an Intel board that runs on bare metal, with these files beside or instead of the usual ones. */
export function captureText(files: Record<string, string> = {}): string {
  const usual: Record<string, string> = {
    '/proc/sys/kernel/ostype': 'Linux', '/proc/sys/kernel/osrelease': '6.1.0-50-rt-amd64', '/sys/devices/system/cpu/online': '0-3', '/sys/devices/system/cpu/present': '0-3',
    '/proc/cmdline': 'ro', '/proc/cpuinfo': 'processor\t: 0\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 186\nmodel name\t: 13th Gen Intel(R) Core(TM) i7-1370PE\nflags\t\t: fpu vmx',
    '/etc/os-release': 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"', '/sys/class/dmi/id/bios_version': '1.14.0', '/sys/class/dmi/id/bios_date': '06/26/2024', '/sys/class/dmi/id/sys_vendor': 'Dell Inc.',
    '/boot/config-6.1.0-50-rt-amd64': 'CONFIG_X86_MSR=m',
  };
  const lines = Object.entries({ ...usual, ...files }).flatMap(([path, content]) => content.split('\n').map((line) => `${path.slice(1)}:${line}`));
  return ['RTVM-BENCH-CAPTURE 1', '@@ files', ...lines, '@@ end', ''].join('\n');
}

export function readBoard(files: Record<string, string> = {}): { capture: Capture; snapshot: Snapshot } {
  const capture = parseCapture(captureText(files));
  if (!capture.ok) throw capture.error;
  return { capture: capture.value, snapshot: snapshotOf(capture.value) };
}

/** The firmware guide on that board, with what persons attested. */
export function judge(files: Record<string, string>, entries: ChecklistEntry[] = [], management: ManagementReading | null = null): Map<string, SettingReport> {
  const { settings } = checkGuide({ ...readBoard(files), guide: 'firmware', housekeeping: null, checklist: { schema: 1, entries }, management });
  return new Map(settings.map((setting) => [setting.id, setting]));
}

export const attested = (settingId: string, entry: Partial<ChecklistEntry> = {}): ChecklistEntry => ({
  settingId, state: 'as-asked', value: '', note: 'seen on its screen', by: 'Ada', at: '20261120T141000Z', firmware: { version: '1.14.0', date: '06/26/2024' }, photo: null, ...entry,
});

/** Files of the firmware-attributes class of a driver. */
export function attributeFiles(driver: string, attributes: Record<string, [value: string | null, possible: string]>, files: Record<string, string> = {}): Record<string, string> {
  const base = `/sys/class/firmware-attributes/${driver}`;
  const each = Object.entries(attributes).flatMap(([name, [value, possible]]) => {
    const folder = `${base}/attributes/${name}`;
    return [[`${folder}/type`, 'enumeration'], [`${folder}/possible_values`, possible], ...(value === null ? [] : [[`${folder}/current_value`, value]])];
  });
  const more = Object.entries(files).map(([path, text]) => [`${base}/${path}`, text]);
  return Object.fromEntries([...each, ...more]);
}
