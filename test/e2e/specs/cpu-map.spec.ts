import { expect, test } from '../host-fixture.ts';
import { CpuMapPage } from '../pages/cpu-map-page.ts';
import { GuidePage } from '../pages/guide-page.ts';
import { OverviewPage } from '../pages/overview-page.ts';
import { ShellPage } from '../pages/shell-page.ts';
import { seriousFindings } from '../support/axe.ts';
import type { Bench } from '../host-fixture.ts';

async function openCpuMap({ page }: Bench): Promise<{ shell: ShellPage; map: CpuMapPage }> {
  const shell = new ShellPage(page);
  await shell.openBoard('Practice board');
  await shell.openStation('CPU map');
  await expect(page.getByRole('region', { name: 'Not read yet' })).toBeVisible();
  await new OverviewPage(page).startReading();
  const map = new CpuMapPage(page);
  await expect(map.cpu(0)).toBeVisible({ timeout: 20_000 });
  return { shell, map };
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`a map is proposed as in Intel’s example, edited by keyboard, undone, saved, and the kernel guide goes by it (${colorScheme})`, async ({ bench }) => {
    const { page } = bench;
    await page.emulateMedia({ colorScheme });
    const { shell, map } = await openCpuMap(bench);
    await expect(shell.station('CPU map')).toHaveAccessibleName(/none is saved/);
    await map.addVm.click();
    await map.nameVm('rt', 'axis');
    await map.ask('VM axis', 8);
    await map.ask('Emulator', 4);
    await map.ask('Stressor', 8, 1);
    await map.propose.click();
    await expect(map.claimant('VM axis')).toContainText(/8:\s*4,6,8,10,12,14,16,18/);
    await expect(map.claimant('Emulator')).toContainText(/4:\s*56,58,60,62/);
    await expect(map.claimant('Stressor')).toContainText(/8:\s*5,7,9,11,13,15,17,19/);
    await expect(map.cpu(4)).toHaveAccessibleName(/vCPU 0 of axis/);
    await expect(map.rules).toContainText('nothing against it');
    expect(await seriousFindings(page), 'proposed').toEqual([]);

    await map.cpu(2).focus();
    await page.keyboard.press('ArrowLeft');
    await expect(map.cpu(0)).toBeFocused();
    await page.keyboard.press('1');
    await expect(map.cpu(0)).toHaveAccessibleName(/vCPU 0 of axis, see the findings/);
    await expect(map.findings).toContainText('cpu-0-stays');
    await expect(map.save).toBeDisabled();
    expect(await seriousFindings(page), 'with an error').toEqual([]);
    await page.keyboard.press('Escape');
    await expect(map.cpu(0)).toHaveAccessibleName(/housekeeping/);
    await expect(map.findings).not.toContainText('cpu-0-stays');

    await map.cpu(20).focus();
    await page.keyboard.press('h');
    await expect(map.cpu(20)).toHaveAccessibleName(/housekeeping/);
    await map.save.click();
    await expect(map.savedMap).toContainText(/housekeeping\s+0-3,20/);
    await expect(shell.station('CPU map')).toHaveAccessibleName(/saved/);
    await map.savedMap.getByRole('link', { name: 'The kernel guide' }).click();
    const guide = new GuidePage(page);
    await expect(guide.bar).toContainText('the saved CPU map');
    await expect(guide.bar).toContainText('0-3,20');
    await expect(guide.bar).toContainText('4-19,21-63');

    await page.reload();
    await shell.openStation('CPU map');
    await expect(map.claimant('VM axis')).toContainText(/8:\s*4,6,8,10,12,14,16,18/);
    await expect(map.savedMap).toContainText('The map below is the saved one.');
    expect(bench.violations).toEqual([]);
  });
}

test('the mouse gives CPUs to whoever is chosen; a sweep is undone as one step', async ({ bench }) => {
  const { page } = bench;
  const { map } = await openCpuMap(bench);
  await map.choose('Measuring');
  await map.cpu(4).hover();
  await page.mouse.down();
  await map.cpu(6).hover();
  await map.cpu(8).hover();
  await page.mouse.up();
  await expect(map.claimant('Measuring')).toContainText(/3:\s*4,6,8/);
  await map.choose('Nobody');
  await map.cpu(6).click();
  await expect(map.claimant('Measuring')).toContainText(/2:\s*4,8/);
  await map.undo.click();
  await map.undo.click();
  await expect(map.claimant('Measuring')).not.toContainText('4');
  await expect(map.undo).toBeDisabled();
  await expect(map.details).toContainText(/CPU \d+.*isolated, free/);
});
