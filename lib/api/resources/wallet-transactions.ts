import { isUuid } from '@/lib/commands/core/fields';
import { findWallet } from '@/lib/commands/wallets/find';
import { transactWallet } from '@/lib/commands/wallets/transact';
import {
  listTransactions,
  listTransfers,
  loadTransactionObjects,
  readTransaction,
  type TransferObject,
} from '@/lib/queries/api/wallets';
import { body } from '../about.ts';
import type { Door } from '../environment.ts';
import { unknown } from '../errors.ts';
import type { ApiRequest } from '../request.ts';
import { get, post } from '../routes.ts';
import { walletTransactionSchema, walletTransactionWire } from '../serializers/wallet.ts';
import { dec, ts } from '../wire.ts';
import { all, is, one, page, resource, type Wire } from '../wire-schema.ts';
import { choice } from './filters.ts';
import { listed } from './listing.ts';

const transactionDetailSchema = resource('WalletTransactionDetail', {
  ...walletTransactionSchema.shape,
  applied_invoice_custom_sections: is.none,
});
const transferSchema = resource('WalletTransfer', {
  lago_id: is.uuid,
  amount_cents: is.cents,
  credit_amount: is.dec,
  created_at: is.ts,
  wallet_transaction: walletTransactionSchema,
});

async function read(request: ApiRequest) {
  const id = request.param('id');
  const object = isUuid(id)
    ? await request.read((tx) => readTransaction(tx, request.organizationId, id))
    : null;
  if (!object) throw unknown('wallet_transaction');
  return object;
}

async function list(request: ApiRequest) {
  const { query, organizationId, page } = request;
  const status = choice(query, 'transaction_status', ['purchased', 'granted', 'voided', 'invoiced']);
  const metadata = query.map('metadata');
  const rows = await request.read(async (tx) => {
    const wallet = await findWallet(tx, organizationId, { id: request.param('id') });
    const filters = {
      walletId: wallet.id,
      status: choice(query, 'status', ['pending', 'settled', 'failed']),
      transactionType: choice(query, 'transaction_type', ['inbound', 'outbound']),
      // What expired is voided in the contract's words.
      transactionStatuses:
        status === undefined
          ? undefined
          : status === 'voided'
            ? (['voided', 'expired'] as const).slice()
            : [status],
      ...(Object.keys(metadata).length > 0 ? { metadata } : {}),
    };
    return listTransactions(tx, organizationId, filters, page);
  });
  return listed(request, 'wallet_transactions', rows, walletTransactionWire);
}

function transferWire({ transfer, other }: TransferObject): Wire<typeof transferSchema> {
  return {
    lago_id: transfer.id,
    amount_cents: transfer.amountMinor,
    credit_amount: dec(transfer.creditAmount),
    created_at: ts(transfer.createdAt),
    wallet_transaction: walletTransactionWire(other),
  };
}

async function transfers<S extends 'consumptions' | 'fundings'>(request: ApiRequest, side: S) {
  const { transaction } = await read(request);
  const rows = await request.read((tx) =>
    listTransfers(tx, request.organizationId, transaction.id, side, request.page),
  );
  return listed(request, `wallet_transaction_${side}` as const, rows, transferWire);
}

/** Movements of credits (API contract, section 9). */
export function walletTransactions(door: Door): void {
  post(
    door,
    '/wallet_transactions',
    {
      answers: all('wallet_transactions', walletTransactionSchema),
      takes: body('wallet_transaction', transactWallet.input),
    },
    async (request) => {
      const made = await request.run(transactWallet, await request.attributes('wallet_transaction'));
      const objects = await request.read((tx) => loadTransactionObjects(tx, request.organizationId, made));
      return { wallet_transactions: objects.map(walletTransactionWire) };
    },
  );
  get(
    door,
    '/wallets/:id/wallet_transactions',
    {
      answers: page('wallet_transactions', walletTransactionSchema),
      filters: ['status', 'transaction_type', 'transaction_status', 'metadata[key]'],
    },
    list,
  );
  get(
    door,
    '/wallet_transactions/:id',
    { answers: one('wallet_transaction', transactionDetailSchema) },
    async (request) => ({
      wallet_transaction: {
        ...walletTransactionWire(await read(request)),
        applied_invoice_custom_sections: [],
      },
    }),
  );
  get(
    door,
    '/wallet_transactions/:id/consumptions',
    { answers: page('wallet_transaction_consumptions', transferSchema) },
    (request) => transfers(request, 'consumptions'),
  );
  get(
    door,
    '/wallet_transactions/:id/fundings',
    { answers: page('wallet_transaction_fundings', transferSchema) },
    (request) => transfers(request, 'fundings'),
  );
}
