import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { chromium, expect, test, type Browser, type Page } from '@playwright/test';
import { seriousFindings } from '../support/axe.ts';
import { chromiumPath, openChromium } from '../support/chromium.ts';
import { gatherViolations } from '../support/violations.ts';

/** The report of a real run on the practice board, made by the command line and opened as a file, as a customer does. */
const cli = join(import.meta.dirname, '..', '..', '..', 'dist', 'cli', 'main.mjs');
const run = promisify(execFile);
let folder: string;
let browser: Browser;
let page: Page;
const violations: string[] = [];
const requested: string[] = [];

test.skip(chromiumPath() === null, 'Chromium is not installed here.');

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rtvm-bench-report-'));
  const env = { ...process.env, RTVM_BENCH_HOME: join(folder, 'home') };
  const project = join(folder, 'demo.rtvm');
  await run(process.execPath, [cli, 'demo', '--project', project, '--seconds', '3'], { env });
  // A board with settings to change and verdicts is reported, not judged: the command succeeds.
  await run(process.execPath, [cli, 'report', '--project', project, '--out', folder, '--date', '20261121T101500Z', '--signed-off-by', 'A. Person'], { env });
  browser = await openChromium(chromium);
  page = await browser.newPage({ viewport: { width: 1100, height: 900 } });
  await gatherViolations(page, violations);
  page.on('request', (request) => { requested.push(request.url()); });
  await page.goto(pathToFileURL(join(folder, 'report.html')).href);
});

test.afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
});

test('loads nothing, and its policy lets its own style through', async () => {
  expect(requested).toEqual([page.url()]);
  expect(violations).toEqual([]);
  expect(await page.locator('body').evaluate((body) => getComputedStyle(body).maxWidth)).toBe('1040px');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`has no serious finding (${colorScheme})`, async () => {
    await page.emulateMedia({ colorScheme });
    // Frames of wide tables scroll; that and contrast are what a long page gets wrong.
    expect(await seriousFindings(page)).toEqual([]);
  });
}

test('shows the run’s verdict and its plots', async () => {
  const report = page.getByRole('article').filter({ hasText: 'cyclictest on Demo board' });
  await expect(report.getByText('Verdict:')).toBeVisible();
  await expect(report.getByRole('img', { name: /^Histogram of CPU/ })).toBeVisible();
  await expect(report.getByRole('img', { name: /^Share of samples/ })).toBeVisible();
  await expect(page.getByText('Signed off by A. Person')).toBeVisible();
});

test('fits narrow windows, and wide tables scroll within', async () => {
  await page.setViewportSize({ width: 420, height: 800 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(420);
  expect(await seriousFindings(page)).toEqual([]);
  await page.setViewportSize({ width: 1100, height: 900 });
});

test('prints to pages of A4', async () => {
  const file = join(folder, 'report.pdf');
  await page.pdf({ path: file, preferCSSPageSize: true });
  const pdf = await readFile(file, 'latin1');
  expect(pdf.match(/\/Type\s*\/Page\b/g)?.length ?? 0).toBeGreaterThan(3);
  expect(pdf).toMatch(/\/MediaBox\s*\[0 0 59[45][.\d]* 84[12][.\d]*\]/);
});
