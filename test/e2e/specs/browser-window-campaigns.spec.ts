import { expect, test } from '../served-fixture.ts';
import { CampaignsPage } from '../pages/campaigns-page.ts';
import { seriousFindings } from '../support/axe.ts';

for (const colorScheme of ['light', 'dark'] as const) {
  test(`a campaign in the middle of it: every state says what it is (${colorScheme})`, async ({ served: { page } }) => {
    await page.emulateMedia({ colorScheme });
    const campaigns = new CampaignsPage(page);
    await campaigns.openCampaign('Press line 4, before delivery');
    await expect(campaigns.state).toContainText('under way');
    await expect(campaigns.cell(/great, maximum 21 µs/)).toBeVisible();
    await expect(campaigns.cell(/good, maximum 51 µs/)).toBeVisible();
    await expect(campaigns.matrix).toContainText('missing');
    await expect(campaigns.reasons).toContainText('was in use by ana@bench-7');
    await expect(campaigns.reasons).toContainText('The load ended before the measurement did.');
    expect(await seriousFindings(page)).toEqual([]);

    await page.getByRole('button', { name: 'End it on all boards' }).click();
    await expect(campaigns.state).toContainText('cancelled');
    await expect(page.getByRole('button', { name: 'Measure what is missing' })).toBeVisible();

    await campaigns.openNew();
    await expect(campaigns.order).toBeVisible();
    await page.getByLabel('Begin with').selectOption('ECI 24-hour acceptance');
    await expect(page.getByText('--mainaffinity=1 -a 2-5')).toBeVisible();
    await expect(page.getByText(/-d 1 is left out/)).toBeVisible();
    expect(await seriousFindings(page)).toEqual([]);
  });
}
