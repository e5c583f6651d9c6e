import type { Snapshot } from '../../model/snapshot.ts';
import type { Capture } from '../capture.ts';
import { naturalNumber } from './read.ts';

const folder = '/sys/devices/system/cpu';

/** Idle driver and the states it offers; a state disabled on some CPUs names them. States that the firmware hides do not exist. */
export function idleOf(capture: Capture): Snapshot['idle'] {
  const states = new Map<string, Snapshot['idle']['states'][number]>();
  for (const path of capture.paths(/^\/sys\/devices\/system\/cpu\/cpu\d{1,4}\/cpuidle\/state\d{1,3}\/name$/)) {
    const name = capture.value(path);
    const state = path.slice(0, -'/name'.length);
    const cpu = naturalNumber(/\/cpu(\d+)\/cpuidle/.exec(state)?.[1]);
    if (name === null || cpu === null || cpu > 8191) continue;
    const exitLatencyUs = naturalNumber(capture.value(`${state}/latency`));
    const key = `${name} ${exitLatencyUs ?? ''}`;
    const known = states.get(key) ?? { name, exitLatencyUs, disabledOn: [] };
    if (capture.value(`${state}/disable`) === '1') known.disabledOn.push(cpu);
    states.set(key, known);
  }
  const list = [...states.values()];
  for (const state of list) state.disabledOn.sort((a, b) => a - b);
  return {
    driver: capture.value(`${folder}/cpuidle/current_driver`),
    governor: capture.value(`${folder}/cpuidle/current_governor`) ?? capture.value(`${folder}/cpuidle/current_governor_ro`),
    states: list.sort((a, b) => (a.exitLatencyUs ?? 0) - (b.exitLatencyUs ?? 0)),
  };
}

/** Frequency driver, limits and turbo. Turbo off may come from the firmware or from Linux; the file does not tell which. */
export function frequencyOf(capture: Capture): Snapshot['frequency'] {
  const values = (name: string) => capture.paths(policyFile).filter((path) => path.endsWith(`/${name}`)).flatMap((path) => capture.value(path) ?? []);
  const numbers = (name: string) => values(name).flatMap((text) => naturalNumber(text) ?? []);
  return {
    driver: values('scaling_driver')[0] ?? null,
    status: capture.value(`${folder}/intel_pstate/status`) ?? capture.value(`${folder}/amd_pstate/status`),
    governors: [...new Set(values('scaling_governor'))],
    ...turboOf(capture),
    minKhz: smallest(numbers('cpuinfo_min_freq')),
    maxKhz: largest(numbers('cpuinfo_max_freq')),
  };
}

const policyFile = /^\/sys\/devices\/system\/cpu\/cpufreq\/policy\d{1,4}\/\w+$/;
const smallest = (values: readonly number[]) => values.reduce<number | null>((found, value) => (found === null || value < found ? value : found), null);
const largest = (values: readonly number[]) => values.reduce<number | null>((found, value) => (found === null || value > found ? value : found), null);

function turboOf(capture: Capture): { turbo: boolean | null; turboEvidence: string | null } {
  for (const [path, on] of [[`${folder}/intel_pstate/no_turbo`, '0'], [`${folder}/cpufreq/boost`, '1']] as const) {
    const value = capture.value(path);
    if (value === '0' || value === '1') return { turbo: value === on, turboEvidence: `${path}: ${value}` };
  }
  return { turbo: null, turboEvidence: null };
}

/** Times the CPUs have throttled for heat since boot; a package counts once however many CPUs report it. */
export function thermalThrottlesOf(capture: Capture): number | null {
  const counters = new Map<string, number>();
  for (const path of capture.paths(/^\/sys\/devices\/system\/cpu\/cpu\d{1,4}\/thermal_throttle\/(?:core|package)_throttle_count$/)) {
    const count = naturalNumber(capture.value(path));
    if (count === null) continue;
    const cpu = /\/(cpu\d+)\//.exec(path)?.[1] ?? '';
    const what = path.endsWith('core_throttle_count') ? 'core_id' : 'physical_package_id';
    const socket = capture.value(`${folder}/${cpu}/topology/physical_package_id`) ?? '';
    counters.set(`${what} ${socket} ${what === 'core_id' ? capture.value(`${folder}/${cpu}/topology/core_id`) ?? cpu : ''}`, count);
  }
  const total = [...counters.values()].reduce((sum, count) => sum + count, 0);
  return counters.size === 0 || !Number.isSafeInteger(total) ? null : total;
}
