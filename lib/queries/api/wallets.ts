import { and, asc, desc, eq, inArray, type SQL, sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import {
  billableMetrics,
  billingEntities,
  topUpRules,
  walletConsumptions,
  wallets,
  walletTransactions,
} from '@/db/schema';
import { loadCustomerObjects } from './customers.ts';
import { type Listed, offsetOf, type PageWindow } from './page.ts';

export type WalletRow = typeof wallets.$inferSelect;
export type WalletTransactionRow = typeof walletTransactions.$inferSelect;

export interface WalletObject {
  wallet: WalletRow;
  externalCustomerId: string;
  billingEntityCode: string;
  /** Active ones. */
  rules: (typeof topUpRules.$inferSelect)[];
  allowedMetricCodes: string[];
}

/** Objects of any number of wallets, in the order given; a fixed number of queries. */
export async function loadWalletObjects(
  tx: Tx,
  organizationId: string,
  rows: WalletRow[],
): Promise<WalletObject[]> {
  if (rows.length === 0) return [];
  const owners = await loadCustomerObjects(
    tx,
    organizationId,
    rows.map(({ customerId }) => customerId),
  );
  const rules = await tx
    .select()
    .from(topUpRules)
    .where(
      and(
        eq(topUpRules.organizationId, organizationId),
        eq(topUpRules.status, 'active'),
        inArray(
          topUpRules.walletId,
          rows.map(({ id }) => id),
        ),
      ),
    );
  const metricIds = [...new Set(rows.flatMap(({ allowedMetricIds }) => allowedMetricIds))];
  const metrics =
    metricIds.length === 0
      ? []
      : await tx
          .select({ id: billableMetrics.id, code: billableMetrics.code })
          .from(billableMetrics)
          .where(
            and(eq(billableMetrics.organizationId, organizationId), inArray(billableMetrics.id, metricIds)),
          );
  const entityCode = await codesOfEntities(tx, organizationId, rows);
  return rows.flatMap((wallet) => {
    const owner = owners.get(wallet.customerId);
    if (!owner) return [];
    return [
      {
        wallet,
        externalCustomerId: owner.customer.externalId,
        billingEntityCode: entityCode(wallet) ?? owner.entity.code,
        rules: rules.filter(({ walletId }) => walletId === wallet.id),
        allowedMetricCodes: wallet.allowedMetricIds.flatMap(
          (id) => metrics.find((metric) => metric.id === id)?.code ?? [],
        ),
      },
    ];
  });
}

/** The code of the billing entity a wallet names for itself; undefined of one that names none. */
async function codesOfEntities(tx: Tx, organizationId: string, rows: WalletRow[]) {
  const ids = [...new Set(rows.flatMap(({ billingEntityId }) => billingEntityId ?? []))];
  const found =
    ids.length === 0
      ? []
      : await tx
          .select({ id: billingEntities.id, code: billingEntities.code })
          .from(billingEntities)
          .where(and(eq(billingEntities.organizationId, organizationId), inArray(billingEntities.id, ids)));
  return ({ billingEntityId }: WalletRow) => found.find(({ id }) => id === billingEntityId)?.code;
}

export interface WalletFilters {
  customerId?: string;
  currency?: string;
  billingEntityCodes?: string[];
}

/** Wallets, newest first. */
export async function listWallets(
  tx: Tx,
  organizationId: string,
  { customerId, currency, billingEntityCodes }: WalletFilters,
  window: PageWindow,
): Promise<Listed<WalletObject>> {
  const where: SQL | undefined = and(
    eq(wallets.organizationId, organizationId),
    customerId === undefined ? undefined : eq(wallets.customerId, customerId),
    currency === undefined ? undefined : eq(wallets.currency, currency),
    billingEntityCodes === undefined
      ? undefined
      : sql`exists (select 1 from customers c
          join billing_entities b on b.organization_id = c.organization_id
            and b.id = coalesce(${wallets.billingEntityId}, c.billing_entity_id)
          where c.organization_id = ${organizationId} and c.id = ${wallets.customerId} and b.code in ${billingEntityCodes})`,
  );
  const rows = await tx
    .select()
    .from(wallets)
    .where(where)
    .orderBy(desc(wallets.createdAt), desc(wallets.id))
    .limit(window.perPage)
    .offset(offsetOf(window));
  return {
    totalCount: await tx.$count(wallets, where),
    rows: await loadWalletObjects(tx, organizationId, rows),
  };
}

export interface WalletTransactionObject {
  transaction: WalletTransactionRow;
  wallet: WalletRow;
  billingEntityCode: string;
}

/** Objects of any number of movements, in the order given. */
export async function loadTransactionObjects(
  tx: Tx,
  organizationId: string,
  rows: WalletTransactionRow[],
): Promise<WalletTransactionObject[]> {
  if (rows.length === 0) return [];
  const walletRows = await tx
    .select()
    .from(wallets)
    .where(
      and(
        eq(wallets.organizationId, organizationId),
        inArray(wallets.id, [...new Set(rows.map(({ walletId }) => walletId))]),
      ),
    );
  const owners = await loadCustomerObjects(
    tx,
    organizationId,
    rows.map(({ customerId }) => customerId),
  );
  const entityCode = await codesOfEntities(tx, organizationId, walletRows);
  return rows.flatMap((transaction) => {
    const wallet = walletRows.find(({ id }) => id === transaction.walletId);
    const owner = owners.get(transaction.customerId);
    if (!wallet || !owner) return [];
    return [{ transaction, wallet, billingEntityCode: entityCode(wallet) ?? owner.entity.code }];
  });
}

/** Null when there is none. */
export async function readTransaction(
  tx: Tx,
  organizationId: string,
  id: string,
): Promise<WalletTransactionObject | null> {
  const rows = await tx
    .select()
    .from(walletTransactions)
    .where(and(eq(walletTransactions.organizationId, organizationId), eq(walletTransactions.id, id)));
  return (await loadTransactionObjects(tx, organizationId, rows))[0] ?? null;
}

export interface TransactionFilters {
  walletId: string;
  status?: WalletTransactionRow['status'];
  transactionType?: WalletTransactionRow['transactionType'];
  /** Several where one word of the contract covers several of ours. */
  transactionStatuses?: WalletTransactionRow['transactionStatus'][];
  metadata?: Record<string, string>;
}

/** A wallet's movements, newest first. */
export async function listTransactions(
  tx: Tx,
  organizationId: string,
  filters: TransactionFilters,
  window: PageWindow,
): Promise<Listed<WalletTransactionObject>> {
  const t = walletTransactions;
  const { status, transactionType, transactionStatuses } = filters;
  const where = and(
    eq(t.organizationId, organizationId),
    eq(t.walletId, filters.walletId),
    status === undefined ? undefined : eq(t.status, status),
    transactionType === undefined ? undefined : eq(t.transactionType, transactionType),
    transactionStatuses === undefined ? undefined : inArray(t.transactionStatus, transactionStatuses),
    ...Object.entries(filters.metadata ?? {}).map(
      ([key, value]) => sql`${t.metadata} @> ${JSON.stringify([{ key, value }])}::jsonb`,
    ),
  );
  const rows = await tx
    .select()
    .from(t)
    .where(where)
    .orderBy(desc(t.createdAt), desc(t.id))
    .limit(window.perPage)
    .offset(offsetOf(window));
  return {
    totalCount: await tx.$count(t, where),
    rows: await loadTransactionObjects(tx, organizationId, rows),
  };
}

/** What one movement took from another, with the other end. */
export interface TransferObject {
  transfer: typeof walletConsumptions.$inferSelect;
  other: WalletTransactionObject;
}

/** `consumptions` of a lot are the movements it paid; `fundings` of an outgoing movement are the lots it came from. */
export async function listTransfers(
  tx: Tx,
  organizationId: string,
  transactionId: string,
  side: 'consumptions' | 'fundings',
  window: PageWindow,
): Promise<Listed<TransferObject>> {
  const c = walletConsumptions;
  const own = side === 'consumptions' ? c.inboundId : c.outboundId;
  const where = and(eq(c.organizationId, organizationId), eq(own, transactionId));
  const transfers = await tx
    .select()
    .from(c)
    .where(where)
    .orderBy(asc(c.createdAt), asc(c.id))
    .limit(window.perPage)
    .offset(offsetOf(window));
  const otherId = (row: (typeof transfers)[number]) =>
    side === 'consumptions' ? row.outboundId : row.inboundId;
  const rows =
    transfers.length === 0
      ? []
      : await tx
          .select()
          .from(walletTransactions)
          .where(
            and(
              eq(walletTransactions.organizationId, organizationId),
              inArray(walletTransactions.id, transfers.map(otherId)),
            ),
          );
  const others = await loadTransactionObjects(tx, organizationId, rows);
  return {
    totalCount: await tx.$count(c, where),
    rows: transfers.flatMap((transfer) => {
      const other = others.find(({ transaction }) => transaction.id === otherId(transfer));
      return other ? [{ transfer, other }] : [];
    }),
  };
}
