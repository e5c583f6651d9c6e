import type { FrameLocator, Locator, Page } from '@playwright/test';

/** The screen that previews, signs and saves the report. */
export class ReportsPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get link(): Locator { return this.#page.getByRole('link', { name: 'Report', exact: true }); }
  get preview(): FrameLocator { return this.#page.frameLocator('[data-testid=report-page]'); }
  get signedOffBy(): Locator { return this.#page.getByLabel('Signed off by'); }
  section(name: string): Locator { return this.#page.getByLabel(name, { exact: true }); }
  get save(): Locator { return this.#page.getByRole('button', { name: 'Save the report' }); }
  get written(): Locator { return this.#page.getByRole('status').filter({ hasText: 'Written to' }); }
}
