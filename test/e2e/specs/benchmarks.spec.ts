import { expect, test } from '../host-fixture.ts';
import { BenchPage } from '../pages/bench-page.ts';
import { OverviewPage } from '../pages/overview-page.ts';
import { ResultPage } from '../pages/result-page.ts';
import { ShellPage } from '../pages/shell-page.ts';
import { seriousFindings } from '../support/axe.ts';

test('another benchmark on the practice board: by its question, with its command, to its result', async ({ bench }) => {
  const { page } = bench;
  const shell = new ShellPage(page);
  await shell.openBoard('Practice board');
  await new OverviewPage(page).startReading();
  await expect(new OverviewPage(page).cpu(0)).toBeVisible({ timeout: 20_000 });
  await shell.openStation('Bench');

  const form = new BenchPage(page);
  await form.choose('oslat');
  await expect(form.question).toContainText('busy real-time loop');
  await form.fillValue('Measured CPUs', '4-5');
  await form.fillValue('Buckets, µs', '3');
  await expect(form.whyNot).toContainText('Buckets');
  await form.fillValue('Buckets, µs', '64');
  await form.fillValue('Duration', '3s');
  await expect(form.command).toContainText(/oslat -q -c 4-5 .*-b 64 .*-D 3/);
  expect(await seriousFindings(page)).toEqual([]);
  await form.start();
  await expect(form.newestLines).toContainText('at its end');

  const result = new ResultPage(page);
  await expect(result.verdict).toBeVisible({ timeout: 30_000 });
  await expect(result.latencies.getByRole('row').nth(2)).toContainText(/\d/);
  // Only the page scrolls: what is hidden for the eye must not make the window itself longer.
  expect(await page.evaluate(() => document.documentElement.scrollHeight - window.innerHeight)).toBeLessThanOrEqual(0);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await seriousFindings(page), colorScheme).toEqual([]);
  }

  await shell.openStation('Bench');
  await form.choose('hackbench');
  await form.fillValue('Messages', '50');
  await expect(form.command).toContainText('hackbench -g 10 -l 50');
  await form.startButton.click();
  await expect(result.verdict).toContainText('no verdict', { timeout: 30_000 });
  await expect(result.figuresOfTool).toContainText(/time\s*[\d.]+ s/);
  expect(bench.violations).toEqual([]);
});
