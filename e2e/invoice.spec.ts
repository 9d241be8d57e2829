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
