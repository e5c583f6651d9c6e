import type { Locator, Page } from '@playwright/test';

/** The runs of a board, and one result in full. */
export class ResultPage {
  readonly page: Page;
  readonly runs: Locator;
  readonly verdict: Locator;
  readonly histogram: Locator;
  readonly figures: Locator;
  readonly strip: Locator;
  readonly claim: Locator;
  readonly notes: Locator;
  readonly segments: Locator;
  readonly raw: Locator;
  /** Of a run with any tool but cyclictest. */
  readonly latencies: Locator;
  readonly figuresOfTool: Locator;

  constructor(page: Page) {
    this.page = page;
    this.runs = page.getByRole('region', { name: /^Runs/ }).getByRole('row').filter({ has: page.getByRole('link') });
    this.verdict = page.getByTestId('verdict');
    this.histogram = page.getByTestId('histogram');
    this.figures = page.getByRole('region', { name: 'Figures per CPU' });
    this.strip = page.getByRole('img', { name: /^Worst latency over/ });
    this.claim = page.getByRole('region', { name: 'What may be claimed' });
    this.notes = page.getByRole('list', { name: 'Conditions and warnings' });
    this.segments = page.getByRole('region', { name: 'Segments of the run' });
    this.latencies = page.getByRole('region', { name: 'Latencies' });
    this.figuresOfTool = page.getByRole('region', { name: 'Figures', exact: true });
    this.raw = page.getByRole('region', { name: 'Raw output' });
  }

  /** Opens the newest run of the list. */
  async openNewest(): Promise<void> {
    await this.runs.first().getByRole('link').click();
    await this.histogram.waitFor();
  }

  /** Figures of one CPU as shown, by column; `all` is the sum over the measured CPUs. */
  async figuresOf(cpu: number | 'all'): Promise<Map<string, string>> {
    const names = (await this.figures.getByRole('columnheader').allTextContents()).map((name) => name.replace(/\s+/g, ' ').trim());
    const row = this.figures.getByRole('row').filter({ has: this.page.getByRole('checkbox', { name: cpu === 'all' ? 'Draw all CPUs' : `Draw CPU ${String(cpu)}`, exact: true }) });
    const values = await row.getByRole('cell').allTextContents();
    return new Map(values.map((value, at) => [names[at + 1] ?? '', value.trim()]));
  }

  /** What part of the latency axis is on show, µs. */
  async view(): Promise<{ fromUs: number; toUs: number }> {
    const [from = NaN, to = NaN] = ((await this.histogram.getAttribute('data-view')) ?? '').split('-').map(Number);
    return { fromUs: from, toUs: to };
  }

  async press(key: '+' | '-' | '0' | 'ArrowLeft' | 'ArrowRight' | 'Home' | 'End'): Promise<void> {
    await this.histogram.press(key);
  }

  async setDeadline(us: string): Promise<void> {
    await this.page.getByLabel('Deadline, µs').fill(us);
    await this.page.getByRole('button', { name: 'Judge' }).click();
  }

  async showRaw(): Promise<void> {
    await this.raw.getByRole('button', { name: 'Show the files' }).click();
  }
}
