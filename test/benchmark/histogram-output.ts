export const threads = 64;
export const buckets = 30_000;

/** What `cyclictest -h 30000 -t 64` prints at its end, a third of the counts not zero. */
export function histogramOutput(): string {
  const lines = ['# /dev/cpu_dma_latency set to 0us', '# Histogram'];
  const totals = new Array<number>(threads).fill(0);
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    const counts = totals.map((total, thread) => {
      const count = (bucket * 7 + thread) % 3 === 0 ? (bucket * 31 + thread) % 5_000 : 0;
      totals[thread] = total + count;
      return String(count).padStart(6, '0');
    });
    lines.push(`${String(bucket).padStart(6, '0')} ${counts.join('\t')}`);
  }
  const six = (value: number) => String(value).padStart(5, '0');
  const row = (title: string, values: readonly (number | string)[]) => `# ${title}: ${values.join(' ')}`;
  const none = totals.map(() => six(0));
  lines.push(
    row('Total', totals.map((total) => String(total).padStart(9, '0'))), row('Min Latencies', none), row('Avg Latencies', totals.map(() => six(14_000))),
    row('Max Latencies', totals.map(() => six(buckets - 1))), row('Histogram Overflows', none), '# Histogram Overflow at cycle number:',
    ...totals.map((_, thread) => `# Thread ${thread}: `), '',
  );
  return lines.join('\n');
}
