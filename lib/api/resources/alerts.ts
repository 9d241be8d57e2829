import { z } from 'zod';
import type { Tx } from '@/db/clients';
import { createAlerts } from '@/lib/commands/alerts/create';
import { deleteAlerts } from '@/lib/commands/alerts/delete';
import { findAlert, type Watched } from '@/lib/commands/alerts/find';
import { alertInput } from '@/lib/commands/alerts/input';
import { updateAlert } from '@/lib/commands/alerts/update';
import { findWallet } from '@/lib/commands/wallets/find';
import { type AlertRow, listAlerts, loadAlertObjects } from '@/lib/queries/api/alerts';
import { findSubscription } from '@/lib/queries/api/subscriptions';
import { bare, body, nothing } from '../about.ts';
import type { Door } from '../environment.ts';
import { missingRoot, unknown } from '../errors.ts';
import type { ApiRequest } from '../request.ts';
import { get, post, put, remove } from '../routes.ts';
import { alertSchema, alertWire } from '../serializers/alert.ts';
import { all, one, page } from '../wire-schema.ts';
import { listed } from './listing.ts';

const alertAnswer = one('alert', alertSchema);
/** One alert, or several at once. */
const created = z.union([z.object({ alert: alertInput }), z.object({ alerts: z.array(alertInput) })]);

type Subject = (request: ApiRequest, tx: Tx) => Promise<Watched>;

/** Alerts name the subscription by its external id: they outlive a change of plan. */
const ofSubscription: Subject = async (request, tx) => {
  const externalSubscriptionId = request.param('external_id');
  const statuses = ['active', 'pending', 'terminated'] as const;
  const found = await findSubscription(tx, request.organizationId, externalSubscriptionId, [...statuses]);
  if (!found) throw unknown('subscription');
  return { externalSubscriptionId };
};

const ofWallet: Subject = async (request, tx) => {
  const name = { external_customer_id: request.param('external_id'), code: request.param('wallet_code') };
  return { walletId: (await findWallet(tx, request.organizationId, name)).id };
};

async function wired(request: ApiRequest, rows: AlertRow[]) {
  const objects = await request.read((tx) => loadAlertObjects(tx, request.organizationId, rows));
  return objects.map(alertWire);
}

async function wiredOne(request: ApiRequest, rows: AlertRow[]) {
  const [alert] = await wired(request, rows);
  if (!alert) throw unknown('alert');
  return { alert };
}

async function create(request: ApiRequest, watched: Watched) {
  const { alert, alerts } = await request.body();
  if (Array.isArray(alerts)) {
    return { alerts: await wired(request, await request.run(createAlerts, { watched, alerts })) };
  }
  if (!alert) throw missingRoot('alert');
  return wiredOne(request, await request.run(createAlerts, { watched, alerts: [alert] }));
}

function mount(door: Door, path: string, subject: Subject): void {
  const watchedBy = (request: ApiRequest) => request.read((tx) => subject(request, tx));
  get(door, path, { answers: page('alerts', alertSchema) }, async (request) => {
    const watched = await watchedBy(request);
    const rows = await request.read((tx) => listAlerts(tx, request.organizationId, watched, request.page));
    return listed(request, 'alerts', rows, alertWire);
  });
  post(
    door,
    path,
    { answers: z.union([alertAnswer, all('alerts', alertSchema)]), takes: bare(created) },
    async (request) => create(request, await watchedBy(request)),
  );
  remove(door, path, { answers: nothing }, async (request) => {
    await request.run(deleteAlerts, { watched: await watchedBy(request) });
    return undefined;
  });
  const one = `${path}/:code`;
  get(door, one, { answers: alertAnswer }, async (request) => {
    const watched = await watchedBy(request);
    const row = await request.read((tx) =>
      findAlert(tx, request.organizationId, watched, request.param('code')),
    );
    return wiredOne(request, [row]);
  });
  put(
    door,
    one,
    { answers: alertAnswer, takes: body('alert', updateAlert.input, { member: 'changes' }) },
    async (request) => {
      const changes = await request.attributes('alert');
      const watched = await watchedBy(request);
      const row = await request.run(updateAlert, { watched, code: request.param('code'), changes });
      return wiredOne(request, [row]);
    },
  );
  remove(door, one, { answers: alertAnswer }, async (request) => {
    const watched = await watchedBy(request);
    const rows = await request.run(deleteAlerts, { watched, code: request.param('code') });
    return wiredOne(request, rows);
  });
}

/** Alerts on the usage of a subscription and on a wallet (API contract 4.1, section 9). */
export function alerts(door: Door): void {
  mount(door, '/subscriptions/:external_id/alerts', ofSubscription);
  mount(door, '/customers/:external_id/wallets/:wallet_code/alerts', ofWallet);
}
