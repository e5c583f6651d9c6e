import type { Snapshot } from '../../model/snapshot.ts';
import type { Capture } from '../capture.ts';
import { messageMatching, naturalNumber, wholeNumber } from './read.ts';

/** Clock source, the board's own time (UTC, ISO 8601) and how long it has been up. */
export function clockOf(capture: Capture): Snapshot['clock'] {
  const folder = '/sys/devices/system/clocksource/clocksource0';
  const uptimeSeconds = secondsOf(capture.value('/proc/uptime')?.split(' ')[0]);
  const bootedAt = naturalNumber(capture.lines('/proc/stat')?.find((line) => line.startsWith('btime '))?.slice('btime '.length));
  const milliseconds = uptimeSeconds === null || bootedAt === null ? Number.NaN : (bootedAt + Math.floor(uptimeSeconds)) * 1000;
  const time = new Date(milliseconds);
  return {
    source: capture.value(`${folder}/current_clocksource`),
    available: capture.value(`${folder}/available_clocksource`)?.split(/\s+/) ?? [],
    boardTime: Number.isNaN(time.getTime()) || time.getUTCFullYear() > 9999 ? null : time.toISOString().replace(/\.\d+Z$/, 'Z'),
    uptimeSeconds,
  };
}

/** Seconds with decimals, as in /proc/uptime. */
const secondsOf = (text: string | undefined) => (text !== undefined && /^\d{1,12}(?:\.\d{1,9})?$/.test(text) ? Number(text) : null);

/** KVM is there when /dev/kvm is; parameters by `module.name`. */
export function kvmOf(capture: Capture): Snapshot['kvm'] {
  const parameters = new Map<string, string>();
  for (const path of capture.paths(/^\/sys\/module\/kvm(?:_intel|_amd)?\/parameters\/\w+$/)) {
    const parts = path.split('/');
    parameters.set(`${parts[3] ?? ''}.${parts[5] ?? ''}`, capture.value(path) ?? '');
  }
  const loaded = (name: string) => capture.paths(/^\/sys\/module\/kvm/).some((path) => path.startsWith(`/sys/module/${name}/`))
    || (capture.lines('/proc/modules')?.some((line) => line.startsWith(`${name} `)) ?? false);
  return {
    available: capture.exists('/dev/kvm') ? true : capture.complete ? false : null,
    module: ['kvm_intel', 'kvm_amd', 'kvm'].find(loaded) ?? null,
    parameters: Object.fromEntries(parameters),
  };
}

const notSettings = /^\/proc\/sys\/kernel\/(?:ostype|osrelease|version|arch|hostname|tainted|random\/.*)$/;

/** Sysctls by their dotted names. */
export function sysctlsOf(capture: Capture): Record<string, string> {
  return Object.fromEntries(capture.paths(/^\/proc\/sys\//).filter((path) => !notSettings.test(path))
    .map((path) => [path.slice('/proc/sys/'.length).replaceAll('/', '.'), capture.value(path) ?? '']));
}

/** Firmware settings that Linux may read (Dell, Lenovo, HP); possible values of an enumeration only. */
export function firmwareAttributesOf(capture: Capture): Snapshot['firmwareAttributes'] {
  const pattern = /^\/sys\/class\/firmware-attributes\/([^/]+)\/attributes\/([^/]+)\/(?:type|current_value|possible_values)$/;
  const folders = new Map<string, { driver: string; name: string }>();
  for (const path of capture.paths(pattern)) {
    const match = pattern.exec(path);
    if (match?.[1] !== undefined && match[2] !== undefined) folders.set(path.slice(0, path.lastIndexOf('/')), { driver: match[1], name: match[2] });
  }
  return [...folders].map(([folder, { driver, name }]) => ({
    driver,
    name,
    value: capture.value(`${folder}/current_value`),
    possible: capture.value(`${folder}/possible_values`)?.split(';').map((value) => value.trim()).filter((value) => value !== '') ?? [],
  }));
}

/** What the login that read the board may use; "unlimited" is the largest safe number. */
export function limitsOf(capture: Capture): Snapshot['limits'] {
  const limit = (name: string) => {
    const soft = capture.lines('/proc/self/limits')?.find((line) => line.startsWith(name))?.slice(name.length).trim().split(/\s+/)[0];
    return soft === 'unlimited' ? Number.MAX_SAFE_INTEGER : naturalNumber(soft);
  };
  return {
    rtPriority: limit('Max realtime priority'),
    lockedMemoryBytes: limit('Max locked memory'),
    rtRuntimeUs: wholeNumber(capture.value('/proc/sys/kernel/sched_rt_runtime_us')),
  };
}

/** A management controller shows as an IPMI device, as DMI record 38, or in the kernel's messages. */
export function bmcOf(capture: Capture): Snapshot['bmc'] {
  const device = ['/dev/ipmi0', '/dev/ipmi/0', '/dev/ipmidev/0'].find((path) => capture.exists(path));
  if (device !== undefined) return { present: true, evidence: `${device} exists` };
  const record = capture.names(/^\/sys\/firmware\/dmi\/entries\/38-/)[0];
  if (record !== undefined) return { present: true, evidence: `${record}: IPMI device information` };
  const message = messageMatching(capture, /ipmi_si.*(?:Found new BMC|IPMI kcs interface initialized)/);
  if (message !== null) return { present: true, evidence: message };
  return capture.exists('/sys/firmware/dmi/entries') ? { present: false, evidence: '/sys/firmware/dmi/entries has no record 38' } : { present: null, evidence: null };
}

/** Processes the probe started, CPU time of all of them, and how long it took (to 10 ms). */
export function costOf(capture: Capture): Snapshot['cost'] {
  const lines = capture.section('cost');
  const times = lines.flatMap((line) => [...line.matchAll(/\b(\d{1,6})m(\d{1,2}(?:\.\d{1,9})?)s\b/g)].map((match) => Number(match[1]) * 60 + Number(match[2])));
  const [, start, end] = lines.map((line) => /^uptime (\S+) (\S+)$/.exec(line)).find((match) => match !== null) ?? [];
  const [from, to] = [secondsOf(start), secondsOf(end)];
  return {
    processes: naturalNumber(lines.find((line) => line.startsWith('processes '))?.slice('processes '.length)),
    cpuSeconds: times.length === 0 ? null : round(times.reduce((sum, seconds) => sum + seconds, 0)),
    wallSeconds: from === null || to === null || to < from ? null : round(to - from),
  };
}

const round = (seconds: number) => Math.round(seconds * 1000) / 1000;
