import { expect, test } from '../host-fixture.ts';
import { ChangesPage } from '../pages/changes-page.ts';
import { OverviewPage } from '../pages/overview-page.ts';
import { ShellPage } from '../pages/shell-page.ts';
import { VmsPage } from '../pages/vms-page.ts';
import { seriousFindings } from '../support/axe.ts';

test('on the practice board: from nothing to a VM that is proven, its cache, and its end', async ({ bench }) => {
  test.setTimeout(240_000);
  const { page } = bench;
  const shell = new ShellPage(page);
  const vms = new VmsPage(page);
  const changes = new ChangesPage(page);
  const apply = async () => {
    await changes.apply.click();
    await expect(changes.ended).toBeVisible({ timeout: 60_000 });
    await changes.close();
  };
  const check = async (screen: string) => { expect(await seriousFindings(page), screen).toEqual([]); };
  await shell.openBoard('Practice board');
  await new OverviewPage(page).startReading();
  await expect(new OverviewPage(page).cpu(0)).toBeVisible({ timeout: 20_000 });
  await shell.openStation('VMs');
  await vms.read.press('Enter');
  await expect(vms.list).toBeVisible({ timeout: 30_000 });
  await check('VMs');

  await vms.go('New VM');
  await page.getByLabel('Name', { exact: true }).fill('cell');
  await page.getByLabel('Password', { exact: true }).fill('practice');
  await expect(page.getByRole('figure').first()).toContainText('virt-install');
  await check('what VM');
  await page.getByRole('button', { name: 'Make cell on Practice board' }).click();
  await expect(page.getByRole('region', { name: 'CPUs of its own' })).toBeVisible({ timeout: 120_000 });
  await page.getByRole('button', { name: 'Propose CPUs' }).click();
  await page.getByRole('button', { name: 'Save this map' }).click();

  await vms.planTuning.click();
  await expect(changes.plan).toContainText('virsh define');
  await apply();
  await page.getByRole('button', { name: 'Shut down' }).click({ timeout: 30_000 });
  await page.getByRole('button', { name: 'Start', exact: true }).click({ timeout: 60_000 });
  await expect(vms.step('Verify it')).toHaveAttribute('aria-current', 'step', { timeout: 60_000 });
  for (const title of ['Each vCPU is on its one host CPU', 'Each vCPU has its policy and priority', 'Its memory is locked', 'It runs with its present definition']) {
    await expect(vms.checks.getByRole('listitem').filter({ has: page.getByText(title, { exact: true }) }).first()).toContainText('proven');
  }
  await check('verified');

  await vms.go('Cache');
  const cache = page.getByRole('region', { name: 'L3 cache 0' });
  await expect(page.getByText('resctrl is not mounted on this board yet.')).toBeVisible();
  await cache.getByLabel('The host keeps', { exact: true }).fill('40 MiB');
  await page.keyboard.press('Enter');
  await cache.getByRole('button', { name: 'Plan the host’s share…' }).click();
  await expect(changes.plan).toContainText('L3:0=3ff');
  await apply();
  await expect(page.getByText('resctrl is not mounted on this board yet.')).toHaveCount(0, { timeout: 30_000 });
  await expect(cache).toContainText('Now it has 3ff');

  await vms.go('VMs');
  await vms.open('cell');
  await expect(vms.thread('vCPU 1')).toContainText(/CPU 6\s*fifo 10/);
  await vms.actions.getByRole('button', { name: 'Remove…' }).click();
  await vms.dialog.getByRole('button', { name: 'Remove cell' }).click();
  await expect(vms.vm('cell')).toHaveCount(0, { timeout: 60_000 });
  await expect(vms.vm('debian12-std')).toBeVisible();
  expect(bench.violations).toEqual([]);
});
