import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import { newId } from '@/db/ids';
import { wallets, walletTransactions } from '@/db/schema';
import { Exact } from '@/lib/billing/money/exact';
import { creditsGranted, creditsLapsed, creditsPurchased } from '@/lib/ledger/entries';
import { postEntry } from '@/lib/ledger/post';
import { schedule } from '@/lib/schedule/due';
import { invalid } from '@/lib/schedule/errors';
import { announce } from '@/lib/schedule/outbox';
import type { BillingContext } from './context';
import {
  amountOf,
  creditsOf,
  creditText,
  type LotRow,
  lockWallet,
  moveBalance,
  type WalletRow,
} from './wallet-balance';

export interface LotDetails {
  name?: string | null;
  priority?: number | null;
  /** Epoch milliseconds; the lot's own expiry (ours: Lago's lots have none). */
  expiresAt?: number | null;
  source?: 'manual' | 'interval' | 'threshold';
  metadata?: { key: string; value: string }[];
  ruleId?: string | null;
  voidedInvoiceId?: string | null;
  purchaseOrderNumber?: string | null;
}

export type GrantRequest = LotDetails & {
  /** One of the two: a wallet, or a customer and currency whose general wallet is used or opened. */
  walletId?: string;
  customerId?: string;
  currency?: string;
  /** One of the two. */
  amountMinor?: bigint;
  credits?: string;
};

/** Settled free credits: usable at once, no invoice (semantics 10.2). Answers the lot. Throws invalid or not_found. */
export async function grantCredits(ctx: BillingContext, request: GrantRequest): Promise<LotRow> {
  const wallet = await lockWallet(ctx, request.walletId ?? (await generalWallet(ctx, request)));
  const { amountMinor, credits } = incoming(wallet, request, 'granted_credits');
  const lot = await addLot(ctx, wallet, { ...request, id: newId(), amountMinor, credits });
  await creditsGranted(ctx, {
    transactionId: lot.id,
    customerId: wallet.customerId,
    currency: wallet.currency,
    amountMinor,
    occurredAt: ctx.now,
  });
  return lot;
}

/**
 * Incoming credits as whole minor units, with the credits worked back from them (semantics 10.1). Throws invalid when the
 * wallet has ended or the amount rounds to nothing; `field` names the input.
 */
export function incoming(
  wallet: WalletRow,
  request: { amountMinor?: bigint; credits?: string },
  field: string,
): { amountMinor: bigint; credits: string } {
  if (wallet.status !== 'active') invalid({ wallet_id: ['wallet_is_terminated'] }, 'This wallet has ended.');
  const amountMinor = request.amountMinor ?? amountOf(wallet, request.credits ?? '0');
  if (amountMinor <= 0n) invalid({ [field]: ['amount_rounds_to_zero'] }, 'Give an amount above zero.');
  return { amountMinor, credits: creditText(creditsOf(wallet, amountMinor)) };
}

/** The wallet that pays any kind of line: the customer's first, or a new one. The caller holds the customer's lock. */
async function generalWallet(ctx: BillingContext, request: GrantRequest): Promise<string> {
  const { customerId, currency } = request;
  if (!customerId || !currency) throw new Error('a grant names a wallet, or a customer and a currency');
  const [found] = await ctx.tx
    .select({ id: wallets.id })
    .from(wallets)
    .where(
      and(
        eq(wallets.organizationId, ctx.organizationId),
        eq(wallets.customerId, customerId),
        eq(wallets.currency, currency),
        eq(wallets.status, 'active'),
        isNull(wallets.expirationAt),
        sql`${wallets.allowedFeeTypes} = '[]'::jsonb and ${wallets.allowedMetricIds} = '[]'::jsonb`,
      ),
    )
    .orderBy(asc(wallets.priority), asc(wallets.createdAt), asc(wallets.id))
    .limit(1);
  if (found) return found.id;
  const wallet = await openWallet(ctx, { customerId, currency, name: 'Credits', code: 'credits' });
  return wallet.id;
}

export type NewWallet = Pick<WalletRow, 'customerId' | 'currency'> &
  Partial<Omit<typeof wallets.$inferInsert, 'id' | 'organizationId' | 'code'>> & { code: string };

/** Opens an empty wallet. A code already in use by an active wallet of the customer gets a number. */
export async function openWallet(ctx: BillingContext, values: NewWallet): Promise<WalletRow> {
  const { tx, organizationId, now } = ctx;
  const at = new Date(now);
  const [row] = await tx
    .insert(wallets)
    .values({
      rateAmount: '1',
      createdAt: at,
      updatedAt: at,
      ...values,
      code: await freeCode(ctx, values.customerId, values.code),
      organizationId,
      id: newId(),
    })
    .returning();
  if (!row) throw new Error('a wallet was not written');
  if (row.expirationAt) {
    await schedule(tx, organizationId, now, {
      kind: 'wallet.expire',
      key: row.expirationAt.toISOString(),
      dueAt: row.expirationAt.getTime(),
      customerId: row.customerId,
      subjectId: row.id,
    });
  }
  await announce(tx, organizationId, now, { type: 'wallet.created', objectId: row.id });
  return row;
}

async function freeCode(ctx: BillingContext, customerId: string, wanted: string): Promise<string> {
  const rows = await ctx.tx
    .select({ code: wallets.code })
    .from(wallets)
    .where(
      and(
        eq(wallets.organizationId, ctx.organizationId),
        eq(wallets.customerId, customerId),
        eq(wallets.status, 'active'),
      ),
    );
  const taken = new Set(rows.map((row) => row.code));
  if (!taken.has(wanted)) return wanted;
  let number = 2;
  while (taken.has(`${wanted}_${number}`)) number++;
  return `${wanted}_${number}`;
}

