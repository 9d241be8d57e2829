import { askUndo, nextBill, openCustomer, openPanel, timeline } from './support/customer-page.ts';
import { expect, test } from './support/test.ts';
import { TUESDAY, type World } from './support/world.ts';

// Pylon Podcasts paid $140.00 for Crew's October, 31 days. Today, the 13th in Los Angeles, belongs to the new plan: 19 days
// are left of it. Studio for them is $640.00 × 19 / 31 = $392.258, $392.26; the unused part of Crew is
// $140.00 × 19 / 31 = $85.806, $85.81; each is rounded on its own. By then 3,500 minutes were used, 3,000 are included
// in Crew, so 500 × $0.02 = $10.00 for use is due with it: $392.26 + $10.00 − $85.81 = $316.45.

async function pylonInOctober(world: World) {
  const pylon = await world.pylon();
  await world.move(TUESDAY);
  await world.use(pylon, 'minutes', [
    { at: '2026-10-04T18:00:00Z', amount: 2_000 },
    { at: '2026-10-11T18:00:00Z', amount: 1_500 },
  ]);
  return pylon;
}

test('support upgrades now: the proration is exact, and so is the bill that leaves', async ({
  page,
  context,
  world,
}) => {
  const pylon = await pylonInOctober(world);
  await world.enter(context, 'support');
  await openCustomer(page, pylon);
  const panel = await openPanel(page, 'Change plan', pylon);
  await panel.choose('Plan', 'Studio');
  expect(await panel.row('Plan')).toMatchObject({ now: 'Crew', after: 'Studio' });
  expect(await panel.row('Due now')).toMatchObject({ after: '$316.45', difference: '+$316.45' });
  expect(await panel.due('Studio')).toEqual([
    expect.stringContaining('Studio'),
    '19 of 31 days of $640.00',
    '$392.26',
  ]);
  expect((await panel.due('Minutes')).at(-1)).toBe('$10.00');
  expect(await panel.due('Crew, not used')).toEqual([
    expect.stringContaining('Crew, not used'),
    '19 of 31 days of $140.00',
    '−$85.81',
  ]);
  expect((await panel.due('Due today')).at(-1)).toBe('$316.45');
  await panel.why('Outgrew the plan');
  const receipt = await panel.press('Change to Studio, charge $316.45');
  await expect(receipt).toContainText('Held for');
  // Since the change, not since they came.
  await expect(page.getByText(/^On Studio since 13 Oct, /)).toBeVisible();
  expect((await world.invoices(pylon)).at(-1)).toMatchObject({ status: 'draft', total_amount_cents: 31_645 });

  await world.move('2026-10-13T12:00:00Z');
  expect((await world.invoices(pylon)).at(-1)).toMatchObject({
    status: 'finalized',
    total_amount_cents: 31_645,
  });
  await world.move('2026-11-01T12:00:00Z');
  expect((await world.invoices(pylon)).at(-1)).toMatchObject({ total_amount_cents: 64_000 });
});

test('a change that is still held is undone as if it had never happened', async ({
  page,
  context,
  world,
}) => {
  const pylon = await pylonInOctober(world);
  await world.enter(context, 'support');
  await openCustomer(page, pylon);
  const before = (await world.invoices(pylon)).length;
  const panel = await openPanel(page, 'Change plan', pylon);
  await panel.choose('Plan', 'Studio');
  await panel.why('Sales promise');
  const receipt = await panel.press('Change to Studio, charge $316.45');
  const undo = await askUndo(page, receipt, 'Change to Studio, charge $316.45');
  expect(await undo.row('Plan')).toMatchObject({ now: 'Studio', after: 'Crew' });
  expect(await undo.row('Held charge')).toEqual({
    now: '$316.45',
    after: '$0.00',
    difference: 'never made',
  });
  await undo.act('Take the plan change back').click();
  await expect(receipt).toBeHidden();
  await expect(page.getByText(/^On Crew/)).toBeVisible();
  expect(await world.invoices(pylon)).toHaveLength(before);
  await world.move('2026-11-01T12:00:00Z');
  // Crew's November and the 500 minutes of October, as if nothing had been done.
  expect((await world.invoices(pylon)).at(-1)).toMatchObject({
    status: 'finalized',
    total_amount_cents: 15_000,
  });
});

