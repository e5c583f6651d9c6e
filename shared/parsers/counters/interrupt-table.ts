/** Counts by CPU number. */
export type PerCpu = ReadonlyMap<number, number>;

export interface InterruptCounts {
  /** As /proc/interrupts names the line: `36`, `LOC`. */
  readonly id: string;
  /** Who uses it (`eth0-TxRx-3`), or what it is (`Local timer interrupts`). */
  readonly name: string;
  /** Of a device: it has a number. */
  readonly device: boolean;
  readonly perCpu: PerCpu;
}
export interface SoftirqCounts { readonly name: string; readonly perCpu: PerCpu }

/** /proc/interrupts: one column a CPU that is online, in any number. Lines with one count for the whole machine (ERR, MIS) are left out. Total. */
export function parseInterruptTable(text: string): { cpus: number[]; sources: InterruptCounts[] } {
  const [header = '', ...rows] = text.split('\n');
  const cpus = columnsOf(header);
  const sources = rows.flatMap((row): InterruptCounts[] => {
    const [, id, rest] = /^\s*([A-Za-z0-9_-]{1,32}):(.*)$/.exec(row) ?? [];
    if (id === undefined || rest === undefined) return [];
    const cells = rest.trim().split(/\s+/);
    const perCpu = countsOf(cells, cpus);
    if (perCpu === null) return [];
    const device = /^\d+$/.test(id);
    return [{ id, name: device ? userOf(cells.slice(cpus.length)) : cells.slice(cpus.length).join(' '), device, perCpu }];
  });
  return { cpus, sources };
}

/** /proc/softirqs. Total. */
export function parseSoftirqs(text: string): SoftirqCounts[] {
  const [header = '', ...rows] = text.split('\n');
  const cpus = columnsOf(header);
  return rows.flatMap((row): SoftirqCounts[] => {
    const [, name, rest] = /^\s*([A-Z_]{1,32}):(.*)$/.exec(row) ?? [];
    const perCpu = rest === undefined ? null : countsOf(rest.trim().split(/\s+/), cpus);
    return name === undefined || perCpu === null ? [] : [{ name, perCpu }];
  });
}

/** The columns' CPUs; no other table is that wide, and a header that names a CPU twice is none. */
function columnsOf(header: string): number[] {
  const cpus = [...header.matchAll(/\bCPU(\d{1,4})\b/g)].map((match) => Number(match[1]));
  return new Set(cpus).size === cpus.length ? cpus : [];
}

function countsOf(cells: readonly string[], cpus: readonly number[]): Map<number, number> | null {
  if (cpus.length === 0 || cells.length < cpus.length) return null;
  const counts = new Map<number, number>();
  for (const [column, cpu] of cpus.entries()) {
    const cell = cells[column] ?? '';
    if (!/^\d{1,15}$/.test(cell)) return null;
    counts.set(cpu, Number(cell));
  }
  return counts;
}

/** After the counts: controller, hardware number with trigger, then who uses it ("IO-APIC 2-edge timer"); nobody, when it is free. */
function userOf(cells: readonly string[]): string {
  const trigger = cells.findIndex((cell) => /^\d+(?:-\w+)?$/.test(cell) || cell === 'None');
  return cells.slice(trigger + 1).join(' ');
}
