import { expect, test } from '../host-fixture.ts';
import { CampaignsPage } from '../pages/campaigns-page.ts';
import { OverviewPage } from '../pages/overview-page.ts';
import { ResultPage } from '../pages/result-page.ts';
import { ShellPage } from '../pages/shell-page.ts';
import { seriousFindings } from '../support/axe.ts';

// Four cells of two seconds, each with its start and its end; a slow machine takes a minute.
test.setTimeout(180_000);

test('a quick look at the practice board: composed, seen before it begins, carried out, and its cells lead to their runs', async ({ bench }) => {
  const { page } = bench;
  const shell = new ShellPage(page);
  const campaigns = new CampaignsPage(page);
  await shell.openBoard('Practice board');
  await new OverviewPage(page).startReading();
  await expect(new OverviewPage(page).cpu(0)).toBeVisible({ timeout: 20_000 });

  await campaigns.openNew();
  await expect(campaigns.order.getByRole('row')).toHaveCount(3);
  await campaigns.fill({ 'Each cell measures': 'soon' });
  await expect(page.getByText('A time such as 90s, 10m or 24h')).toBeVisible();
  await expect(campaigns.start).toBeDisabled();
  await campaigns.fill({ 'Each cell measures': '2s', 'Load before measuring': '0', 'Rest after a cell': '0', Repeats: '2' });
  await expect(campaigns.order.getByRole('row')).toHaveCount(5);
  await expect(page.getByText(/cyclictest .*-D 2 .*-a 4-63/)).toBeVisible();
  expect(await seriousFindings(page)).toEqual([]);

  await campaigns.start.click();
  await expect(campaigns.state).toContainText('under way');
  // The window may go: what it shows afterwards comes from the board.
  await page.reload();
  await expect(campaigns.state).toHaveText(/^[✓!]complete$/, { timeout: 120_000 });
  await expect(campaigns.cell(/repeat \d: (great|good|poor|not comparable)/)).toHaveCount(4);
  expect(await seriousFindings(page)).toEqual([]);
  // Two conditions of two repeats are two sides, and a run under load says so where runs are chosen.
  await expect(page.getByRole('link', { name: 'Compare the conditions…' })).toHaveAttribute('href', /^#\/compare\/[^/]+\/[^/]+$/);
  await page.getByRole('link', { name: 'Compare the conditions…' }).click();
  await expect(page.getByText('Load stress-cpu on Practice board')).toHaveCount(2);
  await page.goBack();
  await campaigns.cell(/CPU, repeat 2/).focus();
  await page.keyboard.press('Enter');
  await expect(new ResultPage(page).verdict).toBeVisible();
  expect(bench.violations).toEqual([]);
});
