import { nextBill, panelOf } from './support/customer-page.ts';
import { pressToOpen } from './support/keys.ts';
import { expect, test } from './support/test.ts';
import { type Customer, TUESDAY, type World } from './support/world.ts';

// Crew costs $140.00 a month at its start; the world's own plans begin with 30 free days. "Crew, no trial" has none. On
// 13 October, by the calendar, 19 of 31 days of the month are left: $140.00 × 19 / 31 = $85.806, $85.81.

async function crewAtOnce(world: World): Promise<void> {
  const made = (code: string, name: string, currency: string) =>
    world.api.post('/plans', {
      plan: {
        code,
        name,
        interval: 'monthly',
        amount_cents: 14_000,
        amount_currency: currency,
        pay_in_advance: true,
      },
    });
  await made('crew-paid', 'Crew, no trial', 'USD');
  await made('crew-euro', 'Crew in euros', 'EUR');
  await world.api.post('/taxes', {
    tax: { name: 'VAT', code: 'vat', rate: '10', applied_to_organization: true },
  });
}

test('sales adds a customer, starts a plan and sees the next bill', async ({ page, context, world }) => {
  await crewAtOnce(world);
  await world.customer({ name: 'Turnstone Radio' });
  await world.move(TUESDAY);
  await world.enter(context, 'sales');
  await page.goto('/customers');
  await page.getByRole('link', { name: 'Add customer' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Add customer' })).toBeVisible();
  await page.getByLabel('Name', { exact: true }).fill('Turnstone Radio');
  await expect(page.getByLabel('Id used by your software')).toHaveValue('turnstone-radio');
  await page.getByLabel('E-mail for bills').fill('not an address');
  await page.getByLabel('Currency').selectOption('USD');
  await page.getByLabel('Time zone').selectOption('America/Halifax');
  const add = page.getByRole('button', { name: 'Add customer' });
  await add.click();
  await expect(page.getByText('Write an address like name@example.com')).toBeVisible();
  await page.getByLabel('E-mail for bills').fill('pay@turnstone.example');
  await add.click();
  await expect(page.getByText('The id turnstone-radio is taken.')).toBeVisible();
  await expect(page.getByLabel('Id used by your software')).toBeFocused();
  await expect(page.getByLabel('Time zone')).toHaveValue('America/Halifax');
  await page.getByLabel('Id used by your software').fill('turnstone-2');
  await add.click();

  await expect(page.getByText('No plan yet, so nothing is billed.')).toBeVisible();
  const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  const turnstone: Customer = { id, externalId: 'turnstone-2', name: 'Turnstone Radio' };
  await nextBill(page).getByRole('button', { name: 'Start a subscription' }).click();
  const panel = panelOf(page, 'Start a subscription', turnstone);
  await expect(panel.root.getByRole('radio', { name: /^Crew in euros/ })).toBeDisabled();
  await expect(panel.root).toContainText('In EUR; they pay in USD');
  await panel.choose('Plan', 'Crew, no trial');
  expect(await panel.row('Due now')).toMatchObject({ after: '$94.39' });
  const invoice = panel.root.getByRole('region', { name: 'First invoice, Tue 13 Oct in Halifax' });
  await expect(invoice.getByRole('row').filter({ hasText: 'Tax' })).toContainText('$8.58');
  await expect(invoice.getByRole('row').last()).toContainText('$94.39');
  await panel.why('Customer asked');
  const receipt = await panel.press('Start Crew, no trial, charge $94.39');
  await expect(receipt).toContainText('Held for');
  await expect(page.getByText(/^On Crew, no trial since 13 Oct/)).toBeVisible();
  await expect(nextBill(page)).toContainText('$154.00');
  await expect(nextBill(page)).toContainText('Sun 1 Nov');
  await world.move('2026-11-01T12:00:00Z');
  expect((await world.invoices(turnstone)).map(({ total_amount_cents }) => total_amount_cents)).toEqual([
    9_439, 15_400,
  ]);
});

test('a start on a later day says when its first invoice comes, and is taken back', async ({
  page,
  context,
  world,
}) => {
  await crewAtOnce(world);
  const knot = await world.customer({ name: 'Knot Audio', timezone: 'America/Halifax' });
  await world.move(TUESDAY);
  await world.enter(context, 'sales');
  await page.goto('/');
  const search = page.getByRole('dialog', { name: 'Search, or say what to do' });
  await pressToOpen(page, 'Control+k', search);
  await page.keyboard.type('start subscription knot');
  await expect(search.getByRole('option', { selected: true })).toContainText('for Knot Audio');
  await page.keyboard.press('Enter');
  const panel = panelOf(page, 'Start a subscription', knot);
  await panel.choose('Plan', 'Crew, no trial');
  await panel.choose('Starts', 'Another day');
  await panel.root.getByLabel('First day').fill('20 Oct');
  await page.keyboard.press('Tab');
  await panel.choose('Billed', 'From the start day');
  expect(await panel.row('Due now')).toMatchObject({ difference: 'no invoice made' });
  expect(await panel.row('Next bill on')).toMatchObject({ now: 'none', after: 'Tue 20 Oct' });
  const invoice = panel.root.getByRole('region', { name: 'First invoice, Tue 20 Oct in Halifax' });
  await expect(invoice.getByRole('row').last()).toContainText('$154.00');
  await panel.why('Signed the offer');
  const receipt = await panel.press('Start Crew, no trial on Tue 20 Oct 2026');
  await expect(receipt).toContainText('Can be undone until Mon 19 Oct');
  await expect(page.getByText(/^Starts Crew, no trial on Tue 20 Oct/)).toBeVisible();
  await receipt.getByRole('button', { name: /^Undo/ }).click();
  await page.getByRole('button', { name: 'Take the start back' }).click();
  await expect(page.getByText('No plan yet, so nothing is billed.')).toBeVisible();
  await expect(nextBill(page).getByRole('button', { name: 'Start a subscription' })).toBeVisible();
});

test('somebody whose role may not is offered neither', async ({ page, context, world }) => {
  const knot = await world.customer({ name: 'Knot Audio' });
  await world.enter(context, 'growth');
  await page.goto('/customers');
  await expect(page.getByRole('link', { name: 'Knot Audio' }).first()).toBeVisible();
  await expect(page.getByRole('link', { name: 'Add customer' })).toHaveCount(0);
  await page.goto('/customers/new');
  await expect(page.getByText(/^Add customer is for Founder/)).toBeVisible();
  await page.goto(`/customers/${knot.id}?act=start`);
  await expect(page.getByText('Start a subscription cannot be used here')).toBeVisible();
});
