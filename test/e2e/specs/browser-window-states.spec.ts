import { CodedError } from '../../../shared/contract/errors.ts';
import { expect, test } from '../served-fixture.ts';
import { OverviewPage } from '../pages/overview-page.ts';
import { QuestionsPage } from '../pages/questions-page.ts';
import { ShellPage } from '../pages/shell-page.ts';
import { seriousFindings } from '../support/axe.ts';

for (const [name, last] of [['rack-epyc', 255], ['spare-atom', 1]] as const) {
  test(`every CPU of ${name} is drawn within the window, and told apart in words`, async ({ served: { page } }) => {
    await page.goto(`${page.url().split('#')[0] ?? ''}#/board/${name}/overview`);
    const overview = new OverviewPage(page);
    await expect(overview.cpu(last)).toBeVisible();
    const width = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    expect(width[0]).toBe(width[1]);
    await expect(overview.cpu(0)).toHaveAccessibleName(/housekeeping/);
    expect(await seriousFindings(page)).toEqual([]);
  });
}

test('arrow keys walk over the CPUs', async ({ served: { page } }) => {
  await page.goto(`${page.url().split('#')[0] ?? ''}#/board/rack-epyc/overview`);
  const overview = new OverviewPage(page);
  await overview.cpu(0).focus();
  await page.keyboard.press('ArrowRight');
  await expect(overview.details).toContainText(/CPU/);
  await expect(overview.cpu(0)).not.toBeFocused();
});

test('a lost link is said at once, and that runs go on', async ({ served: { page, dropLinks } }) => {
  const shell = new ShellPage(page);
  await expect(shell.boards).toBeVisible();
  dropLinks();
  await expect(shell.linkLost).toBeVisible();
  await expect(page.getByText(/Runs go on on their boards/).first()).toBeVisible();
});

test('a failure shows what happened and what to do next', async ({ served: { page, core } }) => {
  await page.goto(`${page.url().split('#')[0] ?? ''}#/board/spare-atom/overview`);
  core.failNext('inspect.start', new CodedError('board-busy', 'press-host is in use by anna@bench-2.', { next: 'Ask them, or wait.' }));
  await new OverviewPage(page).startReading();
  const problem = page.getByText('press-host is in use by anna@bench-2.');
  await expect(problem.first()).toBeVisible();
  await expect(page.getByText('Ask them, or wait.').first()).toBeVisible();
});

test('questions can be answered by keyboard alone', async ({ served: { page, core } }) => {
  await expect(new ShellPage(page).boards).toBeVisible();
  core.ask('spare-atom', { kind: 'sudo', user: 'bench', host: '192.0.2.30', reason: 'to give cyclictest its real-time priority', attempt: 1 });
  await new QuestionsPage(page).sudo.waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  await page.keyboard.type('secret');
  await page.keyboard.press('Enter');
  await expect(new QuestionsPage(page).sudo).toBeHidden();
  expect([...core.answers.values()]).toContainEqual({ kind: 'answers', answers: ['secret'] });
});
