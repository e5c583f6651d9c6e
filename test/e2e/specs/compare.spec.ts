import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ComparePage } from '../pages/compare-page.ts';
import { ReportsPage } from '../pages/reports-page.ts';
import { expect, test } from '../host-fixture.ts';
import { seriousFindings } from '../support/axe.ts';

const fixture = (name: string) => readFile(join(import.meta.dirname, '..', '..', 'fixtures', name), 'utf8');

/** The driver's own script, which it puts into every frame, is refused by the preview's: that frame runs none. */
const notOfTheDriver = (violations: readonly string[]) => violations.filter((one) => !one.includes("Blocked script execution in 'about:blank'"));

test('results of others are brought in, compared with what is known of them, and reported as not verified', async ({ bench: { page, violations } }) => {
  const compare = new ComparePage(page);
  await compare.link.click();
  await compare.bringIn('broken.txt', 'nothing that any tool prints\n');
  await expect(compare.refusal).toContainText('None of the files was brought in.');
  await compare.closeDialog();
  await compare.bringIn('before.json', await fixture('cyclictest/json_hist.json'));
  await expect(compare.choices).toHaveCount(1);
  await compare.bringIn('after.txt', await fixture('cyclictest/hist_h40.txt'));

  await expect(compare.statements).toContainText(/One result of each side|Cannot be told/);
  await expect(compare.exceedance).toBeVisible();
  await expect(compare.histogram).toBeVisible();
  await expect(compare.differences).toContainText('command');
  await expect(compare.published).toContainText('Hitachi');
  await expect(compare.notVerified.first()).toBeVisible();

  const whole = await compare.exceedance.getAttribute('data-view');
  await compare.exceedance.focus();
  await page.keyboard.press('+');
  await expect(compare.exceedance).not.toHaveAttribute('data-view', whole ?? '');
  await page.keyboard.press('Shift+ArrowRight');
  await expect(page.getByRole('status').filter({ hasText: '≥' })).toBeVisible();
  await page.keyboard.press('0');
  await expect(compare.exceedance).toHaveAttribute('data-view', whole ?? '');
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await seriousFindings(page)).toEqual([]);
  }

  const reports = new ReportsPage(page);
  await reports.link.click();
  await expect(reports.preview.getByText('imported, not verified by us').first()).toBeVisible();
  expect(notOfTheDriver(violations)).toEqual([]);
});

test('the report is seen, signed and saved as it was seen', async ({ bench: { page, projectDirectory, violations } }) => {
  const reports = new ReportsPage(page);
  await reports.link.click();
  await expect(reports.preview.getByRole('heading', { name: 'In short' })).toBeVisible();
  // Its own style is let through although the window’s policy forbids inline styles.
  expect(await reports.preview.locator('body').evaluate((body) => getComputedStyle(body).maxWidth)).toBe('1040px');
  await reports.preview.getByRole('link', { name: 'Evidence' }).click();
  await expect(reports.preview.getByRole('heading', { name: 'Evidence' })).toBeInViewport();
  await reports.section('Published figures').uncheck();
  await expect(reports.preview.getByRole('heading', { name: 'Published figures, for context' })).toHaveCount(0);
  await reports.signedOffBy.fill('A. Person');
  await reports.signedOffBy.press('Tab');
  await expect(reports.preview.getByText('Signed off by A. Person')).toBeVisible();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await seriousFindings(page)).toEqual([]);
  }
  await reports.save.click();
  await expect(reports.written).toContainText('report.html');
  const directory = (await reports.written.locator('code').textContent()) ?? '';
  expect(directory.startsWith(projectDirectory)).toBe(true);
  const html = await readFile(join(directory, 'report.html'), 'utf8');
  expect(html).toContain('Signed off by <strong>A. Person</strong>');
  expect(html).not.toContain('id="references"');
  expect(notOfTheDriver(violations)).toEqual([]);
});
