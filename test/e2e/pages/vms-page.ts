import type { Locator, Page } from '@playwright/test';

export type SetupStepName = 'The host is ready' | 'What VM' | 'Make it' | 'Give it CPUs' | 'Tune it' | 'Start it tuned' | 'Verify it';

/** The station VMs: the list, one VM, the way to a new one, and the cache. */
export class VmsPage {
  readonly page: Page;
  readonly bar: Locator;
  readonly read: Locator;
  readonly list: Locator;
  readonly halfMade: Locator;
  readonly actions: Locator;
  readonly threads: Locator;
  readonly tuning: Locator;
  readonly planTuning: Locator;
  readonly steps: Locator;
  readonly checks: Locator;
  readonly dialog: Locator;

  constructor(page: Page) {
    this.page = page;
    this.bar = page.getByRole('region', { name: 'VMs of this host' });
    this.read = page.getByRole('button', { name: /^Read the VMs/ });
    this.list = page.getByRole('region', { name: 'VMs', exact: true });
    this.halfMade = page.getByRole('region', { name: 'Begun and not finished' });
    this.actions = page.getByRole('region', { name: /^What can be done to / });
    this.threads = page.getByRole('region', { name: /^Threads of / }).getByRole('table');
    this.tuning = page.getByRole('region', { name: 'What tuning would change' });
    this.planTuning = page.getByRole('button', { name: 'Plan the tuning…' });
    this.steps = page.getByRole('navigation', { name: 'Steps' });
    this.checks = page.getByRole('list', { name: 'Checks' });
    this.dialog = page.getByRole('dialog');
  }

  go(name: 'VMs' | 'Cache' | 'New VM'): Promise<void> {
    return this.bar.getByRole('link', { name, exact: true }).click();
  }

  vm(name: string): Locator {
    return this.list.getByRole('listitem').filter({ has: this.page.getByRole('link', { name, exact: true }) });
  }

  async open(name: string): Promise<void> {
    await this.list.getByRole('link', { name, exact: true }).click();
    await this.page.getByRole('heading', { level: 2, name, exact: true }).waitFor();
  }

  tab(name: string): Locator {
    return this.page.getByRole('tab', { name: new RegExp(`^${name}`) }).last();
  }

  thread(title: string): Locator {
    return this.threads.getByRole('row').filter({ has: this.page.getByRole('rowheader', { name: new RegExp(`^${title}`) }) });
  }

  step(name: SetupStepName): Locator {
    return this.steps.getByRole('button', { name: new RegExp(`^${name}`) });
  }

  /** The ways of one cache. */
  picker(name: string): Locator {
    return this.page.getByRole('group', { name: new RegExp(`^What the host keeps of ${name}`) });
  }

  way(cache: string, way: number): Locator {
    return this.picker(cache).getByRole('button', { name: new RegExp(`^way\\s*${String(way)}\\s*,`) });
  }
}