test('support changes the plan at the next bill: nothing is due today', async ({ page, context, world }) => {
  const pylon = await world.pylon();
  await world.move(TUESDAY);
  await world.enter(context, 'support');
  await openCustomer(page, pylon);
  const panel = await openPanel(page, 'Change plan', pylon);
  await panel.choose('Plan', 'Studio');
  await panel.choose('When', 'At the next bill');
  expect(await panel.row('Due now')).toMatchObject({ after: '$0.00', difference: 'no invoice made' });
  expect(await panel.row('Plan')).toMatchObject({ now: 'Crew', after: 'Studio from Sun 1 Nov' });
  expect(await panel.row('Next bill, Sun 1 Nov')).toEqual({
    now: '$140.00',
    after: '$640.00',
    difference: '+$500.00',
  });
  await expect(panel.root).toContainText('Sun 1 Nov, nothing due today');
  await panel.why('Customer asked');
  await panel.press('Change to Studio at the next bill');
  await expect(page.getByText('Changes to Studio from Sun 1 Nov')).toBeVisible();
  await expect(nextBill(page)).toContainText('$640.00');
  await world.move('2026-11-01T12:00:00Z');
  expect((await world.invoices(pylon)).at(-1)).toMatchObject({
    status: 'finalized',
    total_amount_cents: 64_000,
  });
});

test('a change that waits for the next bill is cancelled', async ({ page, context, world }) => {
  const pylon = await world.pylon();
  await world.move(TUESDAY);
  await world.enter(context, 'support');
  await openCustomer(page, pylon);
  const panel = await openPanel(page, 'Change plan', pylon);
  await panel.choose('Plan', 'Solo');
  await panel.choose('When', 'At the next bill');
  await panel.why('Customer asked');
  const receipt = await panel.press('Change to Solo at the next bill');
  await expect(nextBill(page)).toContainText('$24.00');
  const undo = await askUndo(page, receipt, 'Change to Solo at the next bill');
  expect(await undo.row('Next bill, Sun 1 Nov')).toMatchObject({ now: '$24.00', after: '$140.00' });
  await undo.act('Cancel the change to Solo').click();
  await expect(receipt).toBeHidden();
  await expect(nextBill(page)).toContainText('$140.00');
  await expect(
    timeline(page).filter({ hasText: 'Change to Solo' }).filter({ hasText: 'Undone' }),
  ).toHaveCount(1);
});

test('a change that waits is named in the panel, and cancelled there', async ({ page, context, world }) => {
  const pylon = await world.pylon();
  await world.move(TUESDAY);
  await world.enter(context, 'support');
  await openCustomer(page, pylon);
  let panel = await openPanel(page, 'Change plan', pylon);
  await panel.choose('Plan', 'Solo');
  await panel.choose('When', 'At the next bill');
  await panel.why('Customer asked');
  await panel.press('Change to Solo at the next bill');

  panel = await openPanel(page, 'Change plan', pylon);
  await expect(panel.root).toContainText('Solo from Sun 1 Nov waits already');
  await expect(panel.root).toContainText('Another plan at the next bill takes its place.');
  await panel.choose('Plan', 'Solo');
  await panel.choose('When', 'At the next bill');
  await expect(panel.root).toContainText('The change to Solo waits already.');
  await panel.root.getByRole('button', { name: 'Cancel this change' }).click();
  expect(await panel.row('Plan')).toMatchObject({ now: 'Solo from Sun 1 Nov', after: 'Crew' });
  expect(await panel.row('Next bill, Sun 1 Nov')).toMatchObject({ now: '$24.00', after: '$140.00' });
  await panel.why('Customer asked');
  await panel.press('Cancel the change to Solo');
  await expect(nextBill(page)).toContainText('$140.00');
  await expect(page.getByText('Changes to Solo')).toBeHidden();
  await world.move('2026-11-01T12:00:00Z');
  expect((await world.invoices(pylon)).at(-1)).toMatchObject({ total_amount_cents: 14_000 });
});