/** Writes a settled granted lot into a locked wallet and moves its balance; the caller posts it. */
export async function addLot(
  ctx: BillingContext,
  wallet: WalletRow,
  lot: LotDetails & { id: string; amountMinor: bigint; credits: string },
): Promise<LotRow> {
  const { tx, organizationId, now } = ctx;
  const at = new Date(now);
  const [row] = await tx
    .insert(walletTransactions)
    .values({
      ...pendingValues(ctx, wallet, lot),
      status: 'settled',
      transactionStatus: 'granted',
      remainingAmountMinor: lot.amountMinor,
      settledAt: at,
    })
    .returning();
  if (!row) throw new Error('a wallet transaction was not written');
  await moveBalance(ctx, wallet, { amountMinor: lot.amountMinor, credits: Exact.of(lot.credits) });
  await scheduleExpiry(ctx, row);
  await announce(tx, organizationId, now, { type: 'wallet_transaction.created', objectId: row.id });
  return row;
}

/** The columns an inbound movement starts with. */
export function pendingValues(
  { organizationId, now }: BillingContext,
  wallet: WalletRow,
  lot: LotDetails & { id: string; amountMinor: bigint; credits: string },
) {
  return {
    organizationId,
    id: lot.id,
    walletId: wallet.id,
    customerId: wallet.customerId,
    transactionType: 'inbound' as const,
    source: lot.source ?? ('manual' as const),
    priority: lot.priority ?? 50,
    amountMinor: lot.amountMinor,
    creditAmount: lot.credits,
    expiresAt: lot.expiresAt ? new Date(lot.expiresAt) : null,
    name: lot.name ?? null,
    metadata: lot.metadata ?? [],
    ruleId: lot.ruleId ?? null,
    voidedInvoiceId: lot.voidedInvoiceId ?? null,
    purchaseOrderNumber: lot.purchaseOrderNumber ?? null,
    createdAt: new Date(now),
  };
}

async function scheduleExpiry({ tx, organizationId, now }: BillingContext, lot: LotRow): Promise<void> {
  if (!lot.expiresAt) return;
  await schedule(tx, organizationId, now, {
    kind: 'credit_lot.expire',
    key: 'once',
    dueAt: lot.expiresAt.getTime(),
    customerId: lot.customerId,
    subjectId: lot.id,
  });
}

/** The purchase behind a credit invoice that has bought nothing yet. */
export async function openPurchase(
  { tx, organizationId }: BillingContext,
  invoiceId: string,
): Promise<LotRow | null> {
  const [row] = await tx
    .select()
    .from(walletTransactions)
    .where(
      and(
        eq(walletTransactions.organizationId, organizationId),
        eq(walletTransactions.invoiceId, invoiceId),
        eq(walletTransactions.transactionType, 'inbound'),
        eq(walletTransactions.transactionStatus, 'purchased'),
        inArray(walletTransactions.status, ['pending', 'failed']),
      ),
    )
    .for('update');
  return row ?? null;
}

/**
 * The credit invoice is paid: its pending purchase becomes a lot (semantics 10.2). A purchase whose first
 * payment failed settles with the next one. Does nothing when it has settled. Credits bought for a wallet that ended meanwhile lapse at once, in the open.
 */
export async function settlePurchase(ctx: BillingContext, invoiceId: string): Promise<void> {
  const { tx, organizationId, now } = ctx;
  const pending = await openPurchase(ctx, invoiceId);
  if (!pending) return;
  const wallet = await lockWallet(ctx, pending.walletId);
  const active = wallet.status === 'active';
  const [lot] = await tx
    .update(walletTransactions)
    .set({
      status: 'settled',
      settledAt: new Date(now),
      failedAt: null,
      remainingAmountMinor: active ? pending.amountMinor : 0n,
    })
    .where(and(eq(walletTransactions.organizationId, organizationId), eq(walletTransactions.id, pending.id)))
    .returning();
  if (!lot) return;
  const figures = {
    transactionId: lot.id,
    customerId: wallet.customerId,
    currency: wallet.currency,
    occurredAt: now,
  };
  await creditsPurchased(ctx, { ...figures, amountMinor: lot.amountMinor });
  if (active) {
    await moveBalance(ctx, wallet, { amountMinor: lot.amountMinor, credits: Exact.of(lot.creditAmount) });
    await scheduleExpiry(ctx, lot);
  } else {
    const lapsed = { ...figures, grantedMinor: 0n, purchasedMinor: lot.amountMinor };
    await postEntry(ctx, creditsLapsed('expired', lapsed));
  }
  await announce(tx, organizationId, now, { type: 'wallet_transaction.updated', objectId: lot.id });
}

/** The credit invoice's payment failed: nothing was bought. */
export async function failPurchase(ctx: BillingContext, invoiceId: string): Promise<void> {
  const pending = await openPurchase(ctx, invoiceId);
  if (pending?.status !== 'pending') return;
  await ctx.tx
    .update(walletTransactions)
    .set({ status: 'failed', failedAt: new Date(ctx.now) })
    .where(
      and(eq(walletTransactions.organizationId, ctx.organizationId), eq(walletTransactions.id, pending.id)),
    );
  await announce(ctx.tx, ctx.organizationId, ctx.now, {
    type: 'wallet_transaction.updated',
    objectId: pending.id,
  });
}
