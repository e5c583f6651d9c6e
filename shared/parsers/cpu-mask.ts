/**
 * Writes CPU numbers as the kernel shows a mask: groups of eight hexadecimal digits separated by commas, the most
 * significant first. `digits`: at least that many of them, as the mask it replaces has.
 */
export function formatCpuMask(cpus: readonly number[], digits = 1): string {
  const nibbles = new Array<number>(Math.max(digits, 1, ...cpus.map((cpu) => Math.floor(cpu / 4) + 1))).fill(0);
  for (const cpu of cpus) nibbles[Math.floor(cpu / 4)] = (nibbles[Math.floor(cpu / 4)] ?? 0) | (1 << (cpu % 4));
  const text = nibbles.reverse().map((nibble) => nibble.toString(16)).join('');
  const first = text.length % 8;
  const groups = text.slice(first).match(/.{8}/g) ?? [];
  return [...(first === 0 ? [] : [text.slice(0, first)]), ...groups].join(',');
}
