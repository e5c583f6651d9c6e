import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { projectRoot } from './project-root.mjs';

/** @typedef {import('./vitest-reporter.mjs').TestOutcome} TestOutcome */

/** Writes what became of every spec to the file named in RTVM_TEST_SUMMARY, as TestOutcome[]. */
export default class SummaryReporter {
  /** @type {TestOutcome[]} */
  #outside = [];
  /** @type {import('@playwright/test/reporter').Suite | undefined} */
  #suite;

  /**
   * @param {import('@playwright/test/reporter').FullConfig} _config
   * @param {import('@playwright/test/reporter').Suite} suite
   */
  onBegin(_config, suite) {
    this.#suite = suite;
  }

  /** @param {import('@playwright/test/reporter').TestError} error */
  onError(error) {
    this.#outside.push({ file: '', name: 'outside of any spec', state: 'failed', reason: error.message ?? String(error.value) });
  }

  onEnd() {
    const outcomes = (this.#suite?.allTests() ?? []).map((test) => ({
      file: relative(projectRoot, test.location.file), name: test.titlePath().filter((part) => part !== '').join(' › '), ...outcomeOf(test),
    }));
    writeFileSync(process.env['RTVM_TEST_SUMMARY'] ?? '', JSON.stringify([...this.#outside, ...outcomes]));
  }
}

/**
 * @param {import('@playwright/test/reporter').TestCase} test
 * @returns {Pick<TestOutcome, 'state' | 'reason'>}
 */
function outcomeOf(test) {
  if (test.outcome() === 'expected') return { state: 'passed', reason: '' };
  if (test.outcome() === 'skipped') return { state: 'skipped', reason: skipReason(test) };
  return { state: 'failed', reason: test.results.at(-1)?.error?.message ?? 'It never ended.' };
}

/** @param {import('@playwright/test/reporter').TestCase} test */
function skipReason(test) {
  const annotations = [...test.annotations, ...test.results.flatMap((result) => result.annotations)];
  return annotations.find((annotation) => annotation.type === 'skip')?.description ?? '';
}
