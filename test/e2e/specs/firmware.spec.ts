import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, type Bench } from '../host-fixture.ts';
import { ChangesPage } from '../pages/changes-page.ts';
import { FirmwarePage } from '../pages/firmware-page.ts';
import { GuidePage } from '../pages/guide-page.ts';
import { OverviewPage } from '../pages/overview-page.ts';
import { ShellPage } from '../pages/shell-page.ts';
import { startRedfishServer } from '../../support/redfish-server.ts';
import { seriousFindings } from '../support/axe.ts';

/** One grey pixel. */
const pixel = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==', 'base64');
const legacyUsb = 'Legacy USB Support';

async function openFirmware({ page }: Bench): Promise<{ guide: GuidePage; firmware: FirmwarePage; shell: ShellPage }> {
  const shell = new ShellPage(page);
  await shell.openBoard('Practice board');
  await new OverviewPage(page).startReading();
  await expect(new OverviewPage(page).cpu(0)).toBeVisible({ timeout: 20_000 });
  await shell.openStation('Firmware');
  return { guide: new GuidePage(page), firmware: new FirmwarePage(page), shell };
}

test('what a person found is kept with name, note and photo, by keyboard too', async ({ bench }) => {
  const { page } = bench;
  const { guide, firmware } = await openFirmware(bench);
  const photo = join(bench.home, 'screen.png');
  await writeFile(photo, pixel);

  await expect(guide.setting(legacyUsb)).toContainText('look yourself');
  await guide.open(legacyUsb);
  await expect(firmware.item(legacyUsb)).toContainText('ports 60h and 64h');
  await firmware.attest(legacyUsb).focus();
  await page.keyboard.press('Enter');
  await expect(firmware.attestDialog).toBeVisible();
  await firmware.attestDialog.getByRole('button', { name: 'Attest' }).click();
  await expect(firmware.attestDialog).toContainText('Say who looked.');
  expect(await seriousFindings(page), 'attest').toEqual([]);
  await firmware.say('As the guide asks', { name: 'Ada', shown: 'Disabled', note: 'second page', photo });
  await expect(firmware.attestDialog).toBeHidden();

  await guide.show('All');
  await expect(guide.setting(legacyUsb)).toContainText('Attested by Ada');
  await expect(guide.setting(legacyUsb)).toContainText('ok');
  if (!await firmware.item(legacyUsb).isVisible()) await guide.open(legacyUsb);
  await expect(guide.part('Evidence', legacyUsb)).toContainText(/attested by Ada on \d{4}-\d\d-\d\d: as asked \(Disabled\): second page/);
  await page.getByRole('button', { name: `Show the photo of ${legacyUsb}` }).click();
  await expect(firmware.photo(legacyUsb)).toBeVisible();

  // The name is asked for once.
  const console = 'USB Periodic SMI';
  await guide.open(console);
  await firmware.attest(console).click();
  await expect(firmware.attestDialog.getByRole('textbox', { name: 'Your name' })).toHaveValue('Ada');
  await page.keyboard.press('Escape');
  await expect(firmware.attestDialog).toBeHidden();
  expect(bench.violations).toEqual([]);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`step 0, the platform, a contradiction, the sheet and the controller (${colorScheme})`, async ({ bench }) => {
    const { page } = bench;
    await page.emulateMedia({ colorScheme });
    const { guide, firmware } = await openFirmware(bench);
    await expect(firmware.stepZero).toContainText('Load Defaults');
    await expect(firmware.platform).toContainText('Intel’s table');
    await expect(firmware.controller.getByRole('textbox', { name: 'Address' })).toBeVisible();

    const turbo = 'Turbo Mode';
    await expect(guide.setting(turbo)).toContainText('Seen from Linux');
    await guide.open(turbo);
    await firmware.attest(turbo).click();
    await firmware.say('As the guide asks', { name: 'Ada' });
    await expect(guide.setting(turbo)).toContainText('Contradiction');
    await expect(firmware.item(turbo)).toContainText('Ada attested on');
    expect(await seriousFindings(page), 'station').toEqual([]);

    await firmware.openSheet.click();
    await expect(firmware.sheet).toContainText(legacyUsb);
    expect(await seriousFindings(page), 'sheet').toEqual([]);
    await expect(firmware.paper).toBeHidden();
    await page.emulateMedia({ media: 'print', colorScheme });
    await expect(firmware.paper.getByRole('table')).toBeVisible();
    await expect(firmware.sheet).toBeHidden();
    await expect(firmware.stepZero).toBeHidden();
    await page.emulateMedia({ media: 'screen', colorScheme });
    await page.keyboard.press('Escape');
    await expect(firmware.sheet).toBeHidden();
    expect(bench.violations).toEqual([]);
  });
}

