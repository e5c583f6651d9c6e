import { writeFileSync } from 'node:fs';

/** Writes what became of every spec to the file named in RTVM_TEST_SUMMARY. */
export default class SummaryReporter {
  /** @type {import('./vitest-reporter.mjs').Summary} */
  #summary = { passed: 0, failed: [], skipped: [] };
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
    this.#summary.failed.push({ name: 'outside of any spec', reason: error.message ?? String(error.value) });
  }

  onEnd() {
    for (const test of this.#suite?.allTests() ?? []) {
      const name = test.titlePath().filter((part) => part !== '').join(' › ');
      const result = test.results.at(-1);
      if (test.outcome() === 'expected') this.#summary.passed += 1;
      else if (test.outcome() === 'skipped') this.#summary.skipped.push({ name, reason: skipReason(test) });
      else this.#summary.failed.push({ name, reason: result?.error?.message ?? 'It never ended.' });
    }
    writeFileSync(process.env['RTVM_TEST_SUMMARY'] ?? '', JSON.stringify(this.#summary));
  }
}

/** @param {import('@playwright/test/reporter').TestCase} test */
function skipReason(test) {
  const annotations = [...test.annotations, ...test.results.flatMap((result) => result.annotations)];
  return annotations.find((annotation) => annotation.type === 'skip')?.description ?? '';
}
