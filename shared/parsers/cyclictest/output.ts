import { z } from 'zod';
import { threadResultSchema } from '../../model/run.ts';

/** One output of cyclictest. Latencies are µs; where cyclictest measured in ns (`-N`), fractions of a µs. */
export const cyclictestOutputSchema = z.object({
  tool: z.literal('cyclictest'),
  /** As printed, with two decimals: "2.40" is 2.4, and "2.10" is printed by both 2.1 and 2.10. Most forms of output do not tell. */
  version: z.string().nullable(),
  /** Which part of the output the figures were taken from, the most exact there was. */
  form: z.enum(['json', 'histogram', 'summary', 'verbose']),
  /** The unit that cyclictest itself measured in. */
  unit: z.enum(['us', 'ns']),
  /** Whether the output reaches the end that cyclictest gives it; a killed or cut run, or a status of a running one, does not. */
  complete: z.boolean(),
  threads: z.array(threadResultSchema),
  /** Values from here on are counted as overflow; null where there is no histogram or the output does not tell. */
  histogramBoundUs: z.number().nullable(),
  /** `sysinfo.realtime` of the JSON report: `/sys/kernel/realtime`, which mainline PREEMPT_RT kernels do not have, so false proves nothing. */
  realtimeFlag: z.boolean().optional(),
  /** The value cyclictest held in `/dev/cpu_dma_latency`; absent when it did not hold it, or does not say. */
  dmaLatencyUs: z.number().optional(),
  /** Given with `-b`. The exit status is 0 whether it was hit or not, so this decides. */
  breaktrace: z.object({
    threadIds: z.array(z.number()),
    hit: z.object({ threadId: z.number(), index: z.number().nullable(), valueUs: z.number().nullable() }).nullable(),
  }).optional(),
  /** Given with `--spike`: `total` counts all, `list` holds as many as cyclictest had room for. */
  spikes: z.object({
    total: z.number().nullable(),
    list: z.array(z.object({ index: z.number(), valueUs: z.number(), atMonotonicUs: z.number() })),
  }).optional(),
  /** Cycle numbers of the first overflows of each thread, and how many more there were. */
  overflowCycles: z.array(z.object({ index: z.number(), cycles: z.array(z.number()), others: z.number() })).optional(),
  /** System management interrupts per thread, with `--smi`. */
  smiCounts: z.array(z.number()).optional(),
  warnings: z.array(z.string()),
});
export type CyclictestOutput = z.infer<typeof cyclictestOutputSchema>;

export type Unit = CyclictestOutput['unit'];
