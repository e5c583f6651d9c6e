import { countInWords } from '../../statistics/words.ts';
import { counted, evidenceOf, figuresOf } from '../rates.ts';
import type { Scene, Suspicion, SuspicionRule } from '../suspicion.ts';

/** Exit latencies from here on are felt in a result. */
const feltUs = 10;

/** What the firmware and the processor itself do: SMIs, throttling, idle states, frequency. */
export const processorState: SuspicionRule = (scene) => [...smis(scene), ...throttled(scene), ...slept(scene), ...ramped(scene)];

function smis(scene: Scene): Suspicion[] {
  const count = scene.deltas.smis;
  // In a virtual machine the register is an invention of the hypervisor.
  if (count === null || count === 0 || scene.isVirtual) return [];
  return [{
    rule: 'smi', rank: 1, cpu: null, source: 'system management interrupts', count,
    words: `${counted(count, 'system management interrupts', scene.seconds)}, each of which stops all CPUs for the firmware`, figures: figuresOf(count, scene.seconds),
    evidence: evidenceOf('MSR 0x34', '(SMI count)', null, count, scene), settingIds: ['firmware.smi-wholesale', 'firmware.legacy-usb', 'firmware.usb-periodic-smi', 'firmware.smi-count'],
    countIn: (deltas) => deltas.smis ?? 0,
  }];
}

const throttled = (scene: Scene): Suspicion[] => scene.cpus.flatMap((cpu) => {
  const count = scene.deltas.throttles.get(cpu) ?? 0;
  return count === 0 ? [] : [{
    rule: 'throttling', rank: 1, cpu, source: 'throttling', count,
    words: `CPU ${cpu} was throttled ${countInWords(count)} times by heat or power`, figures: figuresOf(count, scene.seconds),
    evidence: evidenceOf(`/sys/devices/system/cpu/cpu${cpu}/thermal_throttle`, 'counts', null, count, scene), settingIds: ['firmware.thermal-throttling', 'firmware.turbo', 'runtime.thermald'],
    countIn: (deltas) => deltas.throttles.get(cpu) ?? 0,
  }];
});

/** States that take long to leave and were entered for more time than lay around the measurement. */
function slept(scene: Scene): Suspicion[] {
  const around = Math.max(0, scene.seconds - scene.measuredSeconds);
  return scene.cpus.flatMap((cpu) => (scene.deltas.idle.get(cpu) ?? []).flatMap(({ name, latencyUs, entries, seconds }): Suspicion[] => {
    if (latencyUs < feltUs || entries === 0 || seconds <= around + 0.02 * scene.measuredSeconds) return [];
    return [{
      rule: 'idle-states', rank: 2, cpu, source: name, count: entries,
      words: `CPU ${cpu} went to idle state ${name} ${countInWords(entries)} times, which takes up to ${latencyUs} µs to leave`,
      figures: [...figuresOf(entries, scene.seconds), { name: 'exit latency', value: latencyUs, unit: 'us' }],
      evidence: evidenceOf(`/sys/devices/system/cpu/cpu${cpu}/cpuidle`, `${name} usage`, null, entries, scene), settingIds: ['runtime.idle-latency', 'kernel.intel-idle', 'kernel.processor-max-cstate', 'firmware.c-states'],
      countIn: (deltas) => deltas.idle.get(cpu)?.find((state) => state.name === name)?.entries ?? 0,
    }];
  }));
}

const ramped = (scene: Scene): Suspicion[] => scene.cpus.flatMap((cpu): Suspicion[] => {
  const both = scene.deltas.frequencies.get(cpu);
  if (both === undefined || both.after.governor === 'performance' || both.after.minimumKhz === both.after.maximumKhz) return [];
  const { currentKhz, minimumKhz, maximumKhz, governor } = both.after;
  return [{
    rule: 'frequency', rank: 8, cpu, source: governor, count: 0,
    words: `CPU ${cpu} may change its frequency between ${mhz(minimumKhz)} and ${mhz(maximumKhz)} MHz under the governor ${governor}, and ran at ${mhz(currentKhz)} MHz when the run ended`,
    figures: [{ name: 'frequency after', value: currentKhz, unit: 'kHz' }],
    evidence: [`/sys/devices/system/cpu/cpu${cpu}/cpufreq/scaling_governor: ${governor}`], settingIds: ['runtime.cpufreq-governor', 'kernel.intel-pstate', 'firmware.speedstep'], countIn: null,
  }];
});

const mhz = (khz: number): string => Math.round(khz / 1000).toLocaleString('en-US');
