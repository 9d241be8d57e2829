import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { openCustomer, panelOf } from './support/customer-page.ts';
import { expect, test } from './support/test.ts';
import { type Customer, TUESDAY, type World } from './support/world.ts';

type Mode = 'light' | 'dark';
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Waits until a page shows what it came for: no skeleton, no dimmed figure, nothing still moving. */
async function settle(page: Page): Promise<void> {
  await expect(page.locator('.skel, .working, .dim, [aria-busy=true]')).toHaveCount(0);
  // A transition that a newer one takes the place of is cancelled: that one does not move any more either.
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map(({ finished }) => finished)));
}

/** Looks a page over in both modes; between them only the colours differ. */
async function expectClean(page: Page, what: string): Promise<void> {
  for (const mode of ['light', 'dark'] satisfies Mode[]) {
    await page.emulateMedia({ colorScheme: mode });
    await expect(page.locator('html')).toHaveAttribute('data-theme', mode);
    await settle(page);
    const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] });
    const { violations } = await (mode === 'light'
      ? axe.withTags(RULES)
      : axe.withRules(['color-contrast', 'link-in-text-block'])
    ).analyze();
    const found = violations.map(({ id, nodes }) => ({
      rule: id,
      at: nodes.slice(0, 5).map(({ html, any }) => `${html.slice(0, 160)} ${any[0]?.message ?? ''}`),
    }));
    expect.soft(found, `${what}, ${mode}`).toEqual([]);
  }
}

async function filled(world: World): Promise<{ saltmarsh: Customer; pylon: Customer }> {
  const pylon = await world.pylon();
  const saltmarsh = await world.saltmarsh();
  await world.move('2026-09-30T20:00:00Z');
  await world.use(pylon, 'minutes', [
    { at: '2026-09-08T12:00:00Z', amount: 2_900 },
    { at: '2026-09-16T12:00:00Z', amount: 2_140 },
  ]);
  await world.use(saltmarsh, 'minutes', [{ at: '2026-09-20T12:00:00Z', amount: 4_112 }]);
  await world.move(TUESDAY);
  return { saltmarsh, pylon };
}

test('the pages anybody can see', async ({ page }) => {
  await page.goto('/sign-in');
  await expectClean(page, 'sign-in');
  await page.getByLabel('Work email').fill('nobody@tidewharf.example');
  await page.getByLabel('Password').fill('not this one');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'do not belong together' })).toBeVisible();
  await expectClean(page, 'sign-in, refused');
  await page.goto('/forgot');
  await expectClean(page, 'forgotten password');
});

test('a customer and the panels', async ({ page, context, world }) => {
  const { saltmarsh } = await filled(world);
  await world.enter(context, 'support');
  await openCustomer(page, saltmarsh);
  await expectClean(page, 'customer');
  await page.goto(`/customers/${saltmarsh.id}?act=extend-trial`);
  const trial = panelOf(page, 'Extend trial', saltmarsh);
  await trial.choose('Days more', '14 days');
  await trial.fresh();
  await expectClean(page, 'extend trial');
  await page.goto(`/customers/${saltmarsh.id}?act=credits`);
  const credits = panelOf(page, 'Credits', saltmarsh);
  await credits.root.getByLabel('Free credits').fill('50');
  await credits.fresh();
  await expectClean(page, 'credits');
});

test('a customer and the other panels', async ({ page, context, world }) => {
  const { pylon } = await filled(world);
  await world.enter(context, 'support');
  await page.goto(`/customers/${pylon.id}?act=discount`);
  const discount = panelOf(page, 'Discount', pylon);
  await discount.choose('Share of the bill', '20% off');
  await discount.fresh();
  await expectClean(page, 'discount');
  await page.goto(`/customers/${pylon.id}?act=start`);
  const start = panelOf(page, 'Start a subscription', pylon);
  await start.choose('Plan', 'Solo');
  await start.fresh();
  await expectClean(page, 'start a subscription');
  await page.goto('/customers/new');
  await page.getByRole('button', { name: 'Add customer' }).click();
  await expect(page.getByText('Give the name you know them by.')).toBeVisible();
  await expectClean(page, 'add customer, refused');
  await page.goto(`/customers/${pylon.id}?act=pause`);
  await panelOf(page, 'Pause', pylon).fresh();
  await expectClean(page, 'pause');
  await page.goto(`/customers/${pylon.id}?act=change-plan`);
  const change = panelOf(page, 'Change plan', pylon);
  await change.choose('Plan', 'Studio');
  await change.fresh();
  await expectClean(page, 'change plan');
  await change.why('Outgrew the plan');
  await change.press('Change to Studio, charge $306.45');
  await expectClean(page, 'receipt');
});

const SCREENS: [name: string, path: string][] = [
  ['today', '/'],
  ['customers', '/customers'],
  ['invoices', '/invoices?view=all'],
  ['payments', '/payments'],
  ['plans', '/plans'],
  ['a plan', '/plans/crew'],
  ['plan builder', '/plans/new?from=crew'],
];
const MORE: typeof SCREENS = [
  ['insights', '/insights'],
  ['movements', '/insights?report=movements'],
  ['use', '/insights?report=use'],
  ['books', '/books'],
  ['activity', '/activity'],
  ['approvals', '/approvals'],
  ['team and limits', '/settings/team'],
  ['keys', '/settings/keys'],
  ['webhooks', '/settings/webhooks'],
  ['account', '/settings/account'],
  ['help', '/help'],
];

for (const [title, screens] of [
  ['lists and plans', SCREENS],
  ['reports and settings', MORE],
] as const) {
  test(title, async ({ page, context, world }) => {
    await filled(world);
    await world.enter(context, 'founder');
    for (const [name, path] of screens) {
      await page.goto(path);
      await expect(page.getByRole('main')).toBeVisible();
      await expectClean(page, name);
    }
  });
}

test('an invoice with why, and search', async ({ page, context, world }) => {
  const { pylon } = await filled(world);
  await world.enter(context, 'support');
  const [invoice] = await world.invoices(pylon);
  await page.goto(`/invoices/${invoice?.lago_id}`);
  const paper = page.getByRole('article');
  await paper.getByRole('link', { name: /Minutes/ }).click();
  await expect(page.getByRole('heading', { name: 'Day by day' })).toBeVisible();
  await expectClean(page, 'invoice with why');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('saltmarsh');
  await expect(page.getByRole('option').first()).toBeVisible();
  await expectClean(page, 'search');
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });

  test('the screens fit and are clean', async ({ page, context, world }) => {
    const { saltmarsh } = await filled(world);
    await world.enter(context, 'founder');
    for (const [name, path] of [...SCREENS.slice(0, 6), ...MORE.slice(0, 4)]) {
      await page.goto(path);
      await settle(page);
      await expect(page, name).toFit();
    }
    await openCustomer(page, saltmarsh);
    await expect(page).toFit();
    await expectClean(page, 'customer on a phone');
    await page.goto('/customers');
    await expectClean(page, 'customers on a phone');
  });
});
