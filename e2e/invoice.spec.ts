import { askUndo, openCustomer, openFromMenu, openPanel, Panel } from './support/customer-page.ts';
import { expect, test } from './support/test.ts';
import type { World } from './support/world.ts';

/** Minutes of each day of September; they add up to 14,260. */
const SEPTEMBER = [
  520, 540, 560, 530, 90, 70, 550, 560, 540, 580, 560, 500, 80, 60, 620, 2_140, 650, 520, 90, 70, 580, 560,
  540, 550, 450, 80, 60, 560, 550, 500,
];

/** Pylon's bill of 1 October: Crew for October, 14,260 minutes and 86 GB in September. */
async function pylonsOctoberBill(world: World) {
  const pylon = await world.pylon();
  await world.move('2026-09-30T20:00:00Z');
  const day = (index: number) => `2026-09-${String(index + 1).padStart(2, '0')}T16:04:00Z`;
  await world.use(
    pylon,
    'minutes',
    SEPTEMBER.map((amount, index) => ({ at: day(index), amount })),
  );
  await world.use(pylon, 'storage', [
    { at: '2026-09-09T10:00:00Z', amount: 44 },
    { at: '2026-09-22T10:00:00Z', amount: 42 },
  ]);
  await world.move('2026-10-13T09:24:00Z');
  return pylon;
}

test('every line of an invoice says why it is what it is', async ({ page, context, world }) => {
  const pylon = await pylonsOctoberBill(world);
  await world.enter(context, 'support');
  const [invoice] = await world.invoices(pylon);
  // $140.00 + 11,260 × $0.02 + 36 × $0.15 = $140.00 + $225.20 + $5.40 = $370.60.
  expect(invoice).toMatchObject({ status: 'finalized', total_amount_cents: 37_060 });

  await page.goto('/invoices?view=all');
  await page.getByRole('link', { name: invoice?.number }).first().click();
  const paper = page.getByRole('article', { name: /as the customer sees it/ });
  await expect(paper).toContainText('88 NW Couch Street');
  await expect(paper).toContainText('Total$370.60');
  await paper.getByRole('link', { name: /Minutes/ }).click();

  const why = page.getByRole('complementary', { name: 'Why this amount' });
  await expect(why.getByRole('heading', { name: 'Why $225.20' })).toBeVisible();
  await expect(why).toContainText(
    'Pylon Podcasts used 14,260 minutes from 1 to 30 September, Los Angeles time.',
  );
  // The row of the price; the days below it say "included" too.
  await expect(why.getByRole('row', { name: /^Included/ })).toContainText('3,000');
  const above = why.getByRole('row').filter({ hasText: 'Above 3,000' });
  await expect(above).toContainText('11,260');
  await expect(above).toContainText('$225.20');
  await expect(why).toContainText('nothing rounded');

  // Down to the events of one day, and along the lines by key.
  await why.getByRole('link', { name: '16', exact: true }).click();
  const events = why.getByRole('region', { name: 'Events of Wed 16 Sep' });
  await expect(events).toContainText('1 event adds up to 2,140 minutes');
  await expect(events.getByRole('row').filter({ hasText: '2,140' })).toHaveCount(1);
  await page.keyboard.press('ArrowDown');
  await expect(why.getByRole('heading', { name: 'Why $5.40' })).toBeVisible();
});

test('an invoice of another organisation, and an address that means nothing, are not found', async ({
  page,
  context,
  world,
}) => {
  await world.enter(context, 'support');
  for (const id of ['0199f0aa-0000-7000-8000-000000000000', 'nonsense', '%27%3B--']) {
    await page.goto(`/invoices/${id}`);
    await expect(page.getByText(/not here|not found|does not exist|nothing here/i).first()).toBeVisible();
  }
});

test('finance cancels a wrong bill and bills it again with another count; then a trial ends and a plan rests', async ({
  page,
  context,
  world,
}) => {
  const saltmarsh = await world.saltmarsh();
  const fogbank = await world.customer({
    name: 'Fogbank Radio',
    plan: 'crew',
    since: '2026-06-01T07:00:00Z',
    timezone: 'America/Los_Angeles',
  });
  const pylon = await pylonsOctoberBill(world);
  await world.enter(context, 'finance');
  const [invoice] = await world.invoices(pylon);
  const number = invoice?.number ?? '';
  const panelOf = (act: string) =>
    new Panel(page.getByRole('dialog', { name: `${act}, Invoice ${number}` }), page);
  const fix = async (act: string) => {
    await page.getByRole('button', { name: 'Something is wrong' }).click();
    await page.getByRole('menuitem', { name: new RegExp(`^${act}`) }).click();
    return panelOf(act);
  };
  await page.goto(`/invoices/${invoice?.lago_id}`);
  const paper = page.getByRole('article', { name: /as the customer sees it/ });
  const cancel = await fix('Cancel invoice');
  expect(await cancel.row('Still due on it')).toEqual({
    now: '$370.60',
    after: '$0.00',
    difference: '−$370.60',
  });
  await cancel.why('Wrong amount', 'counted 4,260 minutes twice');
  await cancel.press(`Cancel invoice ${number}, $370.60`);
  await expect(paper).toContainText('Cancelled Tue 13 Oct 2026');

  const again = await fix('Bill again');
  await again.root.getByRole('button', { name: 'Change: Minutes' }).click();
  await again.root.getByLabel('How many').fill('10,000');
  // $140.00 + 7,000 × $0.02 + $5.40.
  await expect
    .poll(() => again.due('Minutes'))
    .toEqual([expect.stringContaining('Minutes'), expect.anything(), '$140.00']);
  await again.why('Wrong amount');
  await again.press(`Bill invoice ${number} again: $285.40`);
  await paper.getByRole('link', { name: 'a draft' }).click();
  await expect(paper).toContainText('Total$285.40');
  await expect(paper).toContainText(`In place of ${number}`);

  await openCustomer(page, saltmarsh);
  const trial = await openFromMenu(page, 'End trial', saltmarsh);
  // Four of the thirty days from 17 September to 16 October: $140.00 × 4 ÷ 30.
  expect(await trial.row('First paid day')).toMatchObject({ now: 'Sat 17 Oct', after: 'Tue 13 Oct' });
  await trial.why('Ready to pay');
  const receipt = await trial.press('End the trial today, charge $18.67');
  const undo = await askUndo(page, receipt, 'End the trial today, charge $18.67');
  await undo.act('Put the trial back').click();
  await expect(page.getByText('free through Fri 16 Oct')).toBeVisible();

  await openCustomer(page, fogbank);
  const pause = await openFromMenu(page, 'Pause', fogbank);
  // The thirteenth is not paid for: 19 of 31 days of $140.00 come back.
  expect(await pause.row('Credit for later bills')).toMatchObject({ now: '$0.00', after: '$85.81' });
  await pause.why('Out of season');
  await pause.press('Pause Crew');
  await expect(page.getByText('Nothing is billed until it is resumed.')).toBeVisible();
  const resume = await openPanel(page, 'Resume', fogbank);
  expect((await resume.due('Due today')).at(-1)).toBe('$0.00');
  await resume.why('They are back');
  await resume.press('Resume Crew');
  await expect(page.getByText(/^On Crew/).first()).toBeVisible();
});