test('a management controller is trusted by its certificate, logged in to and read; a plan changes a setting through it', async ({ bench }) => {
  const { page } = bench;
  // The practice board’s own UUID: a controller of another machine is refused.
  const server = await startRedfishServer('one', '8a3f6c20-51d7-11ee-8000-3cecefb4a1d2');
  try {
    const { firmware } = await openFirmware(bench);
    const { controller } = firmware;
    await controller.getByRole('textbox', { name: 'Address' }).fill('127.0.0.1');
    await controller.getByRole('textbox', { name: 'Port' }).fill(String(server.port));
    await controller.getByRole('button', { name: 'Keep this address' }).click();
    await controller.getByRole('button', { name: 'Read its settings' }).click();

    const trust = page.getByRole('dialog', { name: 'Is this the right management controller?' });
    await expect(trust).toContainText('Contoso, bmc-one.test');
    await expect(trust.getByRole('button', { name: 'Refuse' })).toBeFocused();
    expect(server.requests).toEqual([]);
    expect(await seriousFindings(page), 'certificate').toEqual([]);
    await trust.getByRole('button', { name: /trust this certificate/ }).click();
    const logIn = page.getByRole('dialog', { name: 'Log-in of the management controller' });
    await logIn.getByRole('textbox', { name: 'User' }).fill('operator');
    await logIn.getByLabel('Password').fill('näher%20');
    await logIn.getByRole('button', { name: 'Continue' }).click();
    await expect(controller.getByRole('row').filter({ hasText: 'ProcTurboMode' })).toContainText('Enabled');
    await expect(controller).toContainText('its certificate is trusted');
    expect(await seriousFindings(page), 'controller').toEqual([]);

    await page.getByRole('button', { name: 'Plan firmware changes…' }).click();
    const changes = new ChangesPage(page);
    await expect(changes.plan).toContainText('Turbo Mode: Disabled (ProcTurboMode, now Enabled)');
    expect(server.next['ProcTurboMode']).toBe('Enabled');
    await changes.apply.click();
    await expect(changes.ended).toBeVisible({ timeout: 30_000 });
    expect(server.next['ProcTurboMode']).toBe('Disabled');
    await changes.close();
    await expect(new GuidePage(page).setting('Turbo Mode')).toContainText('waits for a restart');
    await controller.getByRole('button', { name: 'Read its settings' }).click();
    await expect(controller.getByRole('row').filter({ hasText: 'ProcTurboMode' })).toContainText('EnabledDisabled');
    expect(bench.violations).toEqual([]);
  } finally {
    server.close();
  }
});

test('where the firmware offers its settings to Linux they are read, planned and wait for a restart', async ({ bench }) => {
  const { page } = bench;
  const shell = new ShellPage(page);
  const guide = new GuidePage(page);
  const changes = new ChangesPage(page);
  await shell.openBoard('Practice board');
  await shell.openStation('Practice');
  await page.getByRole('radio', { name: 'Embedded Atom with RHEL' }).check();
  await shell.openStation('Overview');
  await new OverviewPage(page).startReading();
  await expect(new OverviewPage(page).cpu(0)).toBeVisible({ timeout: 20_000 });
  await shell.openStation('Firmware');

  const cStates = 'C States';
  await expect(guide.setting(cStates)).toContainText('not written');
  await expect(new FirmwarePage(page).platform).toContainText('Elkhart Lake is listed');
  await page.getByRole('button', { name: 'Plan firmware changes…' }).click();
  await expect(changes.plan).toContainText('C States: Disabled (CStatesCtrl, now Enabled)');
  await changes.apply.click();
  await expect(changes.ended).toBeVisible({ timeout: 30_000 });
  await changes.close();
  await expect(guide.setting(cStates)).toContainText('waits for a restart');
  expect(bench.violations).toEqual([]);
});
