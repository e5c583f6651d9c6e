import type { Locator, Page } from '@playwright/test';

export type BenchField = 'Measured CPUs' | 'Main thread on CPUs' | 'Priority' | 'Interval, µs' | 'Duration' | 'Samples per CPU' | 'Histogram up to, µs' | 'Segment' | 'Your deadline, µs' | 'Met by, % of responses';

/** The bench: the form of a run with its command, and the run while it goes on. */
export class BenchPage {
  readonly page: Page;
  readonly command: Locator;
  readonly startButton: Locator;
  readonly whyNot: Locator;
  readonly conditions: Locator;
  readonly liveMax: Locator;
  readonly liveTable: Locator;
  readonly progress: Locator;
  /** The sentence of the benchmark that is chosen. */
  readonly question: Locator;
  readonly newestLines: Locator;

  constructor(page: Page) {
    this.page = page;
    this.command = page.getByRole('figure').locator('code');
    this.startButton = page.getByRole('button', { name: 'Start the run' });
    this.whyNot = page.locator('#why-not');
    this.conditions = page.getByRole('region', { name: 'What the result will say' });
    this.liveMax = page.getByTestId('live-max');
    this.liveTable = page.getByRole('region', { name: 'Latency per CPU' });
    this.progress = page.getByRole('progressbar', { name: 'Progress of the run' });
    this.question = page.getByTestId('question');
    this.newestLines = page.getByRole('region', { name: 'Newest lines', exact: true });
  }

  /** Another benchmark, by its title. */
  async choose(title: string): Promise<void> {
    await this.page.getByLabel('Benchmark', { exact: true }).selectOption(title);
  }

  /** A value of a tool, by its label. */
  async fillValue(label: string, value: string): Promise<void> {
    await this.page.getByLabel(label, { exact: true }).fill(value);
  }

  field(label: BenchField): Locator {
    return this.page.getByLabel(label, { exact: true });
  }

  async lengthBy(what: 'time' | 'samples per CPU'): Promise<void> {
    await this.page.getByLabel('Length by').selectOption(what);
  }

  async runAsTheSystemIs(): Promise<void> {
    await this.page.getByRole('radio', { name: /^Run the system as it is/ }).check();
  }

  /** Fills the form field by field; the core checks it as it is typed. */
  async fill(values: Partial<Record<BenchField, string>>): Promise<void> {
    for (const label of Object.keys(values)) {
      const value = Object.entries(values).find(([name]) => name === label)?.[1];
      if (value !== undefined) await this.page.getByLabel(label, { exact: true }).fill(value);
    }
  }

  async start(): Promise<void> {
    await this.startButton.click();
    await this.progress.waitFor();
  }

  async stopEarly(): Promise<void> {
    await this.page.getByRole('button', { name: 'Stop early' }).click();
    await this.page.getByRole('dialog', { name: 'Stop this run early?' }).getByRole('button', { name: 'Stop the run' }).click();
  }
}
