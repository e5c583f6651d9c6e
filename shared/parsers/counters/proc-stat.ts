/** Seconds since boot a CPU spent: proc(5). `stealSeconds`: the host ran something else although this CPU had work. */
export interface CpuTimes {
  readonly userSeconds: number;
  readonly systemSeconds: number;
  readonly idleSeconds: number;
  readonly irqSeconds: number;
  readonly softirqSeconds: number;
  readonly stealSeconds: number;
  readonly guestSeconds: number;
}
export interface ProcStat {
  readonly cpuTimes: ReadonlyMap<number, CpuTimes>;
  readonly contextSwitches: number | null;
  readonly bootEpochSeconds: number | null;
}

/** Times stand in hundredths of a second on every x86 Linux (USER_HZ). */
const ticksPerSecond = 100;

/** The lines `cpuN`, `ctxt` and `btime` of /proc/stat. Total. */
export function parseProcStat(text: string): ProcStat {
  const cpuTimes = new Map<number, CpuTimes>();
  let contextSwitches: number | null = null;
  let bootEpochSeconds: number | null = null;
  for (const line of text.split('\n')) {
    const [name = '', ...cells] = line.trim().split(/\s+/);
    if (cells.length === 0 || !cells.every((cell) => /^\d{1,15}$/.test(cell))) continue;
    const values = cells.map(Number);
    const seconds = (...fields: number[]): number => fields.reduce((sum, field) => sum + (values[field] ?? 0), 0) / ticksPerSecond;
    const cpu = /^cpu(\d{1,4})$/.exec(name)?.[1];
    if (cpu !== undefined && values.length >= 4) {
      cpuTimes.set(Number(cpu), {
        userSeconds: seconds(0, 1), systemSeconds: seconds(2), idleSeconds: seconds(3, 4), irqSeconds: seconds(5), softirqSeconds: seconds(6),
        stealSeconds: seconds(7), guestSeconds: seconds(8, 9),
      });
    } else if (name === 'ctxt') contextSwitches = values[0] ?? null;
    else if (name === 'btime') bootEpochSeconds = values[0] ?? null;
  }
  return { cpuTimes, contextSwitches, bootEpochSeconds };
}
