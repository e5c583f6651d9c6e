import { readdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './lib/ensure-built.mjs';
import { ensureInstalled } from './lib/ensure-installed.mjs';
import { inProject, projectRoot } from './lib/project-root.mjs';
import { runMain } from './lib/run-command.mjs';

/** @typedef {import('../test/benchmark/benchmark.ts').Benchmark} Benchmark */
/** @typedef {import('../test/benchmark/benchmark.ts').Ratio} Ratio */
/** @typedef {{ name: string, ratios: readonly Ratio[], skipped?: string | undefined, failed?: string }} Outcome */

/** Runs test/benchmark/*.bench.ts (or those whose names contain an argument) one after the other; a ratio over its limit fails, and so does a benchmark that breaks. */
await runMain(async () => {
  await ensureInstalled();
  await ensureBuilt(['renderer', 'node', 'preload']);
  const wanted = process.argv.slice(2);
  const files = readdirSync(inProject('test', 'benchmark')).filter((name) => name.endsWith('.bench.ts') && (wanted.length === 0 || wanted.some((part) => name.includes(part))));
  const names = files.sort().map((file) => file.replace('.bench.ts', ''));
  await bundle(names);
  const startedMs = Date.now();
  /** @type {Outcome[]} */
  const outcomes = [];
  for (const name of names) {
    const module = await import(pathToFileURL(inProject('dist', 'benchmark', `${name}.mjs`)).href);
    outcomes.push(await run(module.benchmark));
  }
  return conclude(outcomes, (Date.now() - startedMs) / 1_000);
});

/**
 * Bundled as the application is, so that what is measured is what ships.
 * @param {readonly string[]} names
 */
async function bundle(names) {
  const { build, loadConfigFromFile } = await import('vite');
  const loaded = await loadConfigFromFile({ command: 'build', mode: 'production' }, inProject('vite.node.config.ts'));
  await build({
    root: projectRoot, configFile: false, publicDir: false, logLevel: 'warn', plugins: loaded?.config.plugins ?? [],
    build: {
      ssr: true, outDir: 'dist/benchmark', emptyOutDir: true, target: 'node20', minify: false,
      rolldownOptions: {
        checks: { pluginTimings: false },
        input: Object.fromEntries(names.map((name) => [name, `test/benchmark/${name}.bench.ts`])),
        external: [/\/build\/(lib|emulated-board)\//],
        output: { entryFileNames: '[name].mjs', chunkFileNames: 'chunks/[name]-[hash].mjs' },
      },
    },
  });
}

/**
 * @param {Benchmark} benchmark
 * @returns {Promise<Outcome>}
 */
async function run({ name, run: measure }) {
  console.log(`\n${name}`);
  const startedMs = Date.now();
  try {
    const { figures, ratios, skipped } = await measure();
    for (const { name: what, value, unit } of figures) console.log(`  ${what.padEnd(50)} ${rounded(value)} ${unit}`);
    if (skipped !== undefined) console.log(`  skipped: ${skipped}`);
    console.log(`  (${((Date.now() - startedMs) / 1_000).toFixed(0)} s)`);
    return { name, ratios, skipped };
  } catch (thrown) {
    console.log(thrown);
    return { name, ratios: [], failed: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

/**
 * The ratios of all benchmarks in one table, and the exit code.
 * @param {readonly Outcome[]} outcomes
 * @param {number} seconds
 */
function conclude(outcomes, seconds) {
  let problems = 0;
  console.log(`\n${'Ratios'.padEnd(52)} ${'measured'.padStart(8)}  at most`);
  for (const { name, ratios, skipped, failed } of outcomes) {
    console.log(name);
    for (const { name: what, value, limit } of ratios) {
      const holds = value <= limit;
      if (!holds) problems += 1;
      console.log(`  ${what.padEnd(50)} ${rounded(value)}  ${String(limit).padEnd(7)} ${holds ? 'holds' : 'TOO MUCH'}`);
    }
    if (skipped !== undefined) console.log(`  skipped: ${skipped}`);
    if (failed !== undefined) {
      problems += 1;
      console.log(`  FAILED: ${failed.split('\n')[0]}`);
    }
  }
  console.log(`\n${problems === 0 ? 'Every ratio holds' : `${problems} of these do not hold`}. ${seconds.toFixed(0)} s.`);
  return problems === 0 ? 0 : 1;
}

/** @param {number} value */
function rounded(value) {
  const text = value === 0 || Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
  return text.padStart(8);
}
