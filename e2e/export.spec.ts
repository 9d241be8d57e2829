import { readFile } from 'node:fs/promises';
import { expect, test } from './support/test.ts';
import { TUESDAY } from './support/world.ts';

test('a list comes as a file, as it is filtered', async ({ page, context, world }) => {
  const saltmarsh = await world.saltmarsh();
  await world.pylon();
  await world.move(TUESDAY);
  await world.enter(context, 'support');
  await page.goto('/customers?view=trials');
  const coming = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Export 1' }).click();
  const file = await coming;
  expect(file.suggestedFilename()).toBe('customers.csv');
  const [head, ...rows] = (await readFile(await file.path(), 'utf8')).trim().split('\r\n');
  expect(head).toContain('id,name,plan,status');
  expect(rows).toHaveLength(1);
  // The first bill is that of the first paid day, 17 October in Halifax.
  expect(rows[0]).toMatch(
    new RegExp(
      `^${saltmarsh.id},Saltmarsh Studios,Crew,trial,2026-10-17T03:00:00.000Z,,USD,,2026-10-17T03:00`,
    ),
  );
  const invoices = await page.request.get('/api/console/export/invoices?view=all');
  expect(await invoices.text()).toContain('Pylon Podcasts,finalized,');
});

test('nobody gets a file without signing in', async ({ page, world }) => {
  const answer = await page.request.get(`${world.origin}/api/console/export/customers`);
  expect(answer.status()).toBe(401);
});
