import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeNode { readonly target: readonly unknown[] }
interface AxeViolation { readonly id: string; readonly impact: string | null; readonly nodes: readonly AxeNode[] }

/** Serious and critical findings of axe on what the window shows, each with where. */
export async function seriousFindings(page: Page): Promise<string[]> {
  // Given as text it is run by the driver, not by the page, whose policy forbids foreign scripts.
  await page.evaluate(`${source}; undefined`);
  const violations = await page.evaluate<readonly AxeViolation[]>("axe.run().then(({ violations }) => violations)");
  return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}
