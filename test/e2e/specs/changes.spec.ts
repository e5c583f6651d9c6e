import { expect, test } from '../host-fixture.ts';
import { ChangesPage } from '../pages/changes-page.ts';
import { GuidePage } from '../pages/guide-page.ts';
import { OverviewPage } from '../pages/overview-page.ts';
import { ShellPage } from '../pages/shell-page.ts';
import { seriousFindings } from '../support/axe.ts';

const timers = 'Timers stay on their CPU';

test('a setting is planned, shown step by step, applied, seen in effect, and undone', async ({ bench }) => {
  const { page } = bench;
  const shell = new ShellPage(page);
  const guide = new GuidePage(page);
  const changes = new ChangesPage(page);
  await shell.openBoard('Practice board');
  await new OverviewPage(page).startReading();
  await expect(new OverviewPage(page).cpu(0)).toBeVisible({ timeout: 20_000 });
  await shell.openStation('Runtime');
  await guide.open(timers);
  await changes.planSetting(timers);

  await expect(changes.plan).toContainText('sysctl -w kernel.timer_migration=0');
  await expect(changes.plan).toContainText('+kernel.timer_migration');
  await expect(changes.apply).toHaveAccessibleName('Apply to Practice board');
  expect(await seriousFindings(page), 'plan').toEqual([]);
  await changes.apply.press('Enter');
  await expect(changes.ended).toBeVisible({ timeout: 60_000 });
  await changes.close();

  await guide.show('All');
  await expect(guide.setting(timers)).toContainText('ok', { timeout: 20_000 });
  await shell.openStation('Changes');
  const [made] = await changes.page.getByRole('region').filter({ hasText: 'Undo…' }).all();
  await expect(made ?? changes.plan).toContainText('done');
  expect(await seriousFindings(page), 'changes').toEqual([]);
  await page.getByRole('button', { name: 'Undo…' }).click();
  await expect(changes.plan).toContainText('Undo: ');
  await changes.apply.click();
  await expect(changes.ended).toBeVisible({ timeout: 60_000 });
  await changes.close();
  await expect(page.getByText('undone', { exact: false }).first()).toBeVisible();
  await shell.openStation('Runtime');
  await expect(guide.setting(timers)).toContainText('not written', { timeout: 20_000 });
  expect(bench.violations).toEqual([]);
});
