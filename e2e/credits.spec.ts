import { askUndo, nextBill, openCustomer, openPanel, timeline } from './support/customer-page.ts';
import { expect, test } from './support/test.ts';
import { TUESDAY } from './support/world.ts';

// Pylon Podcasts pay $140.00 for Crew on the first of each month. The next bill is Sun 1 November.

test('support gives credits with an end, and the next bill is lower by exactly that', async ({
  page,
  context,
  world,
}) => {
  const pylon = await world.pylon();
  await world.move(TUESDAY);
  await world.enter(context, 'support');
  await openCustomer(page, pylon);

  const panel = await openPanel(page, 'Credits', pylon);
  await panel.root.getByLabel('Free credits').fill('50');
  await panel.choose('They end', 'in 3 months');
  await expect(panel.root).toContainText('Good through Wed 13 Jan 2027, end of day in Los Angeles.');
  // $140.00 − $50.00 = $90.00.
  expect(await panel.row('Next bill, Sun 1 Nov')).toEqual({
    now: '$140.00',
    after: '$90.00',
    difference: '−$50.00',
  });
  expect(await panel.row('Next three bills')).toMatchObject({ now: '$420.00', after: '$370.00' });
  expect(await panel.row('Credits')).toMatchObject({ now: '$0.00', after: '$50.00' });
  expect(await panel.row('Given away')).toMatchObject({ after: '$50.00' });
  await expect(panel.root).toContainText('Within your limit: $50.00 of $500.00 at a time');
  await panel.why('Outage');
  await panel.press('Give $50.00 of credits');
  await expect(timeline(page).filter({ hasText: 'Give $50.00 of credits' })).toContainText('You, Outage');
  const money = page.getByRole('region', { name: 'Money' });
  await money.getByRole('button', { name: '$50.00' }).first().click();
  await expect(money).toContainText('$50.00 of $50.00, good through Wed 13 Jan 2027');

  await world.move('2026-11-01T12:00:00Z');
  expect((await world.invoices(pylon)).at(-1)).toMatchObject({
    status: 'finalized',
    issuing_date: '2026-11-01',
    total_amount_cents: 9_000,
  });
});

test('credits that end before the next bill do not lower it, and the panel says so', async ({
  page,
  context,
  world,
}) => {
  const pylon = await world.pylon();
  await world.move(TUESDAY);
  await world.enter(context, 'support');
  await openCustomer(page, pylon);
  const panel = await openPanel(page, 'Credits', pylon);
  await panel.root.getByLabel('Free credits').fill('25');
  await panel.choose('They end', 'on a day');
  const day = panel.root.getByRole('textbox', { name: 'Last day' });
  await day.fill('20 Oct');
  await day.press('Enter');
  expect(await panel.row('Next bill, Sun 1 Nov')).toMatchObject({
    after: '$140.00',
    difference: 'no change',
  });
  await panel.why('Thank you');
  await panel.press('Give $25.00 of credits');
  await world.move('2026-11-01T12:00:00Z');
  expect((await world.invoices(pylon)).at(-1)).toMatchObject({ total_amount_cents: 14_000 });
  await page.reload();
  await expect(page.getByRole('region', { name: 'Money' })).toContainText('Free credits$0.00');
});

test('credits are taken back, and the next bill is what it was', async ({ page, context, world }) => {
  const pylon = await world.pylon();
  await world.move(TUESDAY);
  await world.enter(context, 'support');
  await openCustomer(page, pylon);
  const panel = await openPanel(page, 'Credits', pylon);
  await panel.root.getByLabel('Free credits').fill('30');
  await panel.why('Our mistake');
  await panel.press('Give $30.00 of credits');
  await expect(nextBill(page)).toContainText('$110.00');

  // From the timeline this time; the receipt has a button of its own.
  const entry = timeline(page).filter({ hasText: 'Give $30.00 of credits' });
  const undo = await askUndo(page, entry, 'Give $30.00 of credits');
  expect(await undo.row('Credits')).toMatchObject({ now: '$30.00', after: '$0.00' });
  await undo.act('Take back $30.00').click();
  await expect(entry.filter({ hasText: 'Undone' })).toHaveCount(1);
  await expect(nextBill(page)).toContainText('$140.00');
  await expect(page.getByRole('region', { name: 'Money' })).toContainText('Free credits$0.00');
});
