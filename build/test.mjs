import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './lib/ensure-built.mjs';
import { ensureInstalled } from './lib/ensure-installed.mjs';
import { ensurePackages } from './lib/ensure-packages.mjs';
import { inProject } from './lib/project-root.mjs';
import { StepFailed, runMain, runNode } from './lib/run-command.mjs';

/** @typedef {import('./lib/vitest-reporter.mjs').Summary} Summary */

/** What may run side by side. Tests on real boards run after the rest, which would disturb what they measure. */
const vitestRounds = [['unit', 'contract'], ['board'], ['emulated']];
const kinds = [...vitestRounds.flat(), 'e2e'];

/** Sets up what the tests need, runs them, and ends with one line that counts them. */
await runMain(async () => {
  const { only, patterns } = readArguments();
  const wanted = kinds.filter((kind) => only.length === 0 || only.includes(kind));
  await ensureInstalled();
  if (wanted.some((kind) => kind !== 'unit')) await ensurePackages();
  await ensureBuilt(['renderer', 'node', 'preload']);

  const summaries = [];
  for (const round of vitestRounds) {
    const projects = round.filter((kind) => wanted.includes(kind));
    if (projects.length > 0) summaries.push(await runVitest(projects, patterns));
  }
  if (wanted.includes('e2e')) summaries.push(await runPlaywright(patterns));
  return tell(summaries);
});

function readArguments() {
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options: { only: { type: 'string', multiple: true } } });
    const only = values.only ?? [];
    const unknown = only.find((kind) => !kinds.includes(kind));
    if (unknown !== undefined) throw new TypeError(`There are no tests “${unknown}”.`);
    return { only, patterns: positionals };
  } catch (thrown) {
    throw new StepFailed(`${thrown instanceof Error ? thrown.message : String(thrown)}\nnpm test -- [--only ${kinds.join('|')}]… [FILE]…`);
  }
}

/**
 * @param {readonly string[]} projects
 * @param {readonly string[]} patterns
 */
function runVitest(projects, patterns) {
  const args = ['run', '--reporter=default', `--reporter=${inProject('build', 'lib', 'vitest-reporter.mjs')}`, '--passWithNoTests', ...(projects.includes('emulated') ? ['--maxWorkers=2'] : []), ...projects.flatMap((name) => ['--project', name]), ...patterns];
  return runWithSummary('vitest', (env) => runNode(inProject('node_modules', 'vitest', 'vitest.mjs'), args, { env }));
}

/** @param {readonly string[]} patterns */
function runPlaywright(patterns) {
  const args = ['test', `--reporter=line,${inProject('build', 'lib', 'playwright-reporter.mjs')}`, '--pass-with-no-tests', ...patterns];
  return runWithSummary('playwright', (env) => runNode(inProject('node_modules', '@playwright', 'test', 'cli.js'), args, { env }));
}

/**
 * A runner that fails without naming a test has failed all the same.
 * @param {string} name
 * @param {(env: NodeJS.ProcessEnv) => Promise<number>} run
 * @returns {Promise<Summary>}
 */
async function runWithSummary(name, run) {
  const folder = mkdtempSync(join(tmpdir(), 'rtvm-bench-tests-'));
  try {
    const file = join(folder, 'summary.json');
    const code = await run({ ...process.env, RTVM_TEST_SUMMARY: file });
    /** @type {Summary} */
    let summary = { passed: 0, failed: [], skipped: [] };
    try {
      summary = JSON.parse(readFileSync(file, 'utf8'));
    } catch {
      summary.failed.push({ name, reason: 'It ended without a summary.' });
    }
    if (code !== 0 && summary.failed.length === 0) summary.failed.push({ name, reason: `It ended with exit code ${code}.` });
    return summary;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {readonly Summary[]} summaries */
function tell(summaries) {
  const passed = summaries.reduce((sum, summary) => sum + summary.passed, 0);
  const failed = summaries.flatMap((summary) => summary.failed);
  const skipped = summaries.flatMap((summary) => summary.skipped);
  const list = (/** @type {string} */ title, /** @type {import('./lib/vitest-reporter.mjs').NamedReason[]} */ entries) => {
    if (entries.length > 0) console.log(`\n${title}:`);
    for (const { name, reason } of entries) console.log(`  ${name}${reason === '' ? '' : `\n      ${reason.split('\n').slice(0, 6).join('\n      ')}`}`);
  };
  list('Skipped', skipped);
  list('Failed', failed);
  console.log(`\n${passed} passed, ${failed.length} failed, ${skipped.length} skipped`);
  return failed.length > 0 ? 1 : 0;
}
