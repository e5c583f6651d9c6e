import type { Locator, Page } from '@playwright/test';

/** What the core asks while it connects. */
export class QuestionsPage {
  readonly hostKey: Locator;
  readonly fingerprint: Locator;
  readonly password: Locator;
  readonly passphrase: Locator;
  readonly sudo: Locator;

  constructor(page: Page) {
    this.hostKey = page.getByRole('dialog', { name: 'Is this the right machine?' });
    this.fingerprint = page.getByTestId('fingerprint');
    this.password = page.getByRole('dialog', { name: 'Password', exact: true });
    this.passphrase = page.getByRole('dialog', { name: 'Passphrase of the key' });
    this.sudo = page.getByRole('dialog', { name: 'sudo password' });
  }

  async trustHostKey(): Promise<string> {
    const shown = (await this.fingerprint.textContent()) ?? '';
    await this.hostKey.getByRole('button', { name: 'It is the same: trust this key' }).click();
    return shown;
  }

  async refuseHostKey(): Promise<void> {
    await this.hostKey.getByRole('button', { name: 'Refuse' }).click();
  }

  async givePassword(password: string): Promise<void> {
    await this.password.getByLabel(/^Password of/).fill(password);
    await this.password.getByRole('button', { name: 'Continue' }).click();
  }

  async givePassphrase(passphrase: string): Promise<void> {
    await this.passphrase.getByLabel('Passphrase').fill(passphrase);
    await this.passphrase.getByRole('button', { name: 'Continue' }).click();
  }

  async giveSudo(password: string): Promise<void> {
    await this.sudo.getByLabel(/^Password of/).fill(password);
    await this.sudo.getByRole('button', { name: 'Use it for sudo' }).click();
  }
}
