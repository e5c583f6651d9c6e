import type { MeasuredRun, RunEvidence } from '../../../shared/statistics/validity/run-evidence.ts';
import type { CyclictestRun } from '../../../shared/model/run.ts';
import { parseRunJournal } from '../../../shared/parsers/run-journal.ts';
import { evidenceOfRun } from '../../../shared/statistics/run-conditions.ts';

const block = (name: string, text: string): string => `b ${name} ;\n${text.split('\n').slice(0, -1).map((line) => `|${line}\n`).join('')}e ${name} ${Buffer.byteLength(text)} ;\n`;

/** What one reading counted: rows of /proc/interrupts by CPU 2 and 3, and any other block whole. */
export interface Reading {
  readonly at: number;
  readonly interrupts?: readonly (readonly [line: string, cpu2: number, cpu3: number, name: string])[];
  readonly blocks?: Readonly<Record<string, string>>;
}

/** A reading of the counters as a board prints it. */
export function recordsOf({ at, interrupts = [], blocks = {} }: Reading): string {
  const rows = interrupts.map(([line, cpu2, cpu3, name]) => ` ${line}: 0 0 ${cpu2} ${cpu3} ${/^\d+$/.test(line) ? `PCI-MSIX-0000:01:00.0 1-edge ${name}` : name}\n`).join('');
  const own = { system: 'clocksource tsc\nsched_rt_runtime_us 950000\nonline 0-3\n', interrupts: `           CPU0       CPU1       CPU2       CPU3\n${rows}`, ...blocks };
  return `counters ${at.toFixed(2)} ;\n${Object.entries(own).map(([name, text]) => (text === '' ? '' : block(name, text))).join('')}`;
}

export interface Journal {
  readonly readings: readonly Reading[];
  readonly facts?: Readonly<Record<string, string>>;
  /** Standard output of each part. */
  readonly stdout?: string;
}

/** A journal of a run on CPUs 2 and 3, a part of ten seconds between each two readings. */
export function journalOf({ readings, facts = {}, stdout }: Journal): Buffer {
  const known = { kernel: '6.1.0-rt', 'command-line': 'BOOT_IMAGE=/vmlinuz isolcpus=2-3', isolated: '2-3', 'nohz-full': '2-3', ...facts };
  const head = `rtvm-bench-journal 1 ;\nrun demo-1 ;\nboot boot-a ;\nstart 1795208408 0 ;\nplan 2-3 10 ${(readings.length - 1) * 10} 1 ;\nroot yes ;\n${Object.entries(known).map(([name, value]) => `fact ${name} ${value} ;\n`).join('')}`;
  const parts = readings.map((reading, place) => {
    if (place === 0) return recordsOf(reading);
    const begun = readings[place - 1]?.at ?? 0;
    return `segment ${place} ${(begun + 0.1).toFixed(2)} 10 ;\n${stdout === undefined ? '' : block('stdout', stdout)}end-segment ${place} ${(reading.at - 0.1).toFixed(2)} 0 ;\n${recordsOf(reading)}`;
  });
  return Buffer.from(`${head}${parts.join('')}end completed - ${((readings.at(-1)?.at ?? 0) + 0.1).toFixed(2)} - ;\n`);
}

export const demoRun = (changes: Partial<CyclictestRun['options']> = {}): CyclictestRun => ({
  schema: 1, id: 'demo-1', benchmark: 'cyclictest', boardId: 'b', boardName: 'Bench', snapshotId: null, createdAt: '20261120T141000Z',
  options: { cpus: [2, 3], mainCpus: [0, 1], priority: 95, intervalUs: 1_000, durationSeconds: 10, histogramUs: 100, lockMemory: true, holdDmaLatency: true, segmentSeconds: 10, deadlineUs: null, deadlineFraction: 1, ...changes },
  command: ['cyclictest'], conditions: [], state: 'completed', stateReason: null, bootId: null, endedAt: null, journalSha256: null,
});

export const measuredRun: MeasuredRun = {
  samples: [{ cpu: 2, samples: 10_000 }, { cpu: 3, samples: 10_000 }], expectedSamples: 10_000, measuredSeconds: 9.8, virtualised: false, snapshot: null,
};

export const evidence = (journal: Journal, measured: Partial<MeasuredRun> = {}, options: Partial<CyclictestRun['options']> = {}): RunEvidence =>
  evidenceOfRun(demoRun(options), parseRunJournal(journalOf(journal)), { ...measuredRun, ...measured });
