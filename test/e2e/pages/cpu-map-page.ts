import type { Locator, Page } from '@playwright/test';

/** The CPU map being worked on: the drawn CPUs, who wants some, the rules, and what is saved. */
export class CpuMapPage {
  readonly page: Page;
  readonly map: Locator;
  readonly details: Locator;
  readonly claimants: Locator;
  readonly rules: Locator;
  readonly findings: Locator;
  readonly savedMap: Locator;
  readonly propose: Locator;
  readonly addVm: Locator;
  readonly undo: Locator;
  readonly save: Locator;

  constructor(page: Page) {
    this.page = page;
    this.map = page.getByRole('region', { name: 'Map of the CPUs' });
    this.details = this.map.locator('#cpu-details');
    this.claimants = page.getByRole('region', { name: 'Claimants' });
    this.rules = page.getByRole('region', { name: 'Rules', exact: true });
    this.findings = page.getByRole('list', { name: 'Findings' });
    this.savedMap = page.getByRole('region', { name: 'Saved map' });
    this.propose = this.claimants.getByRole('button', { name: 'Propose' });
    this.addVm = this.claimants.getByRole('button', { name: 'Add a VM' });
    this.undo = this.savedMap.getByRole('button', { name: 'Undo' });
    this.save = this.savedMap.getByRole('button', { name: 'Save the map' });
  }

  /** A CPU on the map; its accessible name says who has it. */
  cpu(number: number): Locator {
    return this.map.getByRole('button', { name: new RegExp(`^CPU\\s*${String(number)}\\s*,`) });
  }

  /** The row of a claimant: what it asks for and what it has. */
  claimant(name: string): Locator {
    return this.claimants.getByRole('row').filter({ has: this.page.getByRole('radio', { name, exact: true }) });
  }

  async choose(name: string): Promise<void> {
    await this.claimants.getByRole('radio', { name, exact: true }).check();
  }

  async ask(name: string, count: number, node = 0): Promise<void> {
    await this.claimants.getByLabel(`Number of CPUs for ${name}`, { exact: true }).fill(String(count));
    await this.claimants.getByLabel(`Node of ${name}`, { exact: true }).selectOption(String(node));
  }

  async nameVm(name: string, wanted: string): Promise<void> {
    await this.claimants.getByLabel(`Name of VM ${name}`, { exact: true }).fill(wanted);
    await this.claimants.getByLabel(`Name of VM ${name}`, { exact: true }).press('Tab');
  }
}
