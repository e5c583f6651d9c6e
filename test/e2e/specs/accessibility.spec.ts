import { expect, test } from '../host-fixture.ts';
import { AddBoardPage } from '../pages/add-board-page.ts';
import { BenchPage } from '../pages/bench-page.ts';
import { OverviewPage } from '../pages/overview-page.ts';
import { ResultPage } from '../pages/result-page.ts';
import { ShellPage, type StationName } from '../pages/shell-page.ts';
import { seriousFindings } from '../support/axe.ts';

for (const colorScheme of ['light', 'dark'] as const) {
  test(`no screen has a serious finding (${colorScheme})`, async ({ bench }) => {
    const { page } = bench;
    await page.emulateMedia({ colorScheme });
    const shell = new ShellPage(page);
    const check = async (screen: string) => { expect(await seriousFindings(page), screen).toEqual([]); };
    await check('first screen');
    await new AddBoardPage(page).open();
    await check('add a board');
    await page.keyboard.press('Escape');

    await shell.openBoard('Practice board');
    await check('a board that was not read');
    await new OverviewPage(page).startReading();
    await expect(new OverviewPage(page).cpu(0)).toBeVisible({ timeout: 20_000 });
    await check('overview');
    for (const station of ['Bench', 'Results', 'Connection', 'Practice'] satisfies StationName[]) {
      await shell.openStation(station);
      await check(station);
    }
    await shell.openStation('Bench');
    const form = new BenchPage(page);
    await form.fill({ 'Measured CPUs': '4-5', Duration: '2s' });
    await form.start();
    await check('a run');
    await expect(new ResultPage(page).verdict).toBeVisible({ timeout: 20_000 });
    await check('a result');
    expect(bench.violations).toEqual([]);
  });
}
