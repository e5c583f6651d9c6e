import { expect, test } from '../host-fixture.ts';

test('the window opens on the first project, with the practice board, under the strict policy', async ({ bench }) => {
  await expect(bench.page).toHaveTitle(/RTVM Bench/);
  await expect(bench.page.getByText('Practice board').first()).toBeVisible();
  expect(bench.violations).toEqual([]);
});

test('a window that is loaded again works on', async ({ bench }) => {
  await bench.page.reload();
  await expect(bench.page.getByText('Practice board').first()).toBeVisible();
  expect(bench.violations).toEqual([]);
});

test('a page can reach nothing but its own core', async ({ bench }) => {
  const reached = await bench.page.evaluate(async () => {
    const attempts: Array<[string, () => Promise<unknown>]> = [
      ['fetch elsewhere', () => fetch('http://127.0.0.1:9/')],
      ['evaluate text', async () => Reflect.construct(Function, ['return 1'])],
      ['inline script', () => new Promise((ran, failed) => {
        const script = document.createElement('script');
        script.textContent = 'document.body.dataset.inlineRan = "yes"';
        document.body.append(script);
        if (document.body.dataset['inlineRan'] === 'yes') ran(null);
        else failed(new Error('it did not run'));
      })],
      ['another window', async () => {
        if (window.open('http://127.0.0.1:9/') === null) throw new Error('no window');
      }],
      ['Node', async () => {
        if (Reflect.get(window, 'process') === undefined && Reflect.get(window, 'require') === undefined) throw new Error('no Node');
      }],
    ];
    const done: string[] = [];
    // Within the call itself the developer tools lift the policy on evaluating text; in a later task it holds.
    await new Promise((later) => { setTimeout(later); });
    for (const [name, attempt] of attempts) await attempt().then(() => { done.push(name); }, () => { /* refused, as it must be */ });
    return done;
  });
  // A browser of the user's may open a window; it cannot reach back, which the opener policy sees to.
  expect(reached.filter((name) => bench.hostName === 'electron' || name !== 'another window')).toEqual([]);
});
