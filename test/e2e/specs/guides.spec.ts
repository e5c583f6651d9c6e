import { expect, test } from '../host-fixture.ts';
import { GuidePage } from '../pages/guide-page.ts';
import { OverviewPage } from '../pages/overview-page.ts';
import { ShellPage } from '../pages/shell-page.ts';
import { seriousFindings } from '../support/axe.ts';

const pstate = 'No frequency changes by the driver';

test('a guide names the misspelt parameter, shows where it is stuck, and proves it', async ({ bench }) => {
  const { page } = bench;
  const shell = new ShellPage(page);
  const guide = new GuidePage(page);
  await shell.openBoard('Practice board');
  await shell.openStation('Kernel');
  await expect(guide.notReadYet).toBeVisible();
  await new OverviewPage(page).startReading();

  const row = guide.setting(pstate);
  await expect(row).toContainText('intel_pstate=disabled', { timeout: 20_000 });
  await expect(row).toContainText('not written');
  await expect(row).toContainText(/written: intel_pstate=disabled, not as asked for/);
  await expect(shell.station('Kernel')).toHaveAccessibleName(/\d+ to change/);
  await expect(guide.part('Evidence', pstate)).toBeHidden();

  await row.getByRole('button').focus();
  await page.keyboard.press('Enter');
  await expect(guide.part('Evidence', pstate)).toContainText('/proc/cmdline: … intel_pstate=disabled …');
  await expect(guide.part('Why it matters', pstate)).toContainText('Source:');
  await expect(guide.part('Fix', pstate)).toContainText('intel_pstate=disable ');
  expect(await seriousFindings(page)).toEqual([]);
  expect(bench.violations).toEqual([]);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`what is in order shows with “All”, another guide can be chosen, and no page has a serious finding (${colorScheme})`, async ({ bench }) => {
    const { page } = bench;
    await page.emulateMedia({ colorScheme });
    const shell = new ShellPage(page);
    const guide = new GuidePage(page);
    await shell.openBoard('Practice board');
    await new OverviewPage(page).startReading();
    await expect(new OverviewPage(page).cpu(0)).toBeVisible({ timeout: 20_000 });

    await shell.openStation('Firmware');
    await expect(guide.layer('Firmware')).toContainText('look yourself');
    await expect(guide.guide).toBeHidden();
    await guide.open('Turbo Mode');
    expect(await seriousFindings(page), 'firmware').toEqual([]);

    await shell.openStation('Kernel');
    await expect(guide.bar).toContainText('4-63');
    await expect(guide.setting('Real-time kernel')).toBeHidden();
    await guide.show('All');
    await expect(guide.setting('Real-time kernel')).toContainText('ok');
    await expect(guide.guide).toHaveValue('kvm-host');
    await guide.guide.selectOption('KVM guest');
    await expect(guide.layer('Kernel of the guest')).toBeVisible();
    expect(await seriousFindings(page), 'kernel').toEqual([]);

    await shell.openStation('Runtime');
    await expect(guide.layer('Runtime of the guest')).toBeVisible();
    await guide.guide.selectOption('KVM host');
    await expect(guide.layer('Hypervisor')).toBeVisible();
    await guide.open('irqbalance does not run');
    await expect(guide.part('Fix', 'irqbalance does not run')).toContainText(/\w/);
    expect(await seriousFindings(page), 'runtime').toEqual([]);
    expect(bench.violations).toEqual([]);
  });
}
