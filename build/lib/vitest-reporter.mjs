import { writeFileSync } from 'node:fs';

/** @typedef {{ file: string, name: string, state: 'passed' | 'failed' | 'skipped', reason: string }} TestOutcome `file`: below the project, '' where no file is at fault. */

/** Writes what became of every test to the file named in RTVM_TEST_SUMMARY, as TestOutcome[]. */
export default class SummaryReporter {
  /**
   * @param {readonly import('vitest/node').TestModule[]} modules
   * @param {readonly { message: string }[]} unhandledErrors
   */
  onTestRunEnd(modules, unhandledErrors) {
    /** @type {TestOutcome[]} */
    const outcomes = unhandledErrors.map((error) => ({ file: '', name: 'outside of any test', state: 'failed', reason: error.message }));
    for (const module of modules) {
      const file = module.relativeModuleId;
      for (const error of module.errors()) outcomes.push({ file, name: file, state: 'failed', reason: error.message });
      for (const suite of module.children.allSuites()) {
        for (const error of suite.errors()) outcomes.push({ file, name: `${file} › ${suite.fullName}`, state: 'failed', reason: error.message });
      }
      for (const test of module.children.allTests()) outcomes.push({ file, name: `${file} › ${test.fullName}`, ...outcomeOf(test.result()) });
    }
    writeFileSync(process.env['RTVM_TEST_SUMMARY'] ?? '', JSON.stringify(outcomes));
  }
}

/**
 * @param {import('vitest/node').TestResult} result
 * @returns {Pick<TestOutcome, 'state' | 'reason'>}
 */
function outcomeOf(result) {
  switch (result.state) {
    case 'passed': return { state: 'passed', reason: '' };
    case 'failed': return { state: 'failed', reason: result.errors.map((error) => error.message).join('\n') };
    case 'skipped': return { state: 'skipped', reason: result.note ?? '' };
    default: return { state: 'failed', reason: 'It never ended.' };
  }
}
