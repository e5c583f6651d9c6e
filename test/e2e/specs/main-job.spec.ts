import { readFile } from 'node:fs/promises';
import { expect, test } from '../host-fixture.ts';
import { AddBoardPage } from '../pages/add-board-page.ts';
import { BenchPage } from '../pages/bench-page.ts';
import { OverviewPage } from '../pages/overview-page.ts';
import { QuestionsPage } from '../pages/questions-page.ts';
import { ResultPage } from '../pages/result-page.ts';
import { ShellPage } from '../pages/shell-page.ts';
import { startSshd } from '../../support/sshd-server.ts';

test('the main job on a real server: add, trust, inspect, run, result, and all of it again in a new window', async ({ bench }) => {
  const server = await startSshd({ rootLogin: true });
  try {
    const { page } = bench;
    const shell = new ShellPage(page);
    const questions = new QuestionsPage(page);
    await new AddBoardPage(page).add({ address: '127.0.0.1', port: server.port, user: 'root', method: 'Private key file', keyFile: server.keyFile, name: 'This machine' });
    await shell.openBoard('This machine');

    const overview = new OverviewPage(page);
    await overview.startReading();
    expect(await questions.trustHostKey()).toContain(server.hostKeys[0]?.sha256 ?? 'no key');
    await expect(overview.cpu(0)).toBeVisible();
    await expect(overview.fact('Release')).toContainText(await readFile('/proc/sys/kernel/osrelease', 'utf8').then((text) => text.trim()));

    await shell.openStation('Bench');
    const form = new BenchPage(page);
    await form.fill({ Duration: '3s' });
    await expect(form.command).toContainText('cyclictest');
    await expect(form.conditions).toContainText(/isolated/i);
    await form.start();
    await expect(form.liveTable.getByRole('row').nth(1)).toContainText(/\d/);

    const result = new ResultPage(page);
    await expect(result.verdict).toBeVisible({ timeout: 30_000 });
    const verdict = await result.verdict.textContent();
    await result.showRaw();
    await expect(result.raw).toContainText('journal');
    await result.setDeadline('1000000');
    await expect(result.verdict).toContainText(/great/);

    await page.reload();
    await shell.openBoard('This machine');
    await shell.openStation('Results');
    await result.openNewest();
    await expect(result.verdict).toContainText(/great/);
    expect(verdict).not.toBeNull();
    expect(bench.violations).toEqual([]);
  } finally {
    await server.stop();
  }
});

test('a window that closes in the middle of a run finds it again', async ({ bench }) => {
  const { page } = bench;
  const shell = new ShellPage(page);
  await shell.openBoard('Practice board');
  await new OverviewPage(page).startReading();
  await expect(new OverviewPage(page).cpu(0)).toBeVisible({ timeout: 20_000 });
  await shell.openStation('Bench');
  const form = new BenchPage(page);
  await form.fill({ 'Measured CPUs': '4-7', Duration: '120s' });
  await form.start();
  await expect(form.liveMax).toContainText(/\d/);
  await page.reload();
  await shell.openBoard('Practice board');
  await shell.openStation('Bench');
  await expect(form.progress).toBeVisible();
  await expect(form.liveMax).toContainText(/\d/);
  await form.stopEarly();
  const result = new ResultPage(page);
  await expect(result.verdict).toContainText(/great|good|poor/, { timeout: 20_000 });
  await expect(page.getByText(/stopped/i).first()).toBeVisible();
  expect(bench.violations).toEqual([]);
});
