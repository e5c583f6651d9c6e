import { writeFileSync } from 'node:fs';

/** @typedef {{ name: string, reason: string }} NamedReason */
/** @typedef {{ passed: number, failed: NamedReason[], skipped: NamedReason[] }} Summary */

/** Writes what became of every test to the file named in RTVM_TEST_SUMMARY. */
export default class SummaryReporter {
  /**
   * @param {readonly import('vitest/node').TestModule[]} modules
   * @param {readonly { message: string }[]} unhandledErrors
   */
  onTestRunEnd(modules, unhandledErrors) {
    /** @type {Summary} */
    const summary = { passed: 0, failed: unhandledErrors.map((error) => ({ name: 'outside of any test', reason: error.message })), skipped: [] };
    for (const module of modules) {
      for (const error of module.errors()) summary.failed.push({ name: module.relativeModuleId, reason: error.message });
      for (const suite of module.children.allSuites()) {
        for (const error of suite.errors()) summary.failed.push({ name: `${module.relativeModuleId} › ${suite.fullName}`, reason: error.message });
      }
      for (const test of module.children.allTests()) {
        const name = `${module.relativeModuleId} › ${test.fullName}`;
        const result = test.result();
        if (result.state === 'passed') summary.passed += 1;
        else if (result.state === 'failed') summary.failed.push({ name, reason: result.errors.map((error) => error.message).join('\n') });
        else if (result.state === 'skipped') summary.skipped.push({ name, reason: result.note ?? '' });
        else summary.failed.push({ name, reason: 'It never ended.' });
      }
    }
    writeFileSync(process.env['RTVM_TEST_SUMMARY'] ?? '', JSON.stringify(summary));
  }
}
