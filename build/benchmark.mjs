import { readdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './lib/ensure-built.mjs';
import { ensureInstalled } from './lib/ensure-installed.mjs';
import { inProject, projectRoot } from './lib/project-root.mjs';
import { runMain } from './lib/run-command.mjs';

/** @typedef {import('../test/benchmark/benchmark.ts').Benchmark} Benchmark */

/** Runs test/benchmark/*.bench.ts (or those whose names contain an argument) one after the other; a ratio over its limit fails. */
await runMain(async () => {
  await ensureInstalled();
  await ensureBuilt(['renderer', 'node', 'preload']);
  const wanted = process.argv.slice(2);
  const files = readdirSync(inProject('test', 'benchmark')).filter((name) => name.endsWith('.bench.ts') && (wanted.length === 0 || wanted.some((part) => name.includes(part))));
  const names = files.sort().map((file) => file.replace('.bench.ts', ''));
  await bundle(names);
  const over = [];
  for (const name of names) {
    const module = await import(pathToFileURL(inProject('dist', 'benchmark', `${name}.mjs`)).href);
    over.push(...(await run(module.benchmark)));
  }
  console.log(over.length === 0 ? '\nEvery ratio holds.' : `\nOver the limit: ${over.join('; ')}.`);
  return over.length === 0 ? 0 : 1;
});

/**
 * Bundled as the application is, so that what is measured is what ships.
 * @param {readonly string[]} names
 */
async function bundle(names) {
  const { build } = await import('vite');
  await build({
    root: projectRoot, configFile: false, publicDir: false, logLevel: 'warn',
    build: {
      ssr: true, outDir: 'dist/benchmark', emptyOutDir: true, target: 'node20', minify: false,
      rolldownOptions: {
        checks: { pluginTimings: false },
        input: Object.fromEntries(names.map((name) => [name, `test/benchmark/${name}.bench.ts`])),
        external: [/\/build\/lib\//],
        output: { entryFileNames: '[name].mjs', chunkFileNames: 'chunks/[name]-[hash].mjs' },
      },
    },
  });
}

/**
 * @param {Benchmark} benchmark
 * @returns {Promise<string[]>} the ratios over their limits
 */
async function run(benchmark) {
  console.log(`\n${benchmark.name}`);
  const { figures, ratios, skipped } = await benchmark.run();
  if (skipped !== undefined) console.log(`  skipped: ${skipped}`);
  for (const { name, value, unit } of figures) console.log(`  ${name.padEnd(44)} ${rounded(value)} ${unit}`);
  for (const { name, value, limit } of ratios) console.log(`  ${name.padEnd(44)} ${rounded(value)} (at most ${limit})${value <= limit ? '' : '  TOO MUCH'}`);
  return ratios.filter(({ value, limit }) => !(value <= limit)).map(({ name }) => `${benchmark.name}: ${name}`);
}

/** @param {number} value */
function rounded(value) {
  return (Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3)).padStart(8);
}
