import type { Locator, Page } from '@playwright/test';

export type Found = 'As the guide asks' | 'Different' | 'Cannot tell' | 'Not there';

/** The Firmware station beside its settings: step 0, the sheet, what persons attest, the management controller. */
export class FirmwarePage {
  readonly page: Page;
  readonly stepZero: Locator;
  readonly platform: Locator;
  readonly controller: Locator;
  readonly openSheet: Locator;
  readonly sheet: Locator;
  /** What is printed; on the screen it is not there. */
  readonly paper: Locator;
  readonly attestDialog: Locator;

  constructor(page: Page) {
    this.page = page;
    this.stepZero = page.getByRole('region', { name: /^Step 0/ });
    this.platform = page.getByRole('region', { name: 'Platform and distribution' });
    this.controller = page.getByRole('region', { name: 'Management controller' });
    this.openSheet = page.getByRole('button', { name: 'Sheet for the set-up…' });
    this.sheet = page.getByRole('dialog', { name: /^Firmware of / });
    this.paper = page.getByRole('region', { name: 'Sheet on paper' });
    this.attestDialog = page.getByRole('dialog', { name: /^What did the set-up show\?/ });
  }

  /** What the set-up has to say of an opened setting. */
  item(title: string): Locator {
    return this.page.getByRole('region', { name: `In the set-up: ${title}` });
  }

  attest(title: string): Locator {
    return this.page.getByRole('button', { name: `Attest… ${title}`, exact: true });
  }

  photo(title: string): Locator {
    return this.page.getByRole('img', { name: `Photo of the set-up: ${title}` });
  }

  /** Fills the dialog and sends it. */
  async say(found: Found, fields: { name?: string; shown?: string; note?: string; photo?: string } = {}): Promise<void> {
    const dialog = this.attestDialog;
    await dialog.getByRole('radio', { name: found }).check();
    if (fields.shown !== undefined) await dialog.getByRole('textbox', { name: 'What the menu showed' }).fill(fields.shown);
    if (fields.note !== undefined) await dialog.getByRole('textbox', { name: 'Note' }).fill(fields.note);
    if (fields.name !== undefined) await dialog.getByRole('textbox', { name: 'Your name' }).fill(fields.name);
    if (fields.photo !== undefined) await dialog.getByLabel('Photo of the screen').setInputFiles(fields.photo);
    await dialog.getByRole('button', { name: 'Attest' }).click();
  }
}
