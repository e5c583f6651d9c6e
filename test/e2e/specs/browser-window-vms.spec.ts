import { expect, test } from '../served-fixture.ts';
import { ChangesPage } from '../pages/changes-page.ts';
import { VmsPage } from '../pages/vms-page.ts';
import { seriousFindings } from '../support/axe.ts';
import type { Page } from '@playwright/test';

async function open(page: Page, path = 'cell-host/vms'): Promise<VmsPage> {
  await page.goto(`${page.url().split('#')[0] ?? ''}#/board/${path}`);
  const vms = new VmsPage(page);
  await expect(vms.bar).toBeVisible();
  return vms;
}

const overflow = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
const pages = ['cell-host/vms', 'cell-host/vms/vm/rt/map', 'cell-host/vms/vm/rt/checks', 'cell-host/vms/vm/stress/definition', 'cell-host/vms/vm/rt/guest', 'cell-host/vms/cache', 'cell-host/vms/new', 'cell-host/vms/new/rt2', 'cell-host/vms/new/hmi%20%3Cpanel%3E', 'rack-epyc/vms/cache'];

for (const { width, colorScheme } of [{ width: 1440, colorScheme: 'light' }, { width: 1440, colorScheme: 'dark' }, { width: 1024, colorScheme: 'light' }] as const) {
  test(`every page of VMs fits its window and has no serious finding (${String(width)} px, ${colorScheme})`, async ({ served: { page } }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    for (const path of pages) {
      await open(page, path);
      await expect(page.getByText('Looking…')).toHaveCount(0);
      expect(await overflow(page), path).toBe(0);
      expect(await seriousFindings(page), path).toEqual([]);
    }
  });
}

test('a VM shows each vCPU with its host CPU, and which state is not as asked for', async ({ served: { page } }) => {
  const vms = await open(page);
  await expect(vms.vm('rt')).toContainText('vCPU 0→4 1→6 2→8 3→10,12');
  await vms.open('rt');
  await expect(vms.thread('vCPU 0')).toContainText(/CPU 4\s*fifo 1/);
  await expect(vms.thread('vCPU 3').getByRole('cell').nth(3)).toContainText('not as asked for');
  await vms.tab('Checks').click();
  await expect(vms.checks.getByRole('listitem').first()).toContainText('wrong');
  await expect(page.getByRole('region', { name: 'Evidence: Each vCPU is on its one host CPU' })).toContainText('ran last on 12');
});

