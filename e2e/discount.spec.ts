import { askUndo, nextBill, openCustomer, openPanel } from './support/customer-page.ts';
import { expect, test } from './support/test.ts';
import { TUESDAY } from './support/world.ts';

test('a discount changes the next bills by exactly what the preview said', async ({
  page,
  context,
  world,
}) => {
  const pylon = await world.pylon();
  await world.move(TUESDAY);
  await world.enter(context, 'support');
  await openCustomer(page, pylon);

  const panel = await openPanel(page, 'Discount', pylon);
  await panel.choose('Share of the bill', '20% off');
  await panel.choose('For how many bills', '2 bills');
  // 20% of $140.00 is $28.00: $112.00 twice, then $140.00 again. Three bills: $420.00 − 2 × $28.00 = $364.00.
  expect(await panel.row('Next bill, Sun 1 Nov')).toEqual({
    now: '$140.00',
    after: '$112.00',
    difference: '−$28.00',
  });
  expect(await panel.row('Next three bills')).toEqual({
    now: '$420.00',
    after: '$364.00',
    difference: '−$56.00',
  });
  expect(await panel.row('Discount')).toMatchObject({ now: 'not yet', after: '20% off, 2 left' });
  // Over its life: 2 × $28.00.
  expect(await panel.row('Given away')).toEqual({
    now: '$0.00',
    after: '$56.00',
    difference: 'over 2 bills',
  });
  await expect(nextBill(page)).toContainText('20% off, bill 1 of 2');
  await expect(panel.root).toContainText('Within your limit: 20% of 25% at a time, 2 of 3 bills');
  await panel.why('Keep the customer', 'Renewal call of 12 Oct');
  await panel.press('20% off for 2 bills');
  await expect(nextBill(page)).toContainText('$112.00');

  await world.move('2026-11-01T12:00:00Z');
  await world.move('2026-12-01T12:00:00Z');
  await world.move('2027-01-01T12:00:00Z');
  const totals = (await world.invoices(pylon)).map((invoice) => invoice.total_amount_cents);
  expect(totals.slice(-3)).toEqual([11_200, 11_200, 14_000]);
});

test('a discount is stopped, and the next bill is what it was', async ({ page, context, world }) => {
  const pylon = await world.pylon();
  await world.move(TUESDAY);
  await world.enter(context, 'support');
  await openCustomer(page, pylon);
  const panel = await openPanel(page, 'Discount', pylon);
  await panel.choose('Discount as', 'Amount');
  await panel.root.getByLabel('Off each bill').fill('15.5');
  await panel.choose('For how many bills', '1 bill');
  // $140.00 − $15.50 = $124.50.
  expect(await panel.row('Next bill, Sun 1 Nov')).toMatchObject({ after: '$124.50', difference: '−$15.50' });
  await panel.why('Outage');
  const receipt = await panel.press('$15.50 off for 1 bill');
  await expect(nextBill(page)).toContainText('$124.50');
  const undo = await askUndo(page, receipt, '$15.50 off for 1 bill');
  expect(await undo.row('Next bill, Sun 1 Nov')).toMatchObject({ now: '$124.50', after: '$140.00' });
  await undo.act('Stop $15.50 off for 1 bill').click();
  await expect(receipt).toBeHidden();
  await expect(nextBill(page)).toContainText('$140.00');
});
