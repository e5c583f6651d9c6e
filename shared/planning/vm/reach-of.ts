/**
 * CPUs on which a thread may come to run. CPUs that are isolated at boot belong to no scheduling domain: the kernel moves
 * nothing there that may run elsewhere too, whatever its affinity says. Where it ran last, it may run again.
 * Source: Linux admin-guide/kernel-parameters, isolcpus=domain.
 */
export function reachOf({ cpus, lastCpu }: { readonly cpus: readonly number[]; readonly lastCpu: number | null }, isolatedCpus: readonly number[]): number[] {
  const isolated = new Set(isolatedCpus);
  return cpus.every((cpu) => isolated.has(cpu)) ? [...cpus] : cpus.filter((cpu) => !isolated.has(cpu) || cpu === lastCpu);
}
