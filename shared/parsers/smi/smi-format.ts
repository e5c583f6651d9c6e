import { ok, type Result } from '../../contract/result.ts';
import { outputLines } from '../tool-text/output-lines.ts';
import { Remarks } from '../tool-text/remarks.ts';
import type { ToolOutput } from '../tool-output.ts';

export interface SmiOutput extends ToolOutput {
  readonly tool: 'smi';
  /** Each reading: the counter of every online CPU, in CPU order. */
  readonly readings: ReadonlyArray<readonly number[]>;
}

/** MSR_SMI_COUNT has 32 bits. */
const largest = 0xffff_ffff;

/**
 * `parse smi`: what `rdmsr -a -d 0x34` printed, once (SMIs since the processor was reset) or several times with an empty
 * line between (SMIs from the first to the last reading). In a VM the figures are invented by the hypervisor.
 */
export const smiFormat = {
  title: 'SMI counts: rdmsr -a -d 0x34, one reading or several with an empty line between',
  parse(text: string): Result<SmiOutput> {
    const remarks = new Remarks('rdmsr', [
      { pattern: /^rdmsr: open: |^rdmsr: No CPU /, meaning: 'the MSR driver is not loaded, so SMIs cannot be counted', next: 'Load it: modprobe msr.' },
      { pattern: /Segmentation fault/, meaning: 'rdmsr crashed, as it does without /dev/cpu, so SMIs cannot be counted', next: 'Load the MSR driver: modprobe msr.' },
      { pattern: /cannot read MSR|pread: /, meaning: 'this processor has no SMI counter', next: 'Look for SMIs with hwlatdetect.' },
    ]);
    const readings: number[][] = [];
    let current: number[] | null = null;
    for (const line of outputLines(text)) {
      remarks.reached(line);
      const count = /^\d{1,10}$/.test(line.text) && line.ended ? Number(line.text) : Infinity;
      if (count <= largest) {
        if (current === null) readings.push(current = []);
        current.push(count);
      } else {
        if (line.text === '') current = null;
        remarks.take(line);
      }
    }
    const [first, last] = [readings[0], readings[readings.length - 1]];
    if (first === undefined || last === undefined) return remarks.unreadable();
    const same = readings.every(({ length }) => length === first.length);
    const isDelta = readings.length > 1 && same;
    const counts = last.map((count, i) => (isDelta ? (count - (first[i] ?? 0) + largest + 1) % (largest + 1) : count));
    const span = isDelta ? 'between the readings' : 'since reset';
    return ok({
      tool: 'smi', version: null, distributions: [], readings,
      scalars: counts.map((value, i) => ({ name: `SMIs ${span}, CPU ${i} of those online`, value, unit: 'count' })),
      warnings: [...(same ? [] : ['The readings are of different numbers of CPUs, so the last one is given alone.']), ...remarks.all()],
    });
  },
} as const;
