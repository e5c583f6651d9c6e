import type { Locator, Page } from '@playwright/test';

/** The card of a run's page that says why the run is as it is. */
export class ExplanationPage {
  readonly page: Page;
  readonly card: Locator;
  readonly findings: Locator;
  readonly conditions: Locator;

  constructor(page: Page) {
    this.page = page;
    this.card = page.getByRole('region', { name: 'Why' });
    this.findings = this.card.getByRole('list', { name: 'Findings, the likeliest first' }).locator('> li');
    this.conditions = this.card.getByRole('region', { name: 'Conditions of a valid run' });
  }

  /** Unfolds what a finding rests on and what addresses it. */
  async open(finding: Locator): Promise<void> {
    await finding.getByText(/^Evidence and what to do/).click();
  }

  async openConditions(): Promise<void> {
    await this.card.getByText(/^Conditions of a valid run:/).click();
  }
}
