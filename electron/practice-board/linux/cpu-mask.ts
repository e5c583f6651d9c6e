/** A CPU mask as sysfs writes it: lower-case hexadecimal in groups of eight digits, as many as the machine has CPUs. */
export function formatCpuMask(cpus: readonly number[], count: number): string {
  let mask = 0n;
  for (const cpu of cpus) mask |= 1n << BigInt(cpu);
  if (count <= 32) return mask.toString(16).padStart(Math.ceil(count / 4), '0');
  const groups = Math.ceil(count / 32);
  const digits = mask.toString(16).padStart(groups * 8, '0');
  return digits.match(/.{8}/g)?.join(',') ?? digits;
}
