import type { Page } from '@playwright/test';
import { askUndo, nextBill, openCustomer, panelOf, undoPanelOf } from './support/customer-page.ts';
import { pressToOpen } from './support/keys.ts';
import { expect, test } from './support/test.ts';
import { TUESDAY, type World } from './support/world.ts';

async function tryingSaltmarsh(world: World) {
  const saltmarsh = await world.saltmarsh();
  await world.move(TUESDAY);
  return saltmarsh;
}

/** Presses Tab until this has the focus; fails when it cannot be reached. */
async function tabTo(page: Page, role: 'radio' | 'textbox' | 'button', name: string | RegExp): Promise<void> {
  const wanted = page.getByRole(role, { name }).first();
  for (let press = 0; press < 40; press++) {
    await page.keyboard.press('Tab');
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`Tab does not reach ${name}`);
}

test('a trial is extended by keyboard alone', async ({ page, context, world }) => {
  const saltmarsh = await tryingSaltmarsh(world);
  await world.enter(context, 'support');
  await openCustomer(page, saltmarsh);
  const panel = panelOf(page, 'Extend trial', saltmarsh);
  await pressToOpen(page, 'e', panel.root);
  await expect(panel.root).toBeFocused();
  await tabTo(page, 'textbox', 'Last free day');
  await page.keyboard.type('30 Oct');
  await page.keyboard.press('Enter');
  expect(await panel.row('First paid day')).toMatchObject({ after: 'Sat 31 Oct' });
  await tabTo(page, 'radio', 'Onboarding delay');
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowRight');
  await expect(panel.root.getByRole('radio', { name: 'Outage' })).toBeChecked();
  await tabTo(page, 'textbox', 'Note, seen by staff only');
  await page.keyboard.type('Ticket 7316');
  await tabTo(page, 'button', /^Extend trial by 14 days/);
  await page.keyboard.press('Enter');
  await expect(panel.root).toBeHidden();
  await expect(nextBill(page)).toContainText('Sat 31 Oct');

  // And back, by keyboard as well; Esc then closes a panel that was opened by mistake.
  await tabTo(page, 'button', 'Undo: Extend trial by 14 days');
  await page.keyboard.press('Enter');
  const undo = undoPanelOf(page, 'Extend trial by 14 days');
  expect(await undo.row('Last free day')).toMatchObject({ now: 'Fri 30 Oct', after: 'Fri 16 Oct' });
  await tabTo(page, 'button', /^Put the last free day back/);
  await page.keyboard.press('Enter');
  await expect(undo.root).toBeHidden();
  await expect(nextBill(page)).toContainText('Sat 17 Oct');
  await pressToOpen(page, 'c', panelOf(page, 'Credits', saltmarsh).root);
  await page.keyboard.press('Escape');
  await expect(panelOf(page, 'Credits', saltmarsh).root).toBeHidden();
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('a trial is extended, with the act in reach and nothing cut off', async ({ page, context, world }) => {
    const saltmarsh = await tryingSaltmarsh(world);
    await world.enter(context, 'support');
    await openCustomer(page, saltmarsh);
    await expect(page).toFit();
    await page.getByRole('button', { name: 'Extend trial', exact: true }).tap();
    const panel = panelOf(page, 'Extend trial', saltmarsh);
    await panel.choose('Days more', '14 days');
    // The difference folds under the figure.
    expect((await panel.row('First bill')).after).toContain('$76.77');
    await expect(page).toFit();
    await panel.why('Evaluating');
    const act = panel.act('Extend trial by 14 days');
    await expect(act).toBeEnabled();
    await expect(act).toBeInViewport();
    await act.tap();
    await expect(panel.root).toBeHidden();
    await expect(nextBill(page)).toContainText('$76.77');
    await expect(page).toFit();
  });
});

test.describe('in dark mode', () => {
  test.use({ colorScheme: 'dark' });

  test('a trial is extended and put back', async ({ page, context, world }) => {
    const saltmarsh = await tryingSaltmarsh(world);
    await world.enter(context, 'support');
    await openCustomer(page, saltmarsh);
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
    await page.getByRole('button', { name: 'Extend trial', exact: true }).click();
    const panel = panelOf(page, 'Extend trial', saltmarsh);
    await panel.choose('Days more', '30 days');
    // Through Sun 15 Nov: one day of the period that ends on 16 Nov is left, $140.00 × 1 / 31 = $4.516, $4.52.
    expect(await panel.row('First bill')).toMatchObject({ now: '$140.00', after: '$4.52' });
    await panel.why('Sales promise');
    const receipt = await panel.press('Extend trial by 30 days');
    const undo = await askUndo(page, receipt, 'Extend trial by 30 days');
    await undo.act(/^Put the last free day back/).click();
    await expect(nextBill(page)).toContainText('Sat 17 Oct');
  });
});
