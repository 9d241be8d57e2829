import { expect, test } from './support/test.ts';

test('a plan is built beside its calculator, published and found in the list', async ({
  page,
  context,
  world,
}) => {
  await world.enter(context, 'finance');
  await page.goto('/plans');
  await expect(page.getByRole('listitem').filter({ hasText: 'Crew' })).toBeVisible();
  await page.getByRole('link', { name: 'New plan' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'New plan' })).toBeVisible();

  const publish = page.getByRole('button', { name: 'Publish', exact: true });
  await expect(publish).toBeDisabled();
  await page.getByLabel('Name').fill('Harbour');
  await expect(page.getByLabel('Code')).toHaveValue('harbour');
  const base = page.getByRole('region', { name: 'Base price' });
  await base.getByRole('textbox').first().fill('59');
  await page.getByLabel('Free days for new customers').fill('14');
  await page.getByRole('button', { name: 'Add a usage price' }).click();
  const minutes = page.getByRole('region', { name: 'Minutes' });
  await minutes.getByText('Steps', { exact: true }).click();
  await minutes.getByLabel('Price per').selectOption('1000');
  await minutes.getByLabel('Step 1, up to').fill('1,000');
  await minutes.getByLabel('Step 1, price').fill('0');
  await minutes.getByLabel('Step 2, price').fill('25');

  // 5,000 minutes: 1,000 are free, 4,000 at $25.00 per 1,000 are $100.00, with the base $159.00.
  const calculator = page.getByRole('complementary', { name: 'Calculator' });
  await calculator.getByRole('textbox', { name: 'Minutes, exactly' }).fill('5,000');
  await expect(calculator).toContainText('$100.00');
  await expect(calculator).toContainText('$159.00');

  await publish.click();
  const panel = page.getByRole('dialog', { name: 'Publish, Harbour' });
  await expect(panel).toContainText('Harbour opens to new customers at once, at $59.00 a month.');
  await panel.getByRole('button', { name: /Harbour/ }).click();
  await expect(page).toHaveURL(/\/plans\/harbour$/);
  await expect(page.getByRole('heading', { level: 1, name: 'Harbour' })).toBeVisible();

  await page.goto('/plans');
  const card = page.getByRole('listitem').filter({ hasText: 'Harbour' }).first();
  await expect(card).toContainText('$59.00');
  await expect(card).toContainText('Minutes');
  // And it is what the API gives.
  const { plan } = await world.api.get<{
    plan: { amount_cents: number; trial_period: number; charges: unknown[] };
  }>('/plans/harbour');
  expect(plan).toMatchObject({ amount_cents: 5_900, trial_period: 14 });
  expect(plan.charges).toHaveLength(1);
});

test('a code that is taken and a price that cannot be read are explained', async ({
  page,
  context,
  world,
}) => {
  await world.enter(context, 'finance');
  await page.goto('/plans/new');
  const base = page.getByRole('region', { name: 'Base price' }).getByRole('textbox').first();
  await page.getByLabel('Name').fill('Crew');
  await base.fill('1.5.5');
  await base.press('Tab');
  await expect(base).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByRole('button', { name: 'Publish', exact: true })).toBeDisabled();
  await base.fill('99');
  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  const panel = page.getByRole('dialog', { name: 'Publish, Crew' });
  await expect(panel.getByRole('alert')).toContainText(
    'The code "crew" is taken by Crew. Choose another code',
  );
});

test('who may draft but not publish is told who may', async ({ page, context, world }) => {
  await world.enter(context, 'support');
  await page.goto('/plans/new');
  await page.getByLabel('Name').fill('Lantern');
  await page.getByRole('region', { name: 'Base price' }).getByRole('textbox').first().fill('12');
  await expect(page.getByText('You may draft, Founder or Finance publishes')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Publish', exact: true })).toBeDisabled();
});
