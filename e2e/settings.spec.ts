import { Api } from './support/api.ts';
import { expect, test } from './support/test.ts';

test('a key is made, shown once, works, and is refused once it is ended', async ({
  page,
  context,
  world,
}) => {
  await world.enter(context, 'engineer');
  await page.goto('/settings/keys');
  await page.getByLabel('What will use it').fill('Usage from production');
  await page.getByRole('button', { name: 'Make a key' }).click();
  const key = await page.getByLabel('The key').inputValue();
  expect(key).toMatch(/^cf_test_/);
  const api = new Api(world.origin, key);
  const { plans } = await api.get<{ plans: { code: string }[] }>('/plans');
  expect(plans.map((plan) => plan.code)).toContain('crew');

  await page.reload();
  await expect(page.getByRole('listitem').filter({ hasText: 'Usage from production' })).toBeVisible();
  await expect(page.getByText(key)).toHaveCount(0);
  await page.getByRole('button', { name: 'End Usage from production' }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'Usage from production' })).toHaveCount(0);
  await expect(api.get('/plans')).rejects.toThrow('401');
});

test('keys and roles are changed only by who may', async ({ page, context, world }) => {
  await world.enter(context, 'support');
  await page.goto('/settings/keys');
  await expect(page.getByText('Making and ending keys: Founder or Engineer.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Make a key' })).toHaveCount(0);
  await page.goto('/settings/team');
  await expect(page.getByText('Adding people and changing roles: Founder.')).toBeVisible();
});

test('an engineer moves the clock of test data, and what was due happens', async ({
  page,
  context,
  world,
}) => {
  const pylon = await world.pylon();
  await world.move('2026-10-13T09:24:00Z');
  await world.enter(context, 'engineer');
  await page.goto('/invoices?view=all');
  await expect(page.getByRole('region', { name: 'Test data' })).toContainText('Tue 13 Oct 2026, 10:24');
  await page.getByRole('button', { name: 'Move to…' }).click();
  const menu = page.getByRole('dialog').filter({ hasText: 'time does not go back' });
  await menu.getByLabel('Day').fill('2026-11-02');
  await menu.getByRole('button', { name: /^Move to Mon 2 Nov/ }).click();
  await expect(page.getByRole('region', { name: 'Test data' })).toContainText('Mon 2 Nov 2026, 09:00');
  expect((await world.invoices(pylon)).map((invoice) => invoice.total_amount_cents)).toEqual([
    14_000, 14_000,
  ]);
  await expect(page.getByRole('table').getByRole('row')).toHaveCount(3);
});

test('a founder changes a limit in its place; it holds at once and can be undone', async ({
  page,
  context,
  world,
}) => {
  await world.enter(context, 'founder');
  await page.goto('/settings/team');
  const figure = (said: string) =>
    page.getByRole('button', { name: `Support, free credits at a time: ${said}. Change` });
  await figure('$500.00').click();
  await page.getByRole('textbox', { name: 'US dollars' }).fill('750');
  await page.getByRole('button', { name: 'Change to $750.00' }).click();
  await expect(figure('$750.00')).toBeVisible();
  await page.goto('/activity');
  await page.getByRole('button', { name: 'Undo: Change Support: free credits at a time to $750.00' }).click();
  await page.getByRole('button', { name: /^Change Support: free credits at a time to \$500\.00/ }).click();
  await expect(page.getByText(/^undone by/).first()).toBeVisible();
  await page.goto('/settings/team');
  await expect(figure('$500.00')).toBeVisible();
});
