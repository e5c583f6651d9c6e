import type { Locator, Page } from '@playwright/test';

export type StationName = 'Overview' | 'Firmware' | 'CPU map' | 'Kernel' | 'Runtime' | 'VMs' | 'Changes' | 'Bench' | 'Results' | 'Connection' | 'Practice';

/** The frame that is there on every screen: boards, stations, foot line, banners and notices. */
export class ShellPage {
  readonly page: Page;
  readonly boards: Locator;
  readonly heading: Locator;
  readonly identity: Locator;
  readonly footConnection: Locator;
  readonly footSudo: Locator;
  readonly footCost: Locator;
  readonly news: Locator;
  readonly problems: Locator;
  readonly linkLost: Locator;

  constructor(page: Page) {
    this.page = page;
    this.boards = page.getByRole('navigation', { name: 'Boards and project' });
    this.heading = page.getByRole('heading', { level: 1 });
    this.identity = page.getByTestId('board-identity');
    this.footConnection = page.getByTestId('foot-connection');
    this.footSudo = page.getByTestId('foot-sudo');
    this.footCost = page.getByTestId('foot-cost');
    this.news = page.getByRole('status', { name: 'News' });
    this.problems = page.getByRole('alert', { name: 'Problems' });
    this.linkLost = page.getByText('This window lost its connection to the RTVM Bench core.');
  }

  board(name: string): Locator {
    return this.boards.getByRole('link', { name });
  }

  station(name: StationName): Locator {
    return this.page.getByRole('tab', { name });
  }

  async openBoard(name: string): Promise<void> {
    await this.board(name).click();
    await this.heading.filter({ hasText: name }).waitFor();
  }

  async openStation(name: StationName): Promise<void> {
    await this.station(name).click();
  }

  async openAllRuns(): Promise<void> {
    await this.boards.getByRole('link', { name: 'All runs' }).click();
  }

  async openProject(directory: string): Promise<void> {
    await this.page.getByRole('button', { name: /^Project:/ }).click();
    const dialog = this.page.getByRole('dialog', { name: 'Project' });
    await dialog.getByLabel('Folder of a project').fill(directory);
    await dialog.getByRole('button', { name: 'Open', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
  }

  async createProject(name: string, directory: string): Promise<void> {
    await this.page.getByRole('button', { name: /^Project:/ }).click();
    const dialog = this.page.getByRole('dialog', { name: 'Project' });
    await dialog.getByLabel('Name').fill(name);
    await dialog.getByLabel('Folder to create').fill(directory);
    await dialog.getByRole('button', { name: 'Create' }).click();
    await dialog.waitFor({ state: 'detached' });
  }
}