test('a button shows its command; what loses work asks first; only what was made here can be removed', async ({ served: { page } }) => {
  const vms = await open(page);
  await vms.open('stress');
  await expect(vms.actions).toContainText('virsh destroy stress');
  await vms.actions.getByRole('button', { name: 'Force off…' }).click();
  await expect(vms.dialog).toContainText('virsh -c qemu:///system destroy stress');
  await expect(vms.dialog.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await vms.dialog.getByRole('button', { name: 'Force off stress' }).click();
  await expect(vms.actions.getByRole('button', { name: 'Start', exact: true })).toBeEnabled();
  await vms.actions.getByRole('button', { name: 'Remove…' }).click();
  await expect(vms.dialog).toContainText('/var/lib/libvirt/images/');
  await vms.dialog.getByRole('button', { name: 'Remove stress' }).click();
  await expect(vms.list).toBeVisible();
  await expect(vms.vm('stress')).toHaveCount(0);
  await vms.open('hmi <panel>');
  await expect(vms.actions).toContainText('Not made from here');
});

test('a half-made VM is named, and finished or removed', async ({ served: { page } }) => {
  const vms = await open(page);
  await expect(vms.halfMade).toContainText('rt2: its disk is there');
  await vms.halfMade.getByRole('button', { name: 'Finish rt2' }).click();
  await page.getByRole('button', { name: 'Finish it: say again what it is to be' }).click();
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('rt2');
  await vms.go('VMs');
  await vms.halfMade.getByRole('button', { name: 'Remove rt2' }).click();
  await vms.dialog.getByRole('button', { name: 'Remove rt2' }).click();
  await expect(vms.halfMade).toHaveCount(0);
});

test('from nothing to a verified VM in one sitting, gone on with after a reload', async ({ served: { page } }) => {
  const vms = await open(page, 'cell-host/vms/new');
  await expect(vms.step('What VM')).toHaveAttribute('aria-current', 'step');
  await page.getByLabel('Name', { exact: true }).fill('cell');
  await page.getByLabel('vCPUs', { exact: true }).fill('2');
  const make = page.getByRole('button', { name: 'Make cell on cell-host' });
  await expect(make).toBeDisabled();
  await page.getByLabel('Password', { exact: true }).fill('practice');
  await expect(page.getByRole('figure').first()).toContainText('virt-install');
  await expect(page.getByText('passwd: $6$')).toBeVisible();
  await expect(make).toBeEnabled();
  await make.press('Enter');

  await expect(page.getByRole('region', { name: 'CPUs of its own' })).toContainText('cell has 2 vCPUs', { timeout: 20_000 });
  await page.reload();
  await page.getByRole('button', { name: 'Propose CPUs' }).click();
  await page.getByRole('button', { name: 'Save this map' }).click();

  await expect(vms.step('Tune it')).toHaveAttribute('aria-current', 'step');
  await expect(vms.tuning).toContainText('<vcpupin vcpu=');
  await vms.planTuning.click();
  const changes = new ChangesPage(page);
  await changes.apply.click();
  await expect(changes.ended).toBeVisible();
  await changes.close();

  await expect(page.getByRole('region', { name: 'Start it as it is defined now' })).toContainText('a reboot from within does not do it');
  await page.getByRole('button', { name: 'Shut down' }).click();
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(vms.step('Verify it')).toHaveAttribute('aria-current', 'step');
  await expect(vms.checks).toContainText('Each vCPU is on its one host CPU');
  await expect(vms.step('Start it tuned')).toHaveAccessibleName(/done/);
});

test('a guest becomes a board through its host, and a load proves where a vCPU runs', async ({ served: { page } }) => {
  const vms = await open(page, 'cell-host/vms/vm/rt/guest');
  await page.getByLabel('User', { exact: true }).fill('engineer');
  await page.getByRole('button', { name: 'Add as board' }).click();
  await expect(page.getByRole('navigation', { name: 'Boards and project' }).getByRole('link', { name: /^rt/ })).toBeVisible();
  await vms.tab('Map').click();
  await vms.thread('vCPU 1').getByRole('button', { name: 'Load vCPU 1 and look' }).click();
  await expect(vms.thread('vCPU 1')).toContainText('makes CPU 6 of the host busy');
});

test('the host’s share is dragged, walked with keys and typed, and leads to a plan', async ({ served: { page } }) => {
  const vms = await open(page, 'cell-host/vms/cache');
  const cache = page.getByRole('region', { name: 'L3 cache 0' });
  const mask = cache.getByLabel('as a mask');
  const plan = cache.getByRole('button', { name: 'Plan the host’s share…' });
  await expect(vms.way('L3 cache 0', 14)).toHaveAccessibleName(/the host’s, used by devices too/);
  await expect(plan).toBeDisabled();

  await vms.way('L3 cache 0', 6).hover();
  await page.mouse.down();
  await vms.way('L3 cache 0', 14).hover();
  await page.mouse.up();
  await expect(mask).toHaveValue('7fc0');
  await expect(cache.getByLabel('The host keeps', { exact: true })).toHaveValue('36 MiB');

  await vms.way('L3 cache 0', 8).focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Shift+End');
  await expect(mask).toHaveValue('7f00');

  await cache.getByLabel('The host keeps', { exact: true }).fill('20 MiB');
  await page.keyboard.press('Enter');
  await expect(mask).toHaveValue('1f00');
  await mask.fill('5');
  await page.keyboard.press('Tab');
  await expect(cache).toContainText('is not one run of ones');
  await expect(plan).toBeDisabled();
  await mask.fill('7f80');
  await page.keyboard.press('Tab');

  await cache.getByLabel('Share of rt, MiB').fill('8');
  await page.keyboard.press('Tab');
  await expect(cache.getByRole('row').filter({ hasText: 'rt' })).toContainText(/2\s*3/);
  await expect(vms.way('L3 cache 0', 1)).toHaveAccessibleName(/rt/);
  await plan.click();
  await expect(vms.dialog).toContainText('L3:0=7f80');
});
