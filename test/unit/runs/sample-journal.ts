/** A run journal as the runner writes it, in small: two segments on CPUs 2 and 3. */
const block = (name: string, text: string): string =>
  `b ${name} ;\n${text.split('\n').slice(0, -1).map((line) => `|${line}\n`).join('')}e ${name} ${Buffer.byteLength(text)} ;\n`;

const histogram = (...rows: string[]): string =>
  ['# /dev/cpu_dma_latency set to 0us', '# Histogram', ...rows, ''].join('\n');

export interface SampleOptions {
  readonly end?: string | null;
  readonly owner?: string;
  readonly stderr?: string;
  readonly stdout?: readonly [string, string];
  readonly affinity?: string;
  readonly threads?: string;
}

export const sampleOutput = (counts: readonly [number, number], overflows: readonly [number, number], maxima: readonly [number, number]): string => histogram(
  `000010 ${String(counts[0]).padStart(6, '0')}\t${String(counts[1]).padStart(6, '0')}`,
  '000011 000002\t000003',
  `# Total: ${String(counts[0] + 2).padStart(9, '0')} ${String(counts[1] + 3).padStart(9, '0')}`,
  '# Min Latencies: 00010 00010',
  '# Avg Latencies: 00010 00010',
  `# Max Latencies: ${String(maxima[0]).padStart(5, '0')} ${String(maxima[1]).padStart(5, '0')}`,
  `# Histogram Overflows: ${String(overflows[0]).padStart(5, '0')} ${String(overflows[1]).padStart(5, '0')}`,
  '# Histogram Overflow at cycle number:',
  '# Thread 0:',
  '# Thread 1:',
  '',
);

const stat = (tid: number, cpu: number, priority: number, policy: number): string =>
  `${tid} (cyclictest) S 1 1 1 0 -1 4194624 33 0 0 0 2 1 0 0 -81 0 3 0 212083 145346560 2705 184 9 9 9 9 9 0 0 0 0 0 0 0 -1 ${cpu} ${priority} ${policy} 0 0 0 0\n`;

const placedThreads = stat(500, 0, 0, 0) + stat(501, 2, 95, 1) + stat(502, 3, 95, 1) + stat(503, 0, 0, 0);
const placedAffinity = [[500, '0-1'], [501, '2'], [502, '3'], [503, '0-1']]
  .map(([tid, list]) => `/proc/500/task/${tid}/status:Cpus_allowed_list:\t${list}\n`).join('');

export function sampleJournal(options: SampleOptions = {}): Buffer {
  const [first, second] = options.stdout ?? [sampleOutput([997, 994], [0, 3], [11, 120]), sampleOutput([998, 997], [0, 0], [11, 11])];
  const counters = (at: string, timer: number): string => `counters ${at} ;\n${block('interrupts', `           CPU0\nLOC: ${timer}\n`)}${block('stat', 'cpu 1 2 3\n')}`;
  const placement = block('threads', options.threads ?? placedThreads) + block('affinity', options.affinity ?? placedAffinity);
  const stderr = options.stderr === undefined ? '' : block('stderr', options.stderr);
  const text = [
    'rtvm-bench-journal 1 ;\nrun demo-1 ;\nboot 65f5f39a-4ed5-4178-bfec-51258e57552f ;\nstart 1795208408 2120.78 ;\nplan 2-3 1 2 1 ;\nroot yes ;\n',
    'fact kernel 6.1.0-rt ;\nfact online 0-3 ;\nfact isolated 2-3 ;\n', block('owner', `${options.owner ?? 'ana@laptop'}\n`),
    counters('2120.79', 100), block('command', 'cyclictest\n-q\n-a\n2-3\n'),
    'segment 1 2121.00 1 ;\ns 2121.50 500,10,10,10,11 500,10,10,10,120 ;\n', placement, 's 2121.90 900,10,10,10,11 900,10,10,10,120 ;\n',
    block('stdout', first), stderr, 'end-segment 1 2122.01 0 ;\n', counters('2122.02', 200),
    'segment 2 2122.11 1 ;\ns 2122.60 500,10,10,10,11 500,10,10,10,11 ;\n', placement,
    block('stdout', second), 'end-segment 2 2123.12 0 ;\n', counters('2123.13', 300),
  ].join('');
  const end = options.end === undefined ? 'end completed - 2123.14 - ;\n' : options.end ?? '';
  return Buffer.from(text + end);
}
