import { formatCpuList } from '../parsers/cpu-list.ts';

interface Scalar { readonly name: string; readonly value: number; readonly unit: string }

/**
 * Figures that are the same on several CPUs as one, for people to read: `duration on CPU 4-63` instead of sixty lines.
 * The order is that of the first of each; figures that differ, and those of no CPU, stay as they are.
 */
export function scalarsTogether(scalars: readonly Scalar[]): Scalar[] {
  const groups = new Map<string, { scalar: Scalar; about: string | null; cpus: number[] }>();
  for (const scalar of scalars) {
    const [, about, cpu] = /^(.+ CPU )(\d{1,6})$/.exec(scalar.name) ?? [];
    const key = JSON.stringify(about === undefined ? [scalar.name] : [about, scalar.value, scalar.unit]);
    const known = groups.get(key);
    if (known === undefined || about === undefined) groups.set(about === undefined ? `${key}${String(groups.size)}` : key, { scalar, about: about ?? null, cpus: cpu === undefined ? [] : [Number(cpu)] });
    else known.cpus.push(Number(cpu));
  }
  return [...groups.values()].map(({ scalar, about, cpus }) => (about === null ? scalar : { ...scalar, name: `${about}${formatCpuList(cpus)}` }));
}
