import type { Locator, Page } from '@playwright/test';

/** What was read of a board: the drawn map, what stands in the way, the facts. */
export class OverviewPage {
  readonly page: Page;
  readonly map: Locator;
  readonly details: Locator;
  readonly remarks: Locator;
  readonly commandLine: Locator;
  readonly unread: Locator;
  readonly notReadYet: Locator;

  constructor(page: Page) {
    this.page = page;
    this.map = page.getByRole('region', { name: 'CPU map' });
    this.details = this.map.locator('#cpu-details');
    this.remarks = page.getByRole('region', { name: 'Stands in the way' });
    this.commandLine = page.getByRole('region', { name: 'Kernel command line' });
    this.unread = page.getByRole('region', { name: 'Not read', exact: true });
    this.notReadYet = page.getByRole('region', { name: 'Not read yet' });
  }

  cpu(number: number): Locator {
    return this.map.getByRole('button', { name: new RegExp(`^CPU\\s*${String(number)}\\s*,`) });
  }

  panel(title: string): Locator {
    return this.map.getByRole('region', { name: title });
  }

  /** The value of one line of the facts. */
  fact(name: string): Locator {
    return this.page.getByRole('row').filter({ has: this.page.getByRole('rowheader', { name, exact: true }) }).getByRole('cell');
  }

  /** Reads the board and waits until the reading is on show. Questions on the way are the caller's. */
  async startReading(): Promise<void> {
    await this.page.getByRole('button', { name: /^Read (the board|again)$/ }).click();
  }

  async importCapture(file: string): Promise<void> {
    await this.page.getByLabel('Capture file').setInputFiles(file);
  }

  async saveProbe(): Promise<string> {
    const download = this.page.waitForEvent('download');
    await this.page.getByRole('button', { name: 'Save the probe script' }).click();
    return (await download).path();
  }
}
