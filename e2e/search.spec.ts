import { panelOf } from './support/customer-page.ts';
import { pressToOpen } from './support/keys.ts';
import { expect, test } from './support/test.ts';
import { TUESDAY } from './support/world.ts';

test('search finds a customer by the domain of their address', async ({ page, context, world }) => {
  await world.customer({ name: 'Skerry Data', email: 'accounts@skerry-charts.example' });
  await world.customer({ name: 'Orrery Health', email: 'pay@orrery.example' });
  await world.enter(context, 'support');
  await page.goto('/');
  await page.getByRole('button', { name: /Search, or say what to do/ }).click();
  const search = page.getByRole('dialog', { name: 'Search, or say what to do' });
  await search.getByRole('combobox').fill('skerry-charts');
  const found = search.getByRole('group', { name: 'Customers' }).getByRole('option');
  await expect(found).toHaveCount(1);
  await expect(found).toContainText('Skerry Data');
  await found.click();
  await expect(page.getByRole('heading', { level: 1, name: 'Skerry Data' })).toBeVisible();
});

test('search opens an act with its target, by keyboard, and does nothing itself', async ({
  page,
  context,
  world,
}) => {
  const saltmarsh = await world.saltmarsh();
  await world.pylon();
  await world.move(TUESDAY);
  await world.enter(context, 'support');
  await page.goto('/invoices');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  const search = page.getByRole('dialog', { name: 'Search, or say what to do' });
  await pressToOpen(page, 'Control+k', search);
  await expect(search.getByRole('combobox')).toBeFocused();
  await page.keyboard.type('extend trial saltm');
  await expect(search.getByRole('option', { selected: true })).toContainText('for Saltmarsh Studios');
  await page.keyboard.press('Enter');
  const panel = panelOf(page, 'Extend trial', saltmarsh);
  await expect(panel.root).toBeVisible();
  await expect(panel.root.getByRole('button', { name: 'Extend trial', exact: true })).toBeDisabled();
});

test('a role that may not act is offered no acts', async ({ page, context, world }) => {
  await world.saltmarsh();
  await world.enter(context, 'engineer');
  await page.goto('/');
  const search = page.getByRole('dialog', { name: 'Search, or say what to do' });
  await pressToOpen(page, 'Control+k', search);
  await search.getByRole('combobox').fill('saltmarsh');
  await expect(search.getByRole('group', { name: 'Customers' })).toBeVisible();
  await expect(search.getByRole('group', { name: /^Do/ })).toHaveCount(0);
});

test('no match says what can be searched for', async ({ page, context, world }) => {
  await world.enter(context, 'support');
  await page.goto('/');
  const search = page.getByRole('dialog', { name: 'Search, or say what to do' });
  await pressToOpen(page, '/', search);
  await search.getByRole('combobox').fill('zzzzqq');
  await expect(search.getByRole('status')).toContainText(
    'No match. Search by amount, email, domain or invoice number.',
  );
  await page.keyboard.press('Escape');
  await expect(search).toBeHidden();
});
