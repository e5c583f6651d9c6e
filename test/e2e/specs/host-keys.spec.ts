import { expect, test } from '../host-fixture.ts';
import { AddBoardPage } from '../pages/add-board-page.ts';
import { ConnectionPage } from '../pages/connection-page.ts';
import { OverviewPage } from '../pages/overview-page.ts';
import { QuestionsPage } from '../pages/questions-page.ts';
import { ShellPage } from '../pages/shell-page.ts';
import { startSshd } from '../../support/sshd-server.ts';
import { seriousFindings } from '../support/axe.ts';

test('a board that was installed anew is refused until its old key is forgotten on purpose', async ({ bench }) => {
  const server = await startSshd({ rootLogin: true });
  try {
    const { page } = bench;
    const shell = new ShellPage(page);
    const questions = new QuestionsPage(page);
    const connection = new ConnectionPage(page);
    await new AddBoardPage(page).add({ address: '127.0.0.1', port: server.port, user: 'root', method: 'Private key file', keyFile: server.keyFile, name: 'Installed anew' });
    await shell.openBoard('Installed anew');
    await new OverviewPage(page).startReading();
    const oldPrint = await questions.trustHostKey();
    await expect(new OverviewPage(page).cpu(0)).toBeVisible({ timeout: 20_000 });
    await shell.openStation('Connection');
    await connection.disconnect();

    await server.restart({ newHostKeys: true });
    await shell.openStation('Overview');
    await new OverviewPage(page).startReading();
    await expect(page.getByText('host-key-changed').first()).toBeVisible();
    await page.getByRole('button', { name: 'See the trusted keys' }).click();
    await expect(connection.trustedKeys).toContainText(oldPrint);

    await connection.askToForget();
    await expect(connection.forgetDialog).toContainText('somebody may be between you and the board');
    expect(await seriousFindings(page)).toEqual([]);
    await connection.keep();
    await expect(connection.trustedKeys).toContainText(oldPrint);
    await connection.askToForget();
    await connection.forget();
    await expect(connection.trustedKeys).toContainText('None yet');

    await new OverviewPage(page).startReading();
    await expect(questions.hostKey).toBeVisible();
    expect(await questions.trustHostKey()).not.toBe(oldPrint);
    await expect(connection.trustedKeys).toContainText('accepted');
    expect(bench.violations).toEqual([]);
  } finally {
    await server.stop();
  }
});
