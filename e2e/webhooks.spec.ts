import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { expect, test } from './support/test.ts';

interface Received {
  body: string;
  headers: IncomingHttpHeaders;
}

const servers: Server[] = [];
test.afterEach(() => {
  for (const server of servers.splice(0)) server.closeAllConnections();
});

/** A system of somebody's that takes everything, or nothing while it is down. */
async function receiver() {
  const state = { up: true, received: [] as Received[], url: '' };
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => {
      body += part;
    });
    request.on('end', () => {
      state.received.push({ body, headers: request.headers });
      response.writeHead(state.up ? 200 : 503).end(state.up ? 'taken' : 'not now');
    });
  });
  servers.push(server);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  return state;
}

test('an engineer adds an endpoint, sees what was sent, sends it again, rotates and removes it', async ({
  page,
  context,
  world,
}) => {
  const hook = await receiver();
  await world.enter(context, 'engineer');
  await page.goto('/settings/webhooks');
  await expect(page.getByText('Nobody is told yet.')).toBeVisible();
  await page.getByLabel('Address').fill('ftp://nowhere');
  await page.getByRole('button', { name: 'Add the endpoint' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'begins with https://' })).toBeVisible();
  await page.getByLabel('Address').fill(hook.url);
  await page.getByLabel('Name', { exact: true }).fill('The ledger');
  await page.getByText('Which events').click();
  await page.getByRole('checkbox', { name: 'customer.created' }).check();
  await page.getByRole('button', { name: 'Add the endpoint' }).click();
  const secret = await page.getByLabel('The signing secret').inputValue();

  await world.pylon();
  await expect.poll(() => hook.received.length).toBe(1);
  const [first] = hook.received as [Received];
  const message = new Webhook(secret).verify(first.body, first.headers as Record<string, string>);
  expect(message).toMatchObject({ webhook_type: 'customer.created', customer: { name: 'Pylon Podcasts' } });

  await page.goto('/settings/webhooks');
  const row = page.getByRole('row').filter({ hasText: 'customer.created' });
  await expect(row).toContainText('Delivered');
  await row.getByRole('link', { name: 'customer.created' }).click();
  await expect(page.getByRole('textbox', { name: 'Message' })).toHaveValue(/Pylon Podcasts/);
  await expect(page.getByRole('textbox', { name: 'Answer' })).toHaveValue('taken');
  await page.getByRole('button', { name: 'Send it again' }).click();
  await expect.poll(() => hook.received.length).toBe(2);
  expect(hook.received[1]?.headers['webhook-id']).toBe(first.headers['webhook-id']);

  await page.goto('/settings/webhooks');
  await page.getByRole('link', { name: 'The ledger' }).click();
  await page.getByRole('button', { name: 'Make a new secret' }).click();
  const next = await page.getByLabel('The signing secret').inputValue();
  await expect(page.getByText('Two secrets sign until')).toBeVisible();
  await world.saltmarsh();
  await expect.poll(() => hook.received.length).toBe(3);
  for (const each of [secret, next]) {
    const { body, headers } = hook.received[2] as Received;
    new Webhook(each).verify(body, headers as Record<string, string>);
  }
  await page.getByRole('button', { name: 'Remove it' }).click();
  await expect(page.getByText('Nobody is told yet.')).toBeVisible();
});

test('what happened while an endpoint was off is replayed', async ({ page, context, world }) => {
  const hook = await receiver();
  await world.enter(context, 'founder');
  await page.goto('/settings/webhooks');
  await page.getByLabel('Address').fill(hook.url);
  await page.getByText('Which events').click();
  await page.getByRole('checkbox', { name: 'customer.created' }).check();
  await page.getByRole('button', { name: 'Add the endpoint' }).click();
  await expect(page.getByLabel('The signing secret')).toBeVisible();
  await page.getByRole('link', { name: /127\.0\.0\.1.*hook/ }).click();
  await page.getByRole('button', { name: 'Turn it off' }).click();
  await expect(page.getByRole('button', { name: 'Replay' })).toBeDisabled();
  await world.pylon();
  await expect(async () => {
    await page.goto('/settings/webhooks?status=paused');
    await expect(page.getByRole('row').filter({ hasText: 'customer.created' })).toHaveCount(1, {
      timeout: 500,
    });
  }).toPass();
  expect(hook.received).toEqual([]);
  await page.getByRole('link', { name: /127\.0\.0\.1.*hook/ }).click();
  await page.getByRole('button', { name: 'Turn it on' }).click();
  await expect(page.getByRole('button', { name: 'Turn it off' })).toBeVisible();
  await page.getByRole('button', { name: 'Replay' }).click();
  await expect(page.getByText('1 on their way, oldest first.')).toBeVisible();
  await expect.poll(() => hook.received.length).toBe(1);
});

test('webhooks are for founders and engineers', async ({ page, context, world }) => {
  await world.enter(context, 'support');
  await page.goto('/settings/webhooks');
  await expect(page.getByRole('heading', { name: 'Webhooks are for Founder or Engineer' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Add the endpoint' })).toHaveCount(0);
});
