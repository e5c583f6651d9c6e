import { countInWords } from '../../statistics/words.ts';
import { counted, evidenceOf, figuresOf, spreadOf } from '../rates.ts';
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
    words: `${counted(count, ['system management interrupt', 'system management interrupts'], scene.seconds)}: each stops all CPUs for the firmware`, figures: figuresOf(count, scene.seconds),
    evidence: evidenceOf('MSR 0x34', '(SMI count)', count, scene), settingIds: ['firmware.smi-wholesale', 'firmware.legacy-usb', 'firmware.usb-periodic-smi', 'firmware.smi-count'],
    countIn: (deltas) => deltas.smis ?? 0,
  }];
}

function throttled(scene: Scene): Suspicion[] {
  const spread = spreadOf(scene.cpus, (cpu) => scene.deltas.throttles.get(cpu) ?? 0);
  return spread === null ? [] : [{
    rule: 'throttling', rank: 1, cpu: spread.cpu, source: 'throttling', count: spread.total,
    words: counted(spread.total, ['throttling by heat or power', 'throttlings by heat or power'], scene.seconds, spread.on), figures: figuresOf(spread.total, scene.seconds),
    evidence: evidenceOf('/sys/devices/system/cpu/cpu*/thermal_throttle', 'counts', spread.total, scene, spread.cpus), settingIds: ['firmware.thermal-throttling', 'firmware.turbo', 'runtime.thermald'],
    countIn: (deltas) => scene.cpus.reduce((sum, cpu) => sum + (deltas.throttles.get(cpu) ?? 0), 0),
  }];
}

/** States that take long to leave and were entered for more time than lay around the measurement. */
function slept(scene: Scene): Suspicion[] {
  const least = Math.max(0, scene.seconds - scene.measuredSeconds) + 0.02 * scene.measuredSeconds;
  const names = [...new Set(scene.cpus.flatMap((cpu) => (scene.deltas.idle.get(cpu) ?? []).filter(({ latencyUs }) => latencyUs >= feltUs).map(({ name }) => name)))];
  const entriesIn = ({ idle }: Scene['deltas'], cpu: number, name: string) => idle.get(cpu)?.find((state) => state.name === name);
  return names.flatMap((name): Suspicion[] => {
    const spread = spreadOf(scene.cpus, (cpu) => { const state = entriesIn(scene.deltas, cpu, name); return state !== undefined && state.seconds > least ? state.entries : 0; });
    if (spread === null) return [];
    const latencyUs = entriesIn(scene.deltas, spread.cpu, name)?.latencyUs ?? 0;
    return [{
      rule: 'idle-states', rank: 2, cpu: spread.cpu, source: name, count: spread.total,
      words: `${counted(spread.total, [`rest in idle state ${name}`, `rests in idle state ${name}`], scene.seconds, spread.on)}, which takes up to ${latencyUs} µs to leave`,
      figures: [...figuresOf(spread.total, scene.seconds), { name: 'exit latency', value: latencyUs, unit: 'us' }],
      evidence: evidenceOf('/sys/devices/system/cpu/cpu*/cpuidle', `${name} usage`, spread.total, scene, spread.cpus), settingIds: ['runtime.idle-latency', 'kernel.intel-idle', 'kernel.processor-max-cstate', 'firmware.c-states'],
      countIn: (deltas) => scene.cpus.reduce((sum, cpu) => sum + (entriesIn(deltas, cpu, name)?.entries ?? 0), 0),
    }];
  });
}

function ramped(scene: Scene): Suspicion[] {
  const free = scene.cpus.flatMap((cpu) => {
    const after = scene.deltas.frequencies.get(cpu)?.after;
    return after === undefined || after.governor === 'performance' || after.minimumKhz === after.maximumKhz ? [] : [{ cpu, ...after }];
  }).sort((a, b) => a.currentKhz - b.currentKhz);
  const [slowest] = free;
  if (slowest === undefined) return [];
  const { cpu, currentKhz, minimumKhz, maximumKhz, governor } = slowest;
  return [{
    rule: 'frequency', rank: 8, cpu, source: governor, count: free.length,
    words: `${free.length === 1 ? `CPU ${cpu} may change its` : `${countInWords(free.length)} measured CPUs may change their`} frequency between ${mhz(minimumKhz)} and ${mhz(maximumKhz)} MHz under the governor ${governor}; CPU ${cpu} ran at ${mhz(currentKhz)} MHz when the run ended`,
    figures: [{ name: 'frequency after', value: currentKhz, unit: 'kHz' }],
    evidence: [`/sys/devices/system/cpu/cpu${cpu}/cpufreq/scaling_governor: ${governor}`], settingIds: ['runtime.cpufreq-governor', 'kernel.intel-pstate', 'firmware.speedstep'], countIn: null,
  }];
}

const mhz = (khz: number): string => Math.round(khz / 1000).toLocaleString('en-US');
