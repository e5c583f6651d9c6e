import type { OutputLine } from '../tool-text/output-lines.ts';
import type { Tracer } from './rtla-top.ts';

/** What rtla found when a limit was hit: which CPU, and what the latency was made of. */
export interface RtlaAnalysis {
  readonly cpu: number;
  /** Each named part in µs, with its share of the whole in percent where rtla gives one. */
  readonly parts: ReadonlyArray<{ readonly name: string; readonly us: number; readonly percent: number | null }>;
  /** Functions from the innermost outwards, of the thread that was running. */
  readonly stack: readonly string[];
}

/** Reads the auto-analysis that rtla 6.3 and later print after `hit stop tracing`. */
export class RtlaAnalyses {
  stoppedTracer: Tracer | null = null;
  readonly analyses: RtlaAnalysis[] = [];
  private parts: Array<{ name: string; us: number; percent: number | null }> = [];
  private stack: string[] = [];
  private reading = false;

  take(line: OutputLine): boolean {
    const text = line.text.trim();
    const stopped = /^(?:rtla )?(timerlat|osnoise|hwnoise) hit stop tracing$/.exec(text)?.[1];
    if (stopped === 'timerlat' || stopped === 'osnoise' || stopped === 'hwnoise') {
      this.stoppedTracer = stopped;
      return true;
    }
    const cpu = /^## CPU (\d{1,6}) hit stop tracing, analyzing it ##$/.exec(text)?.[1];
    if (cpu !== undefined) {
      this.parts = [];
      this.stack = [];
      this.analyses.push({ cpu: Number(cpu), parts: this.parts, stack: this.stack });
      this.reading = true;
      return true;
    }
    if (/^Saving trace to \S/.test(text)) return true;
    return this.reading && this.takePart(line, text);
  }

  private takePart(line: OutputLine, text: string): boolean {
    const call = /^-> (\S{1,200})$/.exec(text)?.[1];
    if (call !== undefined) this.stack.push(call);
    else if (line.ended) {
      const part = /^(.{1,120}?):?\s+(\d{1,12}\.\d{2}) us(?: \(\s*(\d{1,3}(?:\.\d{1,2})?) ?%\)| in cpu \d{1,6})?$/.exec(text);
      if (part !== null) this.parts.push({ name: nameOf(part[1] ?? ''), us: Number(part[2]), percent: part[3] === undefined ? null : Number(part[3]) });
      else return /^(?:-{20,}|[\w ]{1,60}:?(?: stack trace)?|.{0,60}:\d{1,12})$/.test(text);
    }
    return true;
  }
}

/** “IRQ handler delay:   (exit from idle)” → “IRQ handler delay (exit from idle)”. */
const nameOf = (text: string) => text.replace(/:(?=\s|$)/g, '').replace(/\s+/g, ' ').trim();
