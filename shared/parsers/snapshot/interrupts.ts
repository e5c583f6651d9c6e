import type { Snapshot } from '../../model/snapshot.ts';
import type { Capture } from '../capture.ts';
import { cpuListOf, cpuMaskOf } from './read.ts';

type Interrupt = Snapshot['interrupts']['list'][number];

/** Interrupts with their counts and affinities. `effective` is where the hardware sends it, which managed interrupts choose themselves. */
export function interruptsOf(capture: Capture, present: readonly number[]): Snapshot['interrupts'] {
  const [header = '', ...rows] = capture.lines('/proc/interrupts') ?? [];
  const columns = [...header.matchAll(/CPU(\d{1,4})/g)].map((match) => Number(match[1])).filter((cpu) => cpu <= 8191);
  return {
    defaultAffinity: cpuMaskOf(capture, '/proc/irq/default_smp_affinity', present),
    list: rows.flatMap((row) => interruptOf(capture, row, columns) ?? []),
  };
}

function interruptOf(capture: Capture, row: string, columns: readonly number[]): Interrupt | null {
  const match = /^\s*([A-Za-z0-9_-]{1,32}):(.*)$/.exec(row);
  if (match?.[1] === undefined) return null;
  const irq = match[1];
  const cells = (match[2] ?? '').trim().split(/\s+/);
  const counted = cells.slice(0, Math.max(columns.length, 1)).findIndex((cell) => !/^\d{1,15}$/.test(cell));
  const counts = cells.slice(0, counted < 0 ? Math.max(columns.length, 1) : counted).map(Number);
  return {
    irq,
    name: nameOf(irq, cells.slice(counts.length)),
    total: counts.reduce((sum, count) => sum + count, 0),
    // ERR and MIS have one count for the whole machine.
    perCpu: counts.length === columns.length ? byCpu(columns, counts) : [],
    affinity: /^\d+$/.test(irq) ? cpuListOf(capture, `/proc/irq/${irq}/smp_affinity_list`) : null,
    effective: /^\d+$/.test(irq) ? cpuListOf(capture, `/proc/irq/${irq}/effective_affinity_list`) : null,
  };
}

/** After the counts: controller, hardware number with trigger, then who uses it ("IO-APIC 2-edge timer"). */
function nameOf(irq: string, cells: readonly string[]): string {
  if (!/^\d+$/.test(irq)) return cells.join(' ');
  const trigger = cells.findIndex((cell) => /^\d+(?:-\w+)?$/.test(cell) || cell === 'None');
  return cells.slice(trigger + 1).join(' ');
}

/** Counts by CPU number: the file has columns for online CPUs only. */
function byCpu(columns: readonly number[], counts: readonly number[]): number[] {
  const highest = columns.reduce((found, cpu) => Math.max(found, cpu), -1);
  const values = new Array<number>(highest + 1).fill(0);
  columns.forEach((cpu, column) => { values[cpu] = counts[column] ?? 0; });
  return values;
}
