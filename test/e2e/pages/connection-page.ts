import type { Locator, Page } from '@playwright/test';

/** How a board is reached, and which host keys are trusted for it. */
export class ConnectionPage {
  readonly page: Page;
  readonly trustedKeys: Locator;
  readonly forgetDialog: Locator;

  constructor(page: Page) {
    this.page = page;
    this.trustedKeys = page.getByRole('region', { name: 'Trusted host keys' });
    this.forgetDialog = page.getByRole('dialog', { name: /^Forget the host key of/ });
  }

  async disconnect(): Promise<void> {
    await this.page.getByRole('button', { name: 'Disconnect' }).click();
    await this.page.getByRole('button', { name: 'Connect', exact: true }).waitFor();
  }

  async askToForget(): Promise<void> {
    await this.trustedKeys.getByRole('button', { name: /^Forget this key/ }).first().click();
    await this.forgetDialog.waitFor();
  }

  async keep(): Promise<void> {
    await this.forgetDialog.getByRole('button', { name: 'Keep it' }).click();
    await this.forgetDialog.waitFor({ state: 'detached' });
  }

  async forget(): Promise<void> {
    await this.forgetDialog.getByRole('button', { name: /^Forget th/ }).click();
    await this.forgetDialog.waitFor({ state: 'detached' });
  }
}
