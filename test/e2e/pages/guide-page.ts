import type { Locator, Page } from '@playwright/test';

/** Settings judged by a guide: the bar above, a card a layer, a row a setting. */
export class GuidePage {
  readonly page: Page;
  readonly bar: Locator;
  readonly guide: Locator;
  readonly notReadYet: Locator;

  constructor(page: Page) {
    this.page = page;
    this.bar = page.getByRole('region', { name: 'Guide', exact: true });
    this.guide = this.bar.getByRole('combobox', { name: 'Guide', exact: true });
    this.notReadYet = page.getByRole('region', { name: 'Not read yet' });
  }

  layer(title: string): Locator {
    return this.page.getByRole('region', { name: title, exact: true });
  }

  setting(title: string): Locator {
    return this.page.getByRole('row').filter({ has: this.page.getByRole('rowheader', { name: title, exact: true }) });
  }

  /** One part of an opened setting. */
  part(part: 'Evidence' | 'Why it matters' | 'Fix', title: string): Locator {
    return this.page.getByRole('region', { name: `${part}: ${title}` });
  }

  async show(which: 'Needs attention' | 'All'): Promise<void> {
    await this.bar.getByRole('radio', { name: which }).check();
  }

  async open(title: string): Promise<void> {
    await this.setting(title).getByRole('button').click();
  }
}
