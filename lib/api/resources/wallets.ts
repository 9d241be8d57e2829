import { isUuid } from '@/lib/commands/core/fields';
import { findCustomer } from '@/lib/commands/customers/find';
import { createWallet } from '@/lib/commands/wallets/create';
import { findWallet, type WalletName, type WalletRow } from '@/lib/commands/wallets/find';
import { terminateWallet } from '@/lib/commands/wallets/terminate';
import { updateWallet } from '@/lib/commands/wallets/update';
import { listWallets, loadWalletObjects } from '@/lib/queries/api/wallets';
import { body } from '../about.ts';
import type { Door } from '../environment.ts';
import { unknown } from '../errors.ts';
import type { ApiRequest } from '../request.ts';
import { get, post, put, remove } from '../routes.ts';
import { walletSchema, walletWire } from '../serializers/wallet.ts';
import { one, page } from '../wire-schema.ts';
import { listed } from './listing.ts';

const walletAnswer = one('wallet', walletSchema);

async function answer(request: ApiRequest, row: WalletRow) {
  const [object] = await request.read((tx) => loadWalletObjects(tx, request.organizationId, [row]));
  if (!object) throw unknown('wallet');
  return { wallet: walletWire(object) };
}

async function list(request: ApiRequest, externalCustomerId: string | undefined) {
  const { query, organizationId, page } = request;
  const rows = await request.read(async (tx) => {
    const customer =
      externalCustomerId === undefined ? null : await findCustomer(tx, organizationId, externalCustomerId);
    const filters = {
      customerId: customer?.id,
      currency: query.text('currency')?.toUpperCase(),
      billingEntityCodes: query.list('billing_entity_codes'),
    };
    return listWallets(tx, organizationId, filters, page);
  });
  return listed(request, 'wallets', rows, walletWire);
}

const byId = (request: ApiRequest): WalletName => ({ id: request.param('id') });
const byCode = (request: ApiRequest): WalletName => ({
  external_customer_id: request.param('external_id'),
  code: request.param('code'),
});

function mountOne(door: Door, path: string, nameOf: (request: ApiRequest) => WalletName): void {
  const named = (request: ApiRequest): WalletName => {
    const name = nameOf(request);
    if ('id' in name && !isUuid(name.id)) throw unknown('wallet');
    return name;
  };
  get(door, path, { answers: walletAnswer }, async (request) => {
    const row = await request.read((tx) => findWallet(tx, request.organizationId, named(request)));
    return answer(request, row);
  });
  put(
    door,
    path,
    { answers: walletAnswer, takes: body('wallet', updateWallet.input, { member: 'changes' }) },
    async (request) => {
      const changes = await request.attributes('wallet');
      return answer(request, await request.run(updateWallet, { wallet: named(request), changes }));
    },
  );
  remove(door, path, { answers: walletAnswer }, async (request) =>
    answer(request, await request.run(terminateWallet, { wallet: named(request) })),
  );
}

/** Wallets, by id and by customer and code (API contract, section 9). */
export function wallets(door: Door): void {
  post(
    door,
    '/wallets',
    { answers: walletAnswer, takes: body('wallet', createWallet.input) },
    async (request) => answer(request, await request.run(createWallet, await request.attributes('wallet'))),
  );
  get(
    door,
    '/wallets',
    {
      answers: page('wallets', walletSchema),
      filters: ['external_customer_id', 'currency', 'billing_entity_codes[]'],
    },
    (request) => list(request, request.query.text('external_customer_id')),
  );
  mountOne(door, '/wallets/:id', byId);
  post(
    door,
    '/customers/:external_id/wallets',
    {
      answers: walletAnswer,
      takes: body('wallet', createWallet.input, { without: ['external_customer_id'] }),
    },
    async (request) => {
      const external_customer_id = request.param('external_id');
      await request.read((tx) => findCustomer(tx, request.organizationId, external_customer_id));
      const given = { ...(await request.attributes('wallet')), external_customer_id };
      return answer(request, await request.run(createWallet, given));
    },
  );
  get(
    door,
    '/customers/:external_id/wallets',
    { answers: page('wallets', walletSchema), filters: ['currency', 'billing_entity_codes[]'] },
    (request) => list(request, request.param('external_id')),
  );
  mountOne(door, '/customers/:external_id/wallets/:code', byCode);
}
