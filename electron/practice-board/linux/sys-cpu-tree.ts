import { formatCpuList } from '../../../shared/parsers/cpu-list.ts';
import { FileError } from '../files/file-error.ts';
import { formatCpuMask } from './cpu-mask.ts';
import type { CacheSpec, CpuSpec } from './machine-spec.ts';
import type { PretendLinux } from './pretend-linux.ts';
import type { TreeBuilder } from './tree-builder.ts';

/** CPUs that share a cache with `cpu`: its core, its group of four efficiency cores, or its socket. */
export function sharers(linux: PretendLinux, cpu: CpuSpec, sharedBy: CacheSpec['sharedBy']): number[] {
  const same = (other: CpuSpec): boolean => other.socket === cpu.socket && (sharedBy === 'socket' || (other.core === cpu.core && other.kind === cpu.kind)
    || (sharedBy === 'cluster' && other.kind === cpu.kind && Math.floor(other.core / 4) === Math.floor(cpu.core / 4)));
  return linux.spec.cpus.filter((other) => same(other) && linux.online.includes(other.cpu)).map((other) => other.cpu);
}

export const cachesOf = (linux: PretendLinux, cpu: CpuSpec): CacheSpec[] => linux.spec.caches.filter((cache) => cache.kind === undefined || cache.kind === cpu.kind);

/** /sys/devices/system/cpu of the present boot. */
export function buildSysCpu(linux: PretendLinux, tree: TreeBuilder): void {
  const base = '/devices/system/cpu';
  const { spec } = linux;
  const every = spec.cpus.map(({ cpu }) => cpu);
  const { decisions } = linux;
  tree.value(`${base}/online`, () => formatCpuList(linux.online));
  tree.value(`${base}/offline`, () => formatCpuList(every.filter((cpu) => !linux.online.includes(cpu))));
  tree.value(`${base}/present`, formatCpuList(every));
  tree.value(`${base}/possible`, formatCpuList(every));
  tree.value(`${base}/isolated`, formatCpuList(decisions.isolated));
  tree.value(`${base}/nohz_full`, decisions.nohzFull.length === 0 ? '(null)' : formatCpuList(decisions.nohzFull));
  tree.value(`${base}/kernel_max`, 8191);
  tree.value(`${base}/smt/active`, () => (spec.cpu.smt === 'on' && !linux.threadsOff ? 1 : 0));
  tree.value(`${base}/smt/control`, linux.threadsOff ? 'off' : spec.cpu.smt);
  tree.value(`${base}/cpuidle/current_driver`, decisions.idleStatesOff ? 'none' : 'intel_idle');
  tree.value(`${base}/cpuidle/current_governor`, 'menu');
  tree.value(`${base}/cpuidle/current_governor_ro`, 'menu');
  tree.value(`${base}/cpuidle/available_governors`, 'ladder menu teo ');
  for (const [name, text] of Object.entries(spec.cpu.vulnerabilities)) tree.value(`${base}/vulnerabilities/${name}`, text);
  if (!decisions.pstateDisabled && linux.firmwareSetting('SpeedStep') !== 'Disabled') {
    const pstate = (name: string, initial: string): void => knob(linux, tree, `${base}/intel_pstate/${name}`, initial);
    tree.value(`${base}/intel_pstate/num_pstates`, 30);
    pstate('status', 'active');
    if (linux.firmwareSetting('TurboMode') === 'Disabled') tree.value(`${base}/intel_pstate/no_turbo`, 1);
    else pstate('no_turbo', '0');
    pstate('max_perf_pct', '100');
    pstate('min_perf_pct', '21');
  }
  for (const cpu of spec.cpus) buildCpu(linux, tree, `${base}/cpu${cpu.cpu}`, cpu);
}

/** A value that keeps what is written to it until the next boot. */
function knob(linux: PretendLinux, tree: TreeBuilder, path: string, initial: string, allowed?: readonly string[]): void {
  tree.knob(path, () => linux.cpuKnobs.get(path) ?? initial, (text) => {
    if (allowed !== undefined && !allowed.includes(text)) throw new FileError('EINVAL', path);
    linux.cpuKnobs.set(path, text);
  });
}

