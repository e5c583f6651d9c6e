import type { Page } from '@playwright/test';

/** Gathers what a page must never cause: violations of the security policy, uncaught errors, errors on the console. */
export async function gatherViolations(page: Page, violations: string[]): Promise<void> {
  page.on('pageerror', (error) => { violations.push(`uncaught: ${error.message}`); });
  page.on('console', (message) => { if (message.type() === 'error') violations.push(`console: ${message.text()}`); });
  await page.exposeFunction('tellViolation', (text: string) => { violations.push(`policy: ${text}`); });
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const tell: unknown = Reflect.get(window, 'tellViolation');
      if (typeof tell === 'function') tell(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
}
