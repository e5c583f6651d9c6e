import { expect, test } from '../host-fixture.ts';
import { BenchPage } from '../pages/bench-page.ts';
import { ExplanationPage } from '../pages/explanation-page.ts';
import { OverviewPage } from '../pages/overview-page.ts';
import { ResultPage } from '../pages/result-page.ts';
import { ShellPage } from '../pages/shell-page.ts';
import { seriousFindings } from '../support/axe.ts';

test('a newcomer sees what disturbed a run, on which CPU, and goes to the setting that addresses it', async ({ bench }) => {
  const { page } = bench;
  const shell = new ShellPage(page);
  await shell.openBoard('Practice board');
  await new OverviewPage(page).startReading();
  await expect(new OverviewPage(page).cpu(0)).toBeVisible({ timeout: 20_000 });
  await shell.openStation('Bench');
  const form = new BenchPage(page);
  await form.fill({ 'Measured CPUs': '56-57', Duration: '4s' });
  await form.start();
  await expect(new ResultPage(page).verdict).toBeVisible({ timeout: 20_000 });

  // This machine's network card has a queue on CPU 56 although that CPU is isolated.
  const why = new ExplanationPage(page);
  const first = why.findings.filter({ hasText: /\d+ interrupts of eno1-TxRx-6 on CPU 56/ });
  await expect(first).toContainText('suspect');
  await expect(first).toContainText('“Device interrupts off isolated CPUs” is not written');
  await why.open(first);
  await expect(first).toContainText('/proc/interrupts');
  await why.openConditions();
  await expect(why.conditions.getByRole('row', { name: /Threads where and as they should be/ })).toContainText('holds');
  await expect(why.conditions.getByRole('row', { name: /No device interrupts on measured CPUs/ })).not.toContainText('holds');
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await seriousFindings(page), colorScheme).toEqual([]);
  }

  await first.getByRole('link', { name: 'Device interrupts off isolated CPUs' }).click();
  await expect(page.getByRole('rowheader', { name: /Device interrupts off isolated CPUs/ }).or(page.getByRole('button', { name: /Device interrupts off isolated CPUs/ })).first()).toBeVisible();
  expect(bench.violations).toEqual([]);
});
