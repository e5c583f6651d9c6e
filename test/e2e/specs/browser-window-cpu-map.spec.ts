import { expect, test } from '../served-fixture.ts';
import { CpuMapPage } from '../pages/cpu-map-page.ts';
import { seriousFindings } from '../support/axe.ts';
import type { Page } from '@playwright/test';

async function open(page: Page, board: string): Promise<CpuMapPage> {
  await page.goto(`${page.url().split('#')[0] ?? ''}#/board/${board}/cpu-map`);
  const map = new CpuMapPage(page);
  await expect(map.cpu(0)).toBeVisible();
  return map;
}

const overflow = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

test('two CPUs: one for the host, one free, and the rule that a VM wants two', async ({ served: { page } }) => {
  const map = await open(page, 'spare-atom');
  await map.addVm.click();
  await map.ask('VM rt', 1);
  await map.propose.click();
  await expect(map.cpu(1)).toHaveAccessibleName(/vCPU 0 of rt/);
  await expect(map.findings).toContainText('two-cpus-per-vm');
  await expect(map.save).toBeEnabled();
  for (const summary of [/^All \d+ rules and why$/, 'Isolated at boot', 'Exclusive cpuset', 'Offline for the host']) await page.locator('summary').filter({ hasText: summary }).click();
  await expect(page.getByText('echo 1 > /sys/fs/cgroup/rt.slice/cpuset.cpus')).toBeVisible();
  expect(await seriousFindings(page)).toEqual([]);
});

for (const width of [1440, 1024]) {
  test(`256 CPUs for 16 VMs at ${String(width)} px: drawn within the window, siblings idle, offline CPUs left alone`, async ({ served: { page } }) => {
    await page.setViewportSize({ width, height: 900 });
    const map = await open(page, 'rack-epyc');
    for (let vm = 0; vm < 16; vm += 1) await map.addVm.click();
    await map.propose.click();
    await expect(map.cpu(39)).toHaveAccessibleName(/vCPU 1 of rt16/);
    await expect(map.cpu(167)).toHaveAccessibleName(/kept idle/);
    expect(await overflow(page)).toBe(0);
    await map.choose('Stressor');
    await map.cpu(255).click();
    await expect(map.cpu(255)).toHaveAccessibleName(/offline/);
    await map.cpu(167).click();
    await expect(map.findings).toContainText(/CPU 39 of VM rt16 shares its core with CPU 167, which belongs to stressor/);
    expect(await seriousFindings(page)).toEqual([]);
  });
}

test('hybrid cores say which they are, and are not mixed unseen', async ({ served: { page } }) => {
  const map = await open(page, 'hybrid');
  await expect(map.cpu(4)).toHaveAccessibleName(/performance core/);
  await expect(map.cpu(16)).toHaveAccessibleName(/efficiency core/);
  await map.addVm.click();
  await map.propose.click();
  await map.choose('VM rt');
  await map.cpu(16).focus();
  await page.keyboard.press('Space');
  await expect(map.findings).toContainText('one-kind-per-vm');
  await map.findings.getByRole('button', { name: /Show CPU/ }).first().click();
  await expect(map.cpu(4)).toBeFocused();
});

test('a name that is taken is said at the field, and the map keeps the one before', async ({ served: { page } }) => {
  const map = await open(page, 'press-host');
  await map.addVm.click();
  await map.addVm.click();
  await map.propose.click();
  await map.nameVm('rt2', 'rt');
  await expect(map.claimants).toContainText('Another VM is called rt.');
  await expect(map.propose).toBeDisabled();
  await expect(map.savedMap).toContainText('Cannot be saved');
  await expect(map.cpu(8)).toHaveAccessibleName(/vCPU 0 of rt2/);
  await map.nameVm('rt2', 'hmi');
  await expect(map.cpu(8)).toHaveAccessibleName(/vCPU 0 of hmi/);
});
