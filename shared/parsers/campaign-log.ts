/** CPU time of a whole machine since it was started, in ticks, as /proc/stat's first line has it. */
export interface CpuTime { readonly atSeconds: number; readonly busyTicks: number; readonly totalTicks: number }

/** What a board did for one cell. Times are seconds since the board was started. */
export interface CampaignRow {
  readonly cell: number;
  beganAtSeconds: number | null;
  /** When the run had been started. */
  runStartedAtSeconds: number | null;
  runEndedAtSeconds: number | null;
  loadStartedAtSeconds: number | null;
  loadStoppedAtSeconds: number | null;
  /** CPUs that the load kept busy; null: it was not at work, or that is not known. */
  loadBefore: LoadReading | null;
  loadAfter: LoadReading | null;
  /** The load could not be ended, in the board's words. */
  loadLeft: string | null;
  cpuBefore: CpuTime | null;
  cpuAfter: CpuTime | null;
  /** Why there is no measurement, in the board's words. */
  missing: string | null;
  done: boolean;
}

export interface LoadReading { readonly atSeconds: number; readonly state: string; readonly busyCpus: number }

export interface CampaignLog {
  readonly bootId: string | null;
  /** Whether the table began, and when. */
  readonly beganAtSeconds: number | null;
  readonly rows: ReadonlyMap<number, CampaignRow>;
  readonly end: { readonly why: string; readonly atSeconds: number } | null;
  /** Lines that could not be read, from 1. A last line without its end is one that is still being written. */
  readonly unreadable: readonly number[];
}

/**
 * Reads the log a board writes while it carries out its part of a campaign. Total: a line that is none is named and the others
 * count. Every record is one line that ends in ` ;`, times are hundredths of a second since the board was started:
 *
 *     rtvm-bench-campaign 1 · boot UUID · began TIME
 *     row CELL began TIME · row CELL missing TIME WORDS… · row CELL done TIME
 *     run CELL started|ended TIME · load CELL started|stopped TIME · load CELL left TIME WORDS…
 *     load CELL before|after TIME STATE TICKS TICKS_A_SECOND HUNDREDTHS · cpu CELL before|after TIME USER NICE SYSTEM IDLE IOWAIT IRQ SOFTIRQ STEAL …
 *     end completed|cancelled|terminated|disk-full TIME
 */
export function parseCampaignLog(text: string): CampaignLog {
  const rows = new Map<number, CampaignRow>();
  const unreadable: number[] = [];
  let bootId: string | null = null;
  let beganAtSeconds: number | null = null;
  let end: CampaignLog['end'] = null;
  const lines = text.split('\n');
  lines.pop();
  lines.forEach((line, at) => {
    const words = line.endsWith(' ;') ? line.slice(0, -2).split(' ') : [];
    const [kind = '', first = '', second = '', third = '', ...rest] = words;
    if (kind === 'rtvm-bench-campaign' && first === '1') return;
    if (kind === 'boot' && first !== '') { bootId = first; return; }
    if (kind === 'began' && timeOf(first) !== null) { beganAtSeconds = timeOf(first); return; }
    const endedAt = timeOf(second);
    if (kind === 'end' && endedAt !== null) { end = { why: first, atSeconds: endedAt }; return; }
    const cell = /^\d{1,6}$/.test(first) ? Number(first) : null;
    const atSeconds = timeOf(third);
    if (cell === null || atSeconds === null || !take(rows, cell, `${kind} ${second}`, atSeconds, rest)) unreadable.push(at + 1);
  });
  return { bootId, beganAtSeconds, rows, end, unreadable };
}

/** CPUs that were busy on average between two readings; null where that cannot be told. */
export function busyBetween(before: CpuTime | null, after: CpuTime | null): number | null {
  if (before === null || after === null) return null;
  const seconds = after.atSeconds - before.atSeconds;
  const total = after.totalTicks - before.totalTicks;
  const busy = after.busyTicks - before.busyTicks;
  // 100 ticks a second is what /proc/stat counts in (USER_HZ) on every x86 kernel.
  return seconds > 0 && total > 0 && busy >= 0 ? busy / 100 / seconds : null;
}

function take(rows: Map<number, CampaignRow>, cell: number, what: string, atSeconds: number, rest: readonly string[]): boolean {
  const row = rows.get(cell) ?? emptyRow(cell);
  switch (what) {
    case 'row began': row.beganAtSeconds = atSeconds; break;
    case 'row missing': row.missing = rest.join(' '); break;
    case 'row done': row.done = true; break;
    case 'run started': row.runStartedAtSeconds = atSeconds; break;
    case 'run ended': row.runEndedAtSeconds = atSeconds; break;
    case 'load started': row.loadStartedAtSeconds = atSeconds; break;
    case 'load stopped': row.loadStoppedAtSeconds = atSeconds; break;
    case 'load left': row.loadLeft = rest.join(' '); break;
    case 'load before': case 'load after': {
      const reading = loadReading(atSeconds, rest);
      if (reading === null) return false;
      if (what === 'load before') row.loadBefore = reading;
      else row.loadAfter = reading;
      break;
    }
    case 'cpu before': case 'cpu after': {
      const reading = cpuTime(atSeconds, rest);
      if (reading === null) return false;
      if (what === 'cpu before') row.cpuBefore = reading;
      else row.cpuAfter = reading;
      break;
    }
    default: return false;
  }
  rows.set(cell, row);
  return true;
}

function loadReading(atSeconds: number, [state = '', ...figures]: readonly string[]): LoadReading | null {
  const [ticks, perSecond, hundredths] = figures.map(numberOf);
  if (state === '' || ticks == null || perSecond == null || hundredths == null) return null;
  const busyCpus = perSecond > 0 && hundredths > 0 ? Math.max(0, ticks / perSecond / (hundredths / 100)) : 0;
  return { atSeconds, state, busyCpus };
}

/** Guest time is part of user time; idling, waiting for a disk and what a host took away is not being busy. Source: proc_stat(5). */
function cpuTime(atSeconds: number, words: readonly string[]): CpuTime | null {
  const ticks = words.slice(0, 8).map(numberOf);
  if (ticks.length < 4 || ticks.some((tick) => tick === null)) return null;
  const total = ticks.reduce<number>((sum, tick) => sum + (tick ?? 0), 0);
  return { atSeconds, totalTicks: total, busyTicks: total - (ticks[3] ?? 0) - (ticks[4] ?? 0) - (ticks[7] ?? 0) };
}

const numberOf = (word: string): number | null => (/^-?\d{1,15}$/.test(word) ? Number(word) : null);
const timeOf = (word: string): number | null => (/^\d{1,13}$/.test(word) ? Number(word) / 100 : null);

const emptyRow = (cell: number): CampaignRow => ({
  cell, beganAtSeconds: null, runStartedAtSeconds: null, runEndedAtSeconds: null, loadStartedAtSeconds: null, loadStoppedAtSeconds: null,
  loadBefore: null, loadAfter: null, loadLeft: null, cpuBefore: null, cpuAfter: null, missing: null, done: false,
});
