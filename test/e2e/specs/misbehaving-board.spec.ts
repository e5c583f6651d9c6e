import { expect, test } from '../host-fixture.ts';
import { AddBoardPage } from '../pages/add-board-page.ts';
import { OverviewPage } from '../pages/overview-page.ts';
import { QuestionsPage } from '../pages/questions-page.ts';
import { ShellPage } from '../pages/shell-page.ts';
import { startSshd } from '../../support/sshd-server.ts';

test('a port where nobody answers is said to be so, and the window goes on', async ({ bench }) => {
  const { page } = bench;
  const shell = new ShellPage(page);
  await new AddBoardPage(page).add({ address: '127.0.0.1', port: 1, user: 'root', method: 'Password', name: 'Nobody' });
  await shell.openBoard('Nobody');
  await new OverviewPage(page).startReading();
  await expect(page.getByText(/connection-refused/).first()).toBeVisible();
  await shell.openBoard('Practice board');
  await new OverviewPage(page).startReading();
  await expect(new OverviewPage(page).cpu(0)).toBeVisible({ timeout: 20_000 });
});

test('a refused host key sends no password', async ({ bench }) => {
  const server = await startSshd();
  try {
    const { page } = bench;
    const questions = new QuestionsPage(page);
    await new AddBoardPage(page).add({ address: '127.0.0.1', port: server.port, user: server.user, method: 'Password', name: 'Stranger' });
    await new ShellPage(page).openBoard('Stranger');
    await new OverviewPage(page).startReading();
    await questions.hostKey.waitFor();
    await questions.refuseHostKey();
    await expect(page.getByText(/host-key-unknown/).first()).toBeVisible();
    await expect(questions.password).toBeHidden();
    expect(server.log()).not.toMatch(/Failed password|Accepted/);
  } finally {
    await server.stop();
  }
});

test('a wrong password can be given again', async ({ bench }) => {
  const server = await startSshd();
  test.skip(server.password === null, 'Users with a password need root.');
  try {
    const { page } = bench;
    const questions = new QuestionsPage(page);
    await new AddBoardPage(page).add({ address: '127.0.0.1', port: server.port, user: server.user, method: 'Password', name: 'With a password' });
    await new ShellPage(page).openBoard('With a password');
    await new OverviewPage(page).startReading();
    await questions.hostKey.waitFor();
    await questions.trustHostKey();
    await questions.password.waitFor();
    await questions.givePassword('not this one');
    await expect(questions.password).toContainText(/again|wrong|not accepted/i);
    await questions.givePassword(server.password ?? '');
    await expect(new OverviewPage(page).cpu(0)).toBeVisible({ timeout: 20_000 });
    await expect(new OverviewPage(page).unread).toContainText('needs root');
  } finally {
    await server.stop();
  }
});
