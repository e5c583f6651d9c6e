import type { OutputLine } from '../tool-text/output-lines.ts';

export type Tracer = 'timerlat' | 'osnoise' | 'hwnoise';

/** Latencies of one kind on one CPU in the unit of the table; null where rtla prints “-”, which is before the first one. */
export interface TopLatency { readonly cpu: number; readonly kind: string; readonly count: number; readonly min: number | null; readonly avg: number | null; readonly max: number | null }

/** A row of osnoise or hwnoise: its columns by their heads, `Period` being how many there were. */
export interface TopNoise { readonly cpu: number; readonly columns: ReadonlyMap<string, number> }

export interface TopTable {
  readonly tracer: Tracer;
  readonly unit: 'us' | 'ns';
  readonly durationSeconds: number | null;
  readonly latencies: readonly TopLatency[];
  readonly noises: readonly TopNoise[];
}

interface Draft { readonly tracer: Tracer; unit: 'us' | 'ns'; durationSeconds: number | null; kinds: string[]; heads: readonly string[]; rows: Set<number>; latencies: TopLatency[]; noises: TopNoise[] }

const titles: ReadonlyArray<readonly [title: string, tracer: Tracer]> = [['Timer Latency', 'timerlat'], ['Operating System Noise', 'osnoise'], ['Hardware-related Noise', 'hwnoise']];
const noiseHeads = ['Period', 'Runtime', 'Noise', '% CPU Aval', 'Max Noise', 'Max Single', 'HW', 'NMI', 'IRQ', 'Softirq', 'Thread'];

/** Reads the tables of `rtla … top` and `rtla hwnoise`. Of a display that repaints, the last whole table counts. */
export class RtlaTop {
  private draft: Draft | null = null;
  private whole: Draft | null = null;

  /** A display clears the terminal before it begins again: a second table without that, or one of another tracer, is of another run. */
  isOfAnother(line: OutputLine): boolean {
    const title = line.text.trim();
    const tracer = titles.find(([known]) => known === title)?.[1];
    const shown = this.draft ?? this.whole;
    return tracer !== undefined && shown !== null && (!line.repaint || shown.tracer !== tracer);
  }

  /** False when the line belongs to no such table. */
  take(line: OutputLine): boolean {
    const text = line.text.trim();
    const tracer = titles.find(([title]) => title === text)?.[1];
    if (tracer !== undefined) {
      this.keep();
      this.draft = { tracer, unit: 'us', durationSeconds: null, kinds: [], heads: [], rows: new Set(), latencies: [], noises: [] };
      return true;
    }
    const { draft } = this;
    if (draft === null) return false;
    if (/^-+(?:\|-+)+$/.test(text) || /^ALL #\d+\s/.test(text)) return true;
    if (takeHeads(draft, text)) return true;
    return line.ended && takeRow(draft, text);
  }

  finish(): TopTable | null {
    this.keep();
    return this.whole;
  }

  private keep(): void {
    if (this.draft !== null && this.draft.rows.size > 0 && this.draft.rows.size >= (this.whole?.rows.size ?? 0)) this.whole = this.draft;
    this.draft = null;
  }
}

/** `days hours:minutes:seconds`, as rtla prints how long it has run. */
export function secondsOf(duration: string): number | null {
  const match = /^(\d{1,6}) (\d{2}):(\d{2}):(\d{2})$/.exec(duration);
  return match === null ? null : Number(match[1]) * 86_400 + Number(match[2]) * 3600 + Number(match[3]) * 60 + Number(match[4]);
}

function takeHeads(draft: Draft, text: string): boolean {
  const noise = /^duration:\s+(\d{1,6} \d{2}:\d{2}:\d{2}) \| time is in (us|ns)$/.exec(text);
  const latency = noise === null ? /^(\d{1,6} \d{2}:\d{2}:\d{2})\s+\|/.exec(text) : null;
  const duration = noise?.[1] ?? latency?.[1];
  if (duration !== undefined) {
    draft.durationSeconds = secondsOf(duration);
    draft.unit = noise?.[2] === 'ns' || (latency !== null && text.includes('(ns)')) ? 'ns' : 'us';
    if (latency !== null) draft.kinds = [...text.matchAll(/\|\s+(IRQ|Thread|Ret user) Timer Latency/g)].map((match) => match[1] ?? '');
    return true;
  }
  if (/^CPU COUNT\s+\|/.test(text)) return true;
  if (!/^CPU Period\s/.test(text)) return false;
  draft.heads = noiseHeads.filter((head) => text.includes(` ${head}`));
  return true;
}

function takeRow(draft: Draft, text: string): boolean {
  const row = /^(\d{1,6}) #(\d{1,15})\s(.*)$/.exec(text);
  if (row === null) return false;
  const [cpu, count, rest = ''] = [Number(row[1]), Number(row[2]), row[3]];
  const taken = draft.tracer === 'timerlat' ? takeLatencies(draft, cpu, count, rest) : takeNoise(draft, cpu, count, rest);
  if (taken) draft.rows.add(cpu);
  return taken;
}

function takeLatencies(draft: Draft, cpu: number, count: number, rest: string): boolean {
  const groups = rest.split('|').slice(1).map((group) => group.trim().split(/ +/));
  if (groups.length === 0 || groups.length !== draft.kinds.length || draft.rows.has(cpu)) return false;
  if (!groups.every((group) => group.length === 4 && group.every((cell) => cell === '-' || /^\d{1,15}$/.test(cell)))) return false;
  groups.forEach(([, min, avg, max], i) => {
    const figure = (cell: string | undefined) => (cell === undefined || cell === '-' ? null : Number(cell));
    draft.latencies.push({ cpu, kind: draft.kinds[i] ?? '', count: max === '-' ? 0 : count, min: figure(min), avg: figure(avg), max: figure(max) });
  });
  return true;
}

function takeNoise(draft: Draft, cpu: number, periods: number, rest: string): boolean {
  const cells = rest.trim().split(/ +/);
  if (cells.length !== draft.heads.length - 1 || !cells.every((cell) => /^\d{1,15}(?:\.\d{1,6})?$/.test(cell)) || draft.rows.has(cpu)) return false;
  draft.noises.push({ cpu, columns: new Map([['Period', periods], ...cells.map((cell, i): [string, number] => [draft.heads[i + 1] ?? '', Number(cell)])]) });
  return true;
}
