import type { Snapshot } from '../model/snapshot.ts';
import { formatCpuList } from '../parsers/cpu-list.ts';

/** One thing that two readings do not agree in. `unknown` stands for what was not read. */
export interface SnapshotDifference { readonly what: string; readonly before: string; readonly after: string }

/** What may matter for latency, the likeliest first. */
const facts: ReadonlyArray<readonly [what: string, read: (snapshot: Snapshot) => string | null]> = [
  ['kernel', ({ kernel }) => kernel.release],
  ['kernel build', ({ kernel }) => kernel.version],
  ['command line', ({ kernel }) => kernel.commandLine],
  ['real-time kernel', ({ kernel }) => yesNo(kernel.realtime)],
  ['isolated CPUs', ({ cpus }) => formatCpuList(cpus.isolated)],
  ['nohz_full CPUs', ({ cpus }) => formatCpuList(cpus.nohzFull)],
  ['firmware', ({ identity }) => joined(identity.firmware.vendor, identity.firmware.version, identity.firmware.date)],
  ['microcode', ({ identity }) => identity.microcode],
  ['machine', ({ identity }) => joined(identity.vendor, identity.product, identity.board)],
  ['virtualisation', ({ virtualisation }) => joined(virtualisation.kind, virtualisation.name)],
  ['processor', ({ cpus }) => cpus.model],
  ['CPUs online', ({ cpus }) => formatCpuList(cpus.online)],
  ['SMT', ({ cpus }) => yesNo(cpus.smt.active)],
  ['clocksource', ({ clock }) => clock.source],
  ['idle driver', ({ idle }) => joined(idle.driver, idle.governor)],
  ['idle states shut', ({ idle }) => joined(...idle.states.map(({ name, disabledOn }) => `${name}: ${formatCpuList(disabledOn) || 'none'}`))],
  ['frequency driver', ({ frequency }) => joined(frequency.driver, frequency.status, ...frequency.governors)],
  ['turbo', ({ frequency }) => yesNo(frequency.turbo)],
  ['default interrupt affinity', ({ interrupts }) => (interrupts.defaultAffinity === null ? null : formatCpuList(interrupts.defaultAffinity))],
  ['RT throttling, µs', ({ limits }) => (limits.rtRuntimeUs === null ? null : String(limits.rtRuntimeUs))],
  ['cache allocation', ({ resctrl }) => (resctrl.mounted ? joined(...resctrl.schemata) : 'not mounted')],
  ['huge pages', ({ memory }) => joined(...memory.hugepages.map(({ sizeKb, total }) => `${total} × ${sizeKb} kB`))],
  ['transparent huge pages', ({ memory }) => memory.transparentHugepages],
  ['tuned profile', ({ tunedProfile }) => tunedProfile],
  ['distribution', ({ distribution }) => distribution.name],
];

/** What two readings do not agree in, the likeliest to matter first. Empty when nothing differs. */
export function snapshotDifferences(before: Snapshot, after: Snapshot): SnapshotDifference[] {
  const differences = facts.map(([what, read]) => ({ what, before: read(before) ?? 'unknown', after: read(after) ?? 'unknown' }));
  return [...differences, ...sysctlDifferences(before, after), ...moduleDifferences(before, after), ...toolDifferences(before, after)]
    .filter((one) => one.before !== one.after).map((one) => ({ ...one, before: one.before || 'none', after: one.after || 'none' }));
}

const sysctlDifferences = (before: Snapshot, after: Snapshot) => keyed(before.sysctls, after.sysctls, '');
const moduleDifferences = (before: Snapshot, after: Snapshot) => keyed(before.kvm.parameters, after.kvm.parameters, 'module parameter ');
const toolDifferences = (before: Snapshot, after: Snapshot) => keyed(versions(before), versions(after), 'version of ');

const versions = ({ tools }: Snapshot): Record<string, string> => Object.fromEntries(tools.map(({ name, path, version }) => [name, version ?? (path === null ? 'not installed' : 'unknown')]));

function keyed(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>, prefix: string): SnapshotDifference[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].sort().map((key) => ({ what: `${prefix}${key}`, before: before[key] ?? 'unknown', after: after[key] ?? 'unknown' }));
}

const yesNo = (value: boolean | null) => (value === null ? null : value ? 'yes' : 'no');
const joined = (...parts: Array<string | null>) => parts.filter((part) => part !== null && part !== '').join(' ') || null;
