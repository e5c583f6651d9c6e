import type { Locator, Page } from '@playwright/test';

/** The screen that compares runs. */
export class ComparePage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get link(): Locator { return this.#page.getByRole('link', { name: 'Compare', exact: true }); }
  get choices(): Locator { return this.#page.getByRole('region', { name: 'Runs to compare' }).getByRole('checkbox'); }
  get statements(): Locator { return this.#page.getByTestId('statements'); }
  get exceedance(): Locator { return this.#page.getByTestId('exceedance'); }
  get histogram(): Locator { return this.#page.getByTestId('histogram'); }
  get differences(): Locator { return this.#page.getByRole('region', { name: 'What differed' }); }
  get published(): Locator { return this.#page.getByRole('region', { name: 'Published figures' }); }
  get notVerified(): Locator { return this.#page.getByText('not verified by us'); }

  /** Brings a file in through the dialog. */
  async bringIn(name: string, text: string): Promise<void> {
    await this.#page.getByRole('button', { name: 'Import results…' }).click();
    const dialog = this.#page.getByRole('dialog', { name: 'Import results' });
    await dialog.getByLabel('Files').setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });
    await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  }
  get refusal(): Locator { return this.#page.getByRole('dialog').getByRole('alert'); }
  async closeDialog(): Promise<void> { await this.#page.getByRole('button', { name: 'Cancel' }).click(); }
}
