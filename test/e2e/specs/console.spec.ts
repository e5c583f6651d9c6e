import type { Page } from '@playwright/test';
import { expect, test } from '../served-fixture.ts';
import { gatherViolations } from '../support/violations.ts';

/** The console of VM `rt` on the host that has been read. */
async function openConsole(page: Page): Promise<string[]> {
  const violations: string[] = [];
  await gatherViolations(page, violations);
  await page.reload();
  await page.evaluate(() => { location.hash = '#/board/cell-host/vms/vm/rt/console'; });
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  return violations;
}

test('a VM’s console shows, takes what is typed, and is left with the keyboard, under the content policy', async ({ served: { page } }) => {
  const violations = await openConsole(page);
  const card = page.getByRole('region', { name: 'Serial console of rt' });
  await expect(card).toContainText('virsh -c qemu:///system console rt');
  const screen = card.locator('.xterm-rows');
  await expect(screen).toContainText('Connected to domain \'rt\'');
  // A colour of its own is a style of its own; it must show, too.
  const login = screen.locator('span', { hasText: 'rt login:' });
  await expect(login).toHaveCSS('color', 'rgb(250, 120, 40)');
  await expect(screen.locator('span').first()).toHaveCSS('display', 'inline-block');

  await page.keyboard.type('root');
  await expect(screen).toContainText('root');
  await page.keyboard.press('Shift+Escape');
  await expect(card.getByRole('button', { name: 'Close' })).toBeFocused();

  // What is selected is coloured by a style of its own, too.
  await card.locator('.xterm-screen').dblclick({ position: { x: 40, y: 6 } });
  await expect(screen.locator('.xterm-decoration-top').first()).toHaveCSS('background-color', 'rgb(47, 77, 107)');
  await page.keyboard.press('Control+]');
  await expect(card).toContainText('It has ended.');
  await card.getByRole('button', { name: 'Open again' }).click();
  await expect(screen).toContainText('Connected to domain \'rt\'');
  await expect(screen).not.toContainText('root');
  expect(violations).toEqual([]);
});

test('a console that is lost with the window’s link says so', async ({ served: { page, dropLinks } }) => {
  await openConsole(page);
  await expect(page.locator('.xterm-rows')).toContainText('Connected');
  dropLinks();
  await expect(page.getByRole('region', { name: 'Serial console of rt' }).getByRole('alert')).toContainText('lost its connection');
});
