import { nextBill, openCustomer, openPanel, panelOf, timeline } from './support/customer-page.ts';
import { expect, test } from './support/test.ts';
import { TUESDAY } from './support/world.ts';

test('figures that moved are refused: nothing is done, and the new ones are shown', async ({
  page,
  context,
  browser,
  world,
}) => {
  const pylon = await world.pylon();
  await world.move(TUESDAY);
  await world.enter(context, 'support');
  await openCustomer(page, pylon);
  const panel = await openPanel(page, 'Change plan', pylon);
  await panel.choose('Plan', 'Studio');
  await panel.why('Outgrew the plan');
  // $640.00 × 19 / 31 − $140.00 × 19 / 31, each rounded: $392.26 − $85.81.
  await expect(panel.act('Change to Studio, charge $306.45')).toBeEnabled();

  // Meanwhile a colleague gives $50.00 of credits, which would pay part of it.
  const elsewhere = await browser.newContext();
  await world.enter(elsewhere, 'finance');
  const desk = await elsewhere.newPage();
  await openCustomer(desk, pylon);
  const gift = await openPanel(desk, 'Credits', pylon);
  await gift.root.getByLabel('Free credits').fill('50');
  await gift.why('Outage');
  await gift.press('Give $50.00 of credits');
  await elsewhere.close();

  await panel.act('Change to Studio, charge $306.45').click();
  await expect(panel.root.getByRole('alert')).toContainText(
    'Something moved since you looked. Nothing has been changed.',
  );
  await expect(panel.root).toContainText('You saw $306.45');
  expect(await panel.row('Due now')).toMatchObject({ after: '$256.45' });
  expect((await world.invoices(pylon)).map((invoice) => invoice.status)).not.toContain('draft');

  // The second press is for the figures it now shows.
  await panel.press('Change to Studio, charge $256.45');
  expect((await world.invoices(pylon)).at(-1)).toMatchObject({ status: 'draft', total_amount_cents: 25_645 });
});

test('a double click gives once', async ({ page, context, world }) => {
  const pylon = await world.pylon();
  await world.move(TUESDAY);
  await world.enter(context, 'support');
  await openCustomer(page, pylon);
  const panel = await openPanel(page, 'Credits', pylon);
  await panel.root.getByLabel('Free credits').fill('20');
  await panel.why('Thank you');
  await expect(panel.act('Give $20.00 of credits')).toBeEnabled();
  await panel.act('Give $20.00 of credits').dblclick();
  await expect(panel.root).toBeHidden();
  await expect(nextBill(page)).toContainText('$120.00');
  await expect(timeline(page).filter({ hasText: 'Give $20.00 of credits' })).toHaveCount(1);
  await world.move('2026-11-01T12:00:00Z');
  expect((await world.invoices(pylon)).at(-1)).toMatchObject({ total_amount_cents: 12_000 });
});

test('the same act by a colleague a moment ago has to be acknowledged', async ({
  page,
  context,
  browser,
  world,
}) => {
  const pylon = await world.pylon();
  await world.move(TUESDAY);
  const elsewhere = await browser.newContext();
  await world.enter(elsewhere, 'support', 'Pia Novak');
  const desk = await elsewhere.newPage();
  await openCustomer(desk, pylon);
  const first = await openPanel(desk, 'Credits', pylon);
  await first.root.getByLabel('Free credits').fill('40');
  await first.why('Outage');
  await first.press('Give $40.00 of credits');
  await elsewhere.close();

  await world.enter(context, 'support');
  await openCustomer(page, pylon);
  const panel = await openPanel(page, 'Credits', pylon);
  await panel.root.getByLabel('Free credits').fill('40');
  await panel.why('Outage');
  await expect(panel.root).toContainText('Pia Novak did the same');
  await expect(panel.act('Give $40.00 of credits')).toBeDisabled();
  await panel.root.getByRole('checkbox', { name: 'I know. Do it as well.' }).check();
  await panel.press('Give $40.00 of credits');
  await expect(nextBill(page)).toContainText('$60.00');
});

test('a reload in the middle of a panel keeps what was typed', async ({ page, context, world }) => {
  const pylon = await world.pylon();
  await world.move(TUESDAY);
  await world.enter(context, 'support');
  await openCustomer(page, pylon);
  let panel = await openPanel(page, 'Credits', pylon);
  await panel.root.getByLabel('Free credits').fill('64.20');
  await panel.choose('They end', 'in a month');
  await panel.why('Outage', 'Ticket 7402, three hours on Friday');
  await expect(panel.act('Give $64.20 of credits')).toBeEnabled();

  await page.reload();
  panel = panelOf(page, 'Credits', pylon);
  await expect(panel.root.getByLabel('Free credits')).toHaveValue('64.20');
  await expect(panel.root.getByRole('radio', { name: 'in a month' })).toBeChecked();
  await expect(panel.root.getByRole('radio', { name: 'Outage' })).toBeChecked();
  await expect(panel.root.getByRole('textbox', { name: 'Note, seen by staff only' })).toHaveValue(
    'Ticket 7402, three hours on Friday',
  );
  await panel.press('Give $64.20 of credits');
  // Done is done: the panel opens empty again.
  panel = await openPanel(page, 'Credits', pylon);
  await expect(panel.root.getByLabel('Free credits')).toHaveValue('');
});

test('no answer from the server: what is typed stays, and trying again acts once', async ({
  page,
  context,
  world,
}) => {
  const pylon = await world.pylon();
  await world.move(TUESDAY);
  await world.enter(context, 'support');
  await openCustomer(page, pylon);
  const panel = await openPanel(page, 'Credits', pylon);
  await panel.root.getByLabel('Free credits').fill('10');
  await panel.why('Outage');
  await expect(panel.act('Give $10.00 of credits')).toBeEnabled();

  // The act reaches the server, its answer is lost on the way back.
  let lost = false;
  await page.route('**/customers/**', async (route) => {
    if (route.request().method() !== 'POST' || lost) return route.fallback();
    lost = true;
    await route.fetch();
    return route.abort('connectionreset');
  });
  await panel.act('Give $10.00 of credits').click();
  await expect(panel.root.getByRole('alert')).toContainText('No answer came');
  await expect(panel.root.getByLabel('Free credits')).toHaveValue('10.00');
  await panel.root.getByRole('button', { name: 'Try again' }).click();
  await expect(panel.root).toBeHidden();
  await expect(nextBill(page)).toContainText('$130.00');
  await expect(timeline(page).filter({ hasText: 'Give $10.00 of credits' })).toHaveCount(1);
});