function buildCpu(linux: PretendLinux, tree: TreeBuilder, base: string, cpu: CpuSpec): void {
  const { spec } = linux;
  const count = spec.cpus.length;
  if (cpu.cpu !== 0) {
    tree.knob(`${base}/online`, () => (linux.online.includes(cpu.cpu) ? 1 : 0), (text) => {
      if (text !== '0' && text !== '1') throw new FileError('EINVAL', base);
      linux.online = spec.cpus.map((one) => one.cpu).filter((one) => (one === cpu.cpu ? text === '1' : linux.online.includes(one)));
      linux.log(text === '1' ? `smpboot: Booting Node ${cpu.node} Processor ${cpu.cpu} APIC 0x${(cpu.cpu * 2).toString(16)}` : `smpboot: CPU ${cpu.cpu} is now offline`);
    });
  }
  const siblings = (): number[] => sharers(linux, cpu, 'core');
  const socket = (): number[] => sharers(linux, cpu, 'socket');
  const topology = `${base}/topology`;
  tree.value(`${topology}/physical_package_id`, cpu.socket);
  tree.value(`${topology}/die_id`, 0);
  tree.value(`${topology}/core_id`, cpu.core);
  tree.value(`${topology}/cluster_id`, cpu.core);
  for (const [name, cpus] of [['thread_siblings', siblings], ['core_cpus', siblings], ['core_siblings', socket], ['package_cpus', socket], ['die_cpus', socket]] as const) {
    tree.value(`${topology}/${name}`, () => formatCpuMask(cpus(), count));
    tree.value(`${topology}/${name}_list`, () => formatCpuList(cpus()));
  }
  for (const [index, cache] of cachesOf(linux, cpu).entries()) {
    const folder = `${base}/cache/index${index}`;
    const shared = (): number[] => sharers(linux, cpu, cache.sharedBy);
    tree.value(`${folder}/level`, cache.level);
    tree.value(`${folder}/type`, cache.type);
    tree.value(`${folder}/id`, () => cacheId(linux, cpu, cache));
    tree.value(`${folder}/size`, `${cache.sizeKib}K`);
    tree.value(`${folder}/ways_of_associativity`, cache.ways);
    tree.value(`${folder}/coherency_line_size`, 64);
    tree.value(`${folder}/number_of_sets`, Math.round((cache.sizeKib * 1024) / (cache.ways * 64)));
    tree.value(`${folder}/shared_cpu_list`, () => formatCpuList(shared()));
    tree.value(`${folder}/shared_cpu_map`, () => formatCpuMask(shared(), count));
  }
  if (!linux.decisions.idleStatesOff) {
    for (const [index, state] of linux.idleStates.entries()) {
      const folder = `${base}/cpuidle/state${index}`;
      tree.value(`${folder}/name`, state.name);
      tree.value(`${folder}/desc`, state.description);
      tree.value(`${folder}/latency`, state.latencyUs);
      tree.value(`${folder}/residency`, state.latencyUs * 3);
      tree.value(`${folder}/usage`, () => Math.floor(linux.uptimeSeconds() * 3));
      knob(linux, tree, `${folder}/disable`, '0', ['0', '1']);
    }
  }
  if (!linux.decisions.pstateDisabled && linux.firmwareSetting('SpeedStep') !== 'Disabled') buildFrequency(linux, tree, base, cpu);
  for (const name of ['core_throttle_count', 'package_throttle_count', 'core_throttle_total_time_ms', 'package_throttle_total_time_ms']) tree.value(`${base}/thermal_throttle/${name}`, 0);
  tree.link(`${base}/node${cpu.node}`, `../../node/node${cpu.node}`);
}

const cacheIds = new WeakMap<CacheSpec, ReadonlyMap<number, number>>();

/** Cache ids count the caches of one level and type over the whole machine, whether its CPUs are online or not. */
export function cacheId(linux: PretendLinux, cpu: CpuSpec, cache: CacheSpec): number {
  if (cache.sharedBy === 'socket') return cpu.socket;
  let ids = cacheIds.get(cache);
  if (ids === undefined) {
    const group = (one: CpuSpec): string => `${one.socket} ${one.kind ?? ''} ${one.kind === 'efficiency' && cache.level === 2 ? Math.floor(one.core / 4) : one.core}`;
    const groups = [...new Set(linux.spec.cpus.map(group))];
    ids = new Map(linux.spec.cpus.map((one) => [one.cpu, groups.indexOf(group(one))]));
    cacheIds.set(cache, ids);
  }
  return ids.get(cpu.cpu) ?? 0;
}

function buildFrequency(linux: PretendLinux, tree: TreeBuilder, base: string, cpu: CpuSpec): void {
  const { cpu: model } = linux.spec;
  const policy = `/devices/system/cpu/cpufreq/policy${cpu.cpu}`;
  const maximum = String(cpu.kind === 'efficiency' ? model.efficiencyMaxKhz ?? model.maxKhz : model.maxKhz);
  tree.link(`${base}/cpufreq`, `../cpufreq/policy${cpu.cpu}`);
  tree.value(`${policy}/affected_cpus`, cpu.cpu);
  tree.value(`${policy}/related_cpus`, cpu.cpu);
  tree.value(`${policy}/scaling_driver`, 'intel_pstate');
  tree.value(`${policy}/cpuinfo_min_freq`, model.minKhz);
  tree.value(`${policy}/cpuinfo_max_freq`, maximum);
  tree.value(`${policy}/base_frequency`, model.baseMhz * 1000);
  tree.value(`${policy}/scaling_available_governors`, 'performance powersave');
  tree.value(`${policy}/energy_performance_available_preferences`, 'default performance balance_performance balance_power power ');
  knob(linux, tree, `${policy}/scaling_governor`, 'powersave', ['performance', 'powersave']);
  knob(linux, tree, `${policy}/scaling_min_freq`, String(model.minKhz));
  knob(linux, tree, `${policy}/scaling_max_freq`, maximum);
  knob(linux, tree, `${policy}/energy_performance_preference`, 'balance_performance', ['default', 'performance', 'balance_performance', 'balance_power', 'power']);
  tree.value(`${policy}/scaling_cur_freq`, () => (linux.cpuKnobs.get(`${policy}/scaling_governor`) === 'performance' ? maximum : Math.round(model.minKhz * (1 + linux.random()))));
}
