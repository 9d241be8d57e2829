import { askUndo, nextBill, openCustomer, openPanel, timeline } from './support/customer-page.ts';
import { expect, test } from './support/test.ts';
import { TUESDAY } from './support/world.ts';

// Saltmarsh Studios try Crew, $140.00 a month, from 17 September for 30 days: free through Fri 16 October, the first
// bill on Sat 17 October. 14 days more make it free through Fri 30 October. Their period runs from 17 October to
// 16 November, 31 days, so the first bill is for the 17 days from 31 October: $140.00 × 17 / 31 = $76.774, $76.77.
// The 14 days in between are $140.00 × 14 / 31 = $63.226, $63.23: postponed, not lost.

test('support extends a trial, reads the new first bill, and it is the bill that comes', async ({
  page,
  context,
  world,
}) => {
  const saltmarsh = await world.saltmarsh();
  await world.move(TUESDAY);
  await world.enter(context, 'support');
  await openCustomer(page, saltmarsh);
  await expect(nextBill(page)).toContainText('Sat 17 Oct');
  await expect(nextBill(page)).toContainText('$140.00');

  const panel = await openPanel(page, 'Extend trial', saltmarsh);
  await panel.choose('Days more', '14 days');
  expect(await panel.row('Last free day')).toEqual({
    now: 'Fri 16 Oct',
    after: 'Fri 30 Oct',
    difference: '14 days later',
  });
  expect(await panel.row('First paid day')).toMatchObject({ now: 'Sat 17 Oct', after: 'Sat 31 Oct' });
  expect(await panel.row('Due now')).toMatchObject({ after: '$0.00', difference: 'no invoice made' });
  expect(await panel.row('First bill')).toEqual({ now: '$140.00', after: '$76.77', difference: '−$63.23' });
  expect(await panel.row('Postponed')).toMatchObject({
    after: '$63.23',
    difference: 'comes later, not lost',
  });
  await expect(panel.root).toContainText('Within your limit: 14 days of 30 days at a time');
  // The page itself shows what is proposed, beside the panel.
  await expect(nextBill(page)).toContainText('Sat 31 Oct');
  await expect(nextBill(page)).toContainText('$76.77');
  // The line names the days that are paid, not the whole period.
  await expect(nextBill(page)).toContainText('Crew, 31 Oct to 16 Nov');
  await expect(nextBill(page)).toContainText('17 of 31 days of $140.00');

  await expect(panel.act('Extend trial by 14 days')).toBeDisabled();
  await panel.why('Onboarding delay', 'Ticket 7316');
  const receipt = await panel.press('Extend trial by 14 days');
  await expect(receipt).toContainText('By you, Onboarding delay: “Ticket 7316”.');
  await expect(nextBill(page)).toContainText('$76.77');
  await expect(timeline(page).filter({ hasText: 'Extend trial by 14 days' })).toContainText(
    'You, Onboarding delay',
  );

  // The old first bill's day passes with a bill for use alone, and there was none.
  await world.move('2026-10-30T12:00:00Z');
  expect((await world.invoices(saltmarsh)).map((invoice) => invoice.total_amount_cents)).toEqual([0]);
  await world.move('2026-10-31T12:00:00Z');
  expect((await world.invoices(saltmarsh)).at(-1)).toMatchObject({
    status: 'finalized',
    total_amount_cents: 7_677,
    issuing_date: '2026-10-31',
  });
});

test('an extended trial is put back to the day it had', async ({ page, context, world }) => {
  const saltmarsh = await world.saltmarsh();
  await world.move(TUESDAY);
  await world.enter(context, 'support');
  await openCustomer(page, saltmarsh);
  const panel = await openPanel(page, 'Extend trial', saltmarsh);
  await panel.choose('Days more', '7 days');
  await panel.why('Outage');
  const receipt = await panel.press('Extend trial by 7 days');
  await expect(nextBill(page)).toContainText('Sat 24 Oct');

  const undo = await askUndo(page, receipt, 'Extend trial by 7 days');
  expect(await undo.row('Last free day')).toMatchObject({ now: 'Fri 23 Oct', after: 'Fri 16 Oct' });
  // Seven days of 31 less are paid until it is undone: $140.00 × 24 / 31 = $108.387, $108.39.
  expect(await undo.row('First bill')).toEqual({ now: '$108.39', after: '$140.00', difference: '+$31.61' });
  await expect(undo.root).toContainText('You did it today at 10:24. Outage.');
  await undo.act('Put the last free day back to Fri 16 Oct 2026').click();
  await expect(undo.root).toBeHidden();
  await expect(receipt).toBeHidden();
  await expect(nextBill(page)).toContainText('Sat 17 Oct');
  await expect(nextBill(page)).toContainText('$140.00');
  const entry = timeline(page).filter({ hasText: 'Extend trial by 7 days' }).filter({ hasText: 'Undone' });
  await expect(entry).toHaveCount(1);
  await world.move('2026-10-17T12:00:00Z');
  expect((await world.invoices(saltmarsh)).map((invoice) => invoice.total_amount_cents)).toEqual([14_000]);
});
