import type { Locator, Page } from '@playwright/test';

/** Plans before they are agreed to, and the Changes station. */
export class ChangesPage {
  readonly page: Page;
  readonly plan: Locator;
  readonly apply: Locator;
  readonly ended: Locator;

  constructor(page: Page) {
    this.page = page;
    this.plan = page.getByRole('dialog');
    this.apply = this.plan.getByRole('button', { name: /^Apply to / });
    this.ended = this.plan.getByRole('status').filter({ hasText: '✓' });
  }

  /** Plans one setting from its row in a guide; the row must be open. */
  async planSetting(title: string): Promise<void> {
    await this.page.getByRole('button', { name: `Plan this change: ${title}` }).click();
    await this.plan.waitFor();
  }

  change(title: string): Locator {
    return this.page.getByRole('region', { name: title, exact: true });
  }

  async close(): Promise<void> {
    await this.plan.getByRole('button', { name: 'Close', exact: true }).click();
  }
}
