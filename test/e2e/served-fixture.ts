import { inProject } from '../../build/lib/project-root.mjs';
import { createFakeCore, type FakeCore } from '../support/fake-core.ts';
import { serveFakeCore } from '../support/fake-core/serve.ts';
import { test as base } from './host-fixture.ts';
import type { Page } from '@playwright/test';

export interface Served { readonly page: Page; readonly core: FakeCore; dropLinks(): void }

/** The built window on a core in memory: boards and states that this machine does not have. */
export const test = base.extend<{ served: Served }>({
  served: async ({ machineBrowser, viewport }, use) => {
    const core = createFakeCore();
    const server = await serveFakeCore(core, inProject('dist', 'renderer'));
    const context = await (await machineBrowser()).newContext({ viewport });
    const page = await context.newPage();
    await page.goto(server.url);
    await use({ page, core, dropLinks: server.dropLinks });
    await context.close();
    await server.close();
  },
});

export { expect } from './host-fixture.ts';
