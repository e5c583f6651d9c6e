import type { Locator, Page } from '@playwright/test';

/** The list of campaigns, a new one, and one as its matrix fills in. */
export class CampaignsPage {
  readonly page: Page;
  readonly state: Locator;
  readonly matrix: Locator;
  readonly reasons: Locator;
  readonly order: Locator;

  constructor(page: Page) {
    this.page = page;
    this.state = page.getByTestId('campaign-state');
    this.matrix = page.getByRole('region', { name: 'Matrix of the campaign' });
    this.reasons = page.getByRole('region', { name: 'What is missing, or not comparable' });
    this.order = page.getByRole('region', { name: 'Order of the cells' });
  }

  async open(): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Boards and project' }).getByRole('link', { name: 'Campaigns' }).click();
  }

  async openNew(): Promise<void> {
    await this.open();
    await this.page.getByRole('link', { name: 'New campaign' }).click();
  }

  async openCampaign(name: string): Promise<void> {
    await this.open();
    await this.page.getByRole('link', { name, exact: true }).click();
  }

  /** Fills fields by their labels. */
  async fill(fields: Readonly<Record<string, string>>): Promise<void> {
    for (const [label, text] of Object.entries(fields)) await this.page.getByLabel(label, { exact: true }).fill(text);
  }

  cell(name: RegExp): Locator {
    return this.matrix.getByRole('link', { name });
  }

  get start(): Locator {
    return this.page.getByRole('button', { name: 'Start the campaign' });
  }
}
