import type { Locator, Page } from '@playwright/test';

export interface BoardEntry {
  readonly address: string;
  readonly port?: number;
  readonly user: string;
  readonly method?: 'Password' | 'Private key file' | 'SSH agent' | 'Keyboard-interactive';
  readonly keyFile?: string;
  readonly name?: string;
  readonly jumps?: ReadonlyArray<Pick<BoardEntry, 'address' | 'port' | 'user' | 'method' | 'keyFile'>>;
}

/** The dialog that adds a board. */
export class AddBoardPage {
  readonly page: Page;
  readonly dialog: Locator;

  constructor(page: Page) {
    this.page = page;
    this.dialog = page.getByRole('dialog', { name: 'Add a board' });
  }

  async open(): Promise<void> {
    await this.page.getByRole('button', { name: 'Add board' }).click();
    await this.dialog.waitFor();
  }

  async fill(entry: BoardEntry): Promise<void> {
    await this.#fillHop(this.dialog, entry, 0);
    for (const [at, jump] of (entry.jumps ?? []).entries()) {
      await this.dialog.getByRole('button', { name: '+ Jump host' }).click();
      await this.#fillHop(this.dialog.getByRole('group', { name: `Jump host ${String(at + 1)}` }), jump, 0);
    }
    if (entry.name !== undefined) await this.dialog.getByLabel('Name in this project').fill(entry.name);
  }

  async submit(): Promise<void> {
    await this.dialog.getByRole('button', { name: 'Add the board' }).click();
  }

  async add(entry: BoardEntry): Promise<void> {
    await this.open();
    await this.fill(entry);
    await this.submit();
    await this.dialog.waitFor({ state: 'detached' });
  }

  suggestion(name: string): Locator {
    return this.dialog.getByRole('button', { name });
  }

  async #fillHop(scope: Locator, hop: Omit<BoardEntry, 'name' | 'jumps'>, at: number): Promise<void> {
    await scope.getByLabel('Address').nth(at).fill(hop.address);
    if (hop.port !== undefined) await scope.getByLabel('Port').nth(at).fill(String(hop.port));
    await scope.getByLabel('User').nth(at).fill(hop.user);
    if (hop.method !== undefined) await scope.getByLabel('Log in with').nth(at).selectOption(hop.method);
    if (hop.keyFile !== undefined) await scope.getByLabel('Key file on this laptop').nth(at).fill(hop.keyFile);
  }
}
