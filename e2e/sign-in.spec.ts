import type { Page } from '@playwright/test';
import { PASSWORD } from './support/people.ts';
import { expect, test } from './support/test.ts';
import { World } from './support/world.ts';

async function fillIn(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel('Work email').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

test('somebody signed out is sent to sign-in and lands where they were going', async ({ page, world }) => {
  const { email } = await world.person('support');
  await page.goto('/customers?view=trials');
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await fillIn(page, email, PASSWORD);
  await expect(page).toHaveURL(/\/customers\?view=trials$/);
  await expect(page.getByRole('heading', { level: 1, name: 'Customers' })).toBeVisible();
});

test('a wrong password and an unknown address are told the same', async ({ page, world }) => {
  const { email } = await world.person('support');
  const said: (string | null)[] = [];
  for (const address of [email, `nobody.${email}`]) {
    await page.goto('/sign-in');
    await fillIn(page, address, 'not this one, surely');
    const alert = page.getByRole('alert').filter({ hasText: 'do not belong together' });
    await expect(alert).toBeVisible();
    said.push(await alert.textContent());
    await expect(page.getByLabel('Work email')).toHaveValue(address);
    await expect(page.getByLabel('Password')).toBeFocused();
  }
  expect(said[0]).toBe(said[1]);
});

test('an address outside is not followed after sign-in', async ({ page, world }) => {
  const { email } = await world.person('support');
  await page.goto('/sign-in?next=https://example.org/');
  await fillIn(page, email, PASSWORD);
  await expect(page).toHaveURL(`${world.origin}/`);
});

test('a session ended elsewhere ends at once', async ({ page, context, browser, world }) => {
  await world.enter(context, 'support');
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();

  const elsewhere = await browser.newContext();
  await world.enter(elsewhere, 'support');
  const desk = await elsewhere.newPage();
  await desk.goto('/settings/account');
  await desk.getByRole('button', { name: 'Sign out everywhere else' }).click();
  await expect(desk.getByRole('button', { name: 'Sign out everywhere else' })).toBeHidden();
  await elsewhere.close();

  await page.getByRole('link', { name: 'Customers', exact: true }).first().click();
  await expect(page).toHaveURL(/\/sign-in/);
  // What needs no page asks as well.
  const answer = await page.request.get('/api/console/search?q=pylon');
  expect(answer.status()).toBe(401);
});

test('signing out ends the session on the server, not only in this browser', async ({
  page,
  context,
  world,
}) => {
  await world.enter(context, 'support');
  const kept = await context.cookies();
  await page.goto('/settings/account');
  await page.getByRole('main').getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await context.addCookies(kept);
  await page.goto('/customers');
  await expect(page).toHaveURL(/\/sign-in/);
});

test('what is read belongs to this organisation alone', async ({ page, context, world }) => {
  const pylon = await world.pylon();
  await world.enter(context, 'founder');
  await page.goto(`/customers/${pylon.id}`);
  await expect(page.getByRole('heading', { level: 1, name: pylon.name })).toBeVisible();
  const other = await World.open(world.origin);
  await context.clearCookies();
  await other.enter(context, 'founder');
  await page.goto(`/customers/${pylon.id}`);
  await expect(page.getByRole('heading', { level: 1, name: pylon.name })).toHaveCount(0);
  await expect(page.getByText('Pylon Podcasts')).toHaveCount(0);
});
