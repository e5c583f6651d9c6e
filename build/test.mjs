import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './lib/ensure-built.mjs';
import { ensureInstalled } from './lib/ensure-installed.mjs';
import { ensurePackages } from './lib/ensure-packages.mjs';
import { inProject } from './lib/project-root.mjs';
import { StepFailed, runCommand, runMain, runNode } from './lib/run-command.mjs';

/** @typedef {import('./lib/vitest-reporter.mjs').TestOutcome} TestOutcome */

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

  // Disk images take a quarter of an hour where there are none yet, most of it waiting.
  const images = wanted.includes('emulated') && patterns.length === 0 ? buildImages() : Promise.resolve();
  const reports = [];
  for (const round of vitestRounds) {
    const projects = round.filter((kind) => wanted.includes(kind));
    if (projects.includes('emulated')) await images;
    if (projects.length > 0) reports.push(await runTwice((files) => runVitest(projects, files), patterns));
  }
  if (wanted.includes('e2e')) reports.push(await runTwice(runPlaywright, patterns));
  return tell(reports);
});

/** Builds the images of emulated boards that are missing, beside everything else. Where that cannot be, the tests that need them say so. */
async function buildImages() {
  for (const image of ['real-time', 'generic']) {
    const code = await runCommand('nice', ['-n', '10', process.execPath, inProject('build', 'board.mjs'), '--image', image, '--build-only'], { output: 'ignore' });
    if (code !== 0) return;
  }
}

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
  return withSummary('vitest', (env) => runNode(inProject('node_modules', 'vitest', 'vitest.mjs'), args, { env }));
}

/** @param {readonly string[]} patterns */
function runPlaywright(patterns) {
  const args = ['test', `--reporter=line,${inProject('build', 'lib', 'playwright-reporter.mjs')}`, '--pass-with-no-tests', ...patterns];
  return withSummary('playwright', (env) => runNode(inProject('node_modules', '@playwright', 'test', 'cli.js'), args, { env }));
}

/**
 * Runs tests, and the files of those that failed once more, alone. Tests that passed only then are named with why they failed:
 * a race, or a case that chance finds seldom, is a fault all the same.
 * @param {(patterns: readonly string[]) => Promise<TestOutcome[]>} run
 * @param {readonly string[]} patterns
 * @returns {Promise<{ outcomes: TestOutcome[], late: TestOutcome[] }>}
 */
async function runTwice(run, patterns) {
  const first = await run(patterns);
  const failed = first.filter(({ state }) => state === 'failed');
  const files = [...new Set(failed.map(({ file }) => file))];
  if (failed.length === 0 || files.includes('') || files.length > 4) return { outcomes: first, late: [] };
  console.log(`\nOnce more, alone: ${files.join(', ')}`);
  const second = await run(files);
  const passed = new Set(second.filter(({ state }) => state === 'passed').map(({ name }) => name));
  return { outcomes: [...first.filter(({ file }) => !files.includes(file)), ...second], late: failed.filter(({ name }) => passed.has(name)) };
}

/**
 * A runner that fails without naming a test has failed all the same.
 * @param {string} name
 * @param {(env: NodeJS.ProcessEnv) => Promise<number>} run
 * @returns {Promise<TestOutcome[]>}
 */
async function withSummary(name, run) {
  const folder = mkdtempSync(join(tmpdir(), 'rtvm-bench-tests-'));
  try {
    const file = join(folder, 'summary.json');
    const code = await run({ ...process.env, RTVM_TEST_SUMMARY: file });
    /** @type {TestOutcome[]} */
    let outcomes = [];
    try {
      outcomes = JSON.parse(readFileSync(file, 'utf8'));
    } catch {
      outcomes.push({ file: '', name, state: 'failed', reason: 'It ended without a summary.' });
    }
    if (code !== 0 && !outcomes.some(({ state }) => state === 'failed')) outcomes.push({ file: '', name, state: 'failed', reason: `It ended with exit code ${code}.` });
    return outcomes;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {readonly { outcomes: TestOutcome[], late: TestOutcome[] }[]} reports */
function tell(reports) {
  const outcomes = reports.flatMap((report) => report.outcomes);
  const [passed, failed, skipped] = /** @type {const} */ (['passed', 'failed', 'skipped']).map((state) => outcomes.filter((outcome) => outcome.state === state));
  const list = (/** @type {string} */ title, /** @type {readonly TestOutcome[]} */ entries = []) => {
    if (entries.length > 0) console.log(`\n${title}:`);
    for (const { name, reason } of entries) console.log(`  ${name}${reason === '' ? '' : `\n      ${reason.split('\n').slice(0, 6).join('\n      ')}`}`);
  };
  list('Skipped', skipped);
  list('Passed only when tried again, alone', reports.flatMap(({ late }) => late));
  list('Failed', failed);
  console.log(`\n${passed?.length ?? 0} passed, ${failed?.length ?? 0} failed, ${skipped?.length ?? 0} skipped`);
  return failed?.length === 0 ? 0 : 1;
}
