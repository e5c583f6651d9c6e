import type { CpuSpec } from './machine-spec.ts';
import type { PretendLinux } from './pretend-linux.ts';

/** /proc/cpuinfo of the online CPUs. */
export function cpuinfo(linux: PretendLinux): string {
  const { cpu: model, cpus, caches } = linux.spec;
  const last = caches.at(-1);
  const block = (one: CpuSpec): string => {
    const inSocket = cpus.filter((other) => other.socket === one.socket && linux.online.includes(other.cpu));
    const cores = new Set(inSocket.map((other) => other.core)).size;
    const mhz = (model.baseMhz + ((one.cpu * 37) % 90) / 100).toFixed(3);
    return [
      `processor\t: ${one.cpu}`, `vendor_id\t: GenuineIntel`, `cpu family\t: ${model.family}`, `model\t\t: ${model.modelNumber}`,
      `model name\t: ${model.model}`, `stepping\t: ${model.stepping}`, `microcode\t: ${model.microcode}`, `cpu MHz\t\t: ${mhz}`,
      `cache size\t: ${last?.sizeKib ?? 0} KB`, `physical id\t: ${one.socket}`, `siblings\t: ${inSocket.length}`, `core id\t\t: ${one.core}`,
      `cpu cores\t: ${cores}`, `apicid\t\t: ${one.cpu * 2}`, `initial apicid\t: ${one.cpu * 2}`, 'fpu\t\t: yes', 'fpu_exception\t: yes',
      'cpuid level\t: 32', 'wp\t\t: yes', `flags\t\t: ${model.flags.split(' ').filter((flag) => linux.hasFeature(flag)).join(' ')}`, `bugs\t\t: ${model.bugs}`, `bogomips\t: ${(model.baseMhz * 2).toFixed(2)}`,
      'clflush size\t: 64', 'cache_alignment\t: 64', 'address sizes\t: 46 bits physical, 57 bits virtual', 'power management:', '',
    ].join('\n');
  };
  return `${cpus.filter((one) => linux.online.includes(one.cpu)).map(block).join('\n')}\n`;
}
