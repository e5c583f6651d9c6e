import { z } from 'zod';

/** Set of CPU numbers, sorted, without duplicates. In JSON always an array of numbers. */
export const cpuListSchema = z.array(z.number().int().min(0).max(8191));
export type CpuList = z.infer<typeof cpuListSchema>;
