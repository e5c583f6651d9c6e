import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { inProject } from '../../build/lib/project-root.mjs';
import type { Benchmark } from './benchmark.ts';

const limitBytes = 400_000;

/** All that a window loads of the user interface, as gzip would send it. */
export const benchmark: Benchmark = {
  name: 'size of the user interface',
  run: async () => {
    const folder = inProject('dist', 'renderer', 'assets');
    const sizes = readdirSync(folder).map((name) => ({ name, bytes: gzipSync(readFileSync(`${folder}/${name}`)).length }));
    const totalBytes = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
    return {
      figures: [...sizes, { name: 'all', bytes: totalBytes }].map(({ name, bytes }) => ({ name, value: bytes / 1_000, unit: 'kB gzip' })),
      ratios: [{ name: 'gzip size ÷ 400 kB', value: totalBytes / limitBytes, limit: 1 }],
    };
  },
};
