import { nextBill, openCustomer, openPanel, panelOf } from './support/customer-page.ts';
import { expect, test } from './support/test.ts';
import { TUESDAY } from './support/world.ts';

test('an act that is not for this role stays in its place and says who may', async ({
  page,
  context,
  world,
}) => {
  const saltmarsh = await world.saltmarsh();
  await world.move(TUESDAY);
  await world.enter(context, 'engineer');
  await openCustomer(page, saltmarsh);
  for (const act of ['Extend trial', 'Discount', 'Credits', 'Change plan'] as const) {
    const button = page.getByRole('button', { name: act, exact: true });
    await expect(button).toBeDisabled();
    await expect(button).toHaveAccessibleDescription(`${act} is for Founder, Finance, Sales or Support.`);
  }
  // On the page the reason is said once for all four.
  await expect(
    page.getByText('You may look. Changes here are for Founder, Finance, Sales or Support.'),
  ).toHaveCount(1);
  // An address from a colleague opens the panel, and the panel says the same.
  await page.goto(`/customers/${saltmarsh.id}?act=extend-trial`);
  const panel = panelOf(page, 'Extend trial', saltmarsh);
  await expect(panel.root).toContainText('Extend trial is for Founder, Finance, Sales or Support.');
  await expect(panel.root.getByRole('button', { name: /Extend trial by/ })).toHaveCount(0);
  // The door behind the panel refuses as well.
  const answer = await page.request.post('/api/console/preview', {
    headers: { origin: world.origin },
    data: {
      command: 'credits/grant',
      input: { customerId: saltmarsh.id, amountMinor: '100', currency: 'USD', expiresAt: null },
    },
  });
  expect(await answer.json()).toMatchObject({ ok: false, kind: 'forbidden' });
});

test('over the limit it becomes a request, which a founder approves', async ({
  page,
  context,
  browser,
  world,
}) => {
  const pylon = await world.pylon();
  await world.move(TUESDAY);
  await world.enter(context, 'support');
  await openCustomer(page, pylon);
  const panel = await openPanel(page, 'Credits', pylon);
  await panel.root.getByLabel('Free credits').fill('750');
  // Support gives up to $500.00 at a time.
  await expect(panel.root).toContainText('You may give $500.00 at a time. This is $250.00 more.');
  await panel.why('Sales promise', 'Agreed with Tomas on the phone');
  await panel.act('Send to Tomas Wrede, $750.00').click();
  await expect(panel.root).toBeHidden();
  await expect(page.getByRole('status').filter({ hasText: 'Tomas Wrede' })).toBeVisible();
  await expect(nextBill(page)).toContainText('$140.00');

  // Their own request is not theirs to decide.
  await page.goto('/approvals');
  await expect(page.getByRole('region', { name: 'Give $750.00 of credits' })).toContainText(
    'You asked for this, so somebody else decides.',
  );

  const founders = await browser.newContext();
  await world.enter(founders, 'founder');
  const desk = await founders.newPage();
  await desk.goto('/approvals');
  const request = desk.getByRole('region', { name: 'Give $750.00 of credits' });
  await expect(request).toContainText('Kofi Asante asked');
  await expect(request).toContainText('Agreed with Tomas on the phone');
  await request.getByRole('button', { name: 'Approve $750.00' }).click();
  await expect(desk.getByRole('region', { name: 'Decided' })).toContainText('Approved');
  await founders.close();

  await openCustomer(page, pylon);
  // $750.00 of credits pay the whole next bill.
  await expect(nextBill(page)).toContainText('$0.00');
});

test('a declined request changes nothing', async ({ page, context, browser, world }) => {
  const saltmarsh = await world.saltmarsh();
  await world.move(TUESDAY);
  await world.enter(context, 'support');
  await openCustomer(page, saltmarsh);
  const panel = await openPanel(page, 'Extend trial', saltmarsh);
  const day = panel.root.getByRole('textbox', { name: 'Last free day' });
  await day.fill('+45');
  await day.press('Enter');
  await expect(panel.root).toContainText('You may give 30 days at a time. This is 15 days more.');
  await panel.why('Evaluating');
  await panel.act('Send to Tomas Wrede').click();
  await expect(panel.root).toBeHidden();

  const founders = await browser.newContext();
  await world.enter(founders, 'founder');
  const desk = await founders.newPage();
  await desk.goto('/approvals');
  const request = desk.getByRole('region', { name: 'Extend trial by 45 days' });
  await request.getByRole('textbox', { name: 'A word to the person who asked' }).fill('Two weeks are fine');
  await request.getByRole('button', { name: 'Decline' }).click();
  await expect(desk.getByRole('region', { name: 'Decided' })).toContainText('Declined');
  await founders.close();
  await openCustomer(page, saltmarsh);
  await expect(nextBill(page)).toContainText('Sat 17 Oct');
});
