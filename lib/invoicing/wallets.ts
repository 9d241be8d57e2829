import { and, asc, eq, inArray } from 'drizzle-orm';
import { among } from '@/db/among';
import { newId } from '@/db/ids';
import { topUpRules, wallets, walletTransactions } from '@/db/schema';
import type { WalletFacts } from '@/lib/billing/invoice/facts';
import type { WalletUseResult } from '@/lib/billing/invoice/result';
import { type CreditSplit, creditsLapsed, creditsUsed, walletForfeited } from '@/lib/ledger/entries';
import { cancelDue } from '@/lib/schedule/due';
import { CommandError, conflict, invalid, notFound } from '@/lib/schedule/errors';
import { announce } from '@/lib/schedule/outbox';
import { type BillingContext, isForecast } from './context';
import type { BillToLower } from './coupons';
import { amountOf, type LotRow, lockWallet, lockWallets, type WalletRow } from './wallet-balance';
import {
  type Draw,
  drawInOrder,
  type Outbound,
  readLots,
  splitDraws,
  takeOut,
  takeOutEach,
} from './wallet-draws';
import { addLot } from './wallet-lots';

export { grantCredits, openWallet } from './wallet-lots';

const lotFacts = (lot: LotRow): WalletFacts['lots'][number] => ({
  transactionId: lot.id,
  kind: lot.transactionStatus === 'purchased' ? 'purchased' : 'granted',
  priority: lot.priority,
  remainingMinor: lot.remainingAmountMinor ?? 0n,
  createdAt: lot.createdAt.getTime(),
  expiresAt: lot.expiresAt?.getTime() ?? null,
});

/**
 * The wallets that may pay customers' next bills, bill by bill, in the order they are used (semantics 10.3). A lot whose own
 * expiry has come is left out even before it is swept; a whole wallet is used until it is swept. `balanceMinor` is what the
 * usable lots hold. The caller holds the customers' locks; `recordWalletUses` refuses stale facts.
 */
export async function loadWalletFacts(ctx: BillingContext, bills: BillToLower[]): Promise<WalletFacts[][]> {
  if (bills.length === 0) return [];
  const { tx, organizationId, now } = ctx;
  const rows = await tx
    .select()
    .from(wallets)
    .where(
      and(
        eq(wallets.organizationId, organizationId),
        among(wallets.customerId, [...new Set(bills.map(({ customerId }) => customerId))]),
        eq(wallets.status, 'active'),
      ),
    )
    .orderBy(asc(wallets.priority), asc(wallets.createdAt), asc(wallets.id));
  const lotsOf = new Map<string, LotRow[]>(rows.map(({ id }) => [id, []]));
  for (const lot of await readLots(ctx, rows)) {
    if (lot.expiresAt === null || lot.expiresAt.getTime() > now) lotsOf.get(lot.walletId)?.push(lot);
  }
  const factsOf = (wallet: WalletRow): WalletFacts => {
    const usable = lotsOf.get(wallet.id) ?? [];
    return {
      id: wallet.id,
      code: wallet.code,
      currency: wallet.currency,
      priority: wallet.priority,
      createdAt: wallet.createdAt.getTime(),
      balanceMinor: usable.reduce((sum, lot) => sum + (lot.remainingAmountMinor ?? 0n), 0n),
      allowedFeeTypes: wallet.allowedFeeTypes,
      allowedMetricIds: wallet.allowedMetricIds,
      traceable: true,
      lots: usable.map(lotFacts),
    };
  };
  return bills.map(({ customerId, currency }) =>
    rows
      .filter((wallet) => wallet.customerId === customerId && wallet.currency === currency)
      .map(factsOf)
      .filter((wallet) => wallet.balanceMinor > 0n),
  );
}

/**
 * Takes what the engine let each wallet pay: one `invoiced` transaction per wallet with the lots it came from, balances
 * and the ledger. Throws conflict `wallet_moved` when a lot no longer holds it, so a wallet never falls below zero.
 */
export async function recordWalletUses(
  ctx: BillingContext,
  invoiceId: string,
  uses: WalletUseResult[],
): Promise<void> {
  const wanted = uses.filter((use) => use.amountMinor > 0n);
  if (wanted.length === 0) return;
  const locked = await lockWallets(
    ctx,
    wanted.map((use) => use.walletId),
  );
  const lots = await lotsById(
    ctx,
    wanted.flatMap((use) => use.lots.map((lot) => lot.transactionId)),
  );
  for (const use of wanted) {
    const wallet = locked.get(use.walletId);
    if (wallet?.status !== 'active') {
      return conflict('wallet_moved', 'A wallet ended while it was paying this bill. Try again.');
    }
    const draws: Draw[] = use.lots.map(({ transactionId, amountMinor }) => ({
      lot: lots.get(transactionId) ?? notFound('wallet_transaction'),
      amountMinor,
    }));
    const entry = isForecast(ctx) ? undefined : creditsUsed;
    await takeOut(ctx, wallet, { status: 'invoiced', draws, invoiceId, entry });
  }
}

async function lotsById({ tx, organizationId }: BillingContext, ids: string[]): Promise<Map<string, LotRow>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .select()
    .from(walletTransactions)
    .where(and(eq(walletTransactions.organizationId, organizationId), inArray(walletTransactions.id, ids)));
  return new Map(rows.map((row) => [row.id, row]));
}

/** Reads a movement of credits without holding anything. Throws not_found. */
export async function findLot(ctx: BillingContext, lotId: string): Promise<LotRow> {
  return (await lotsById(ctx, [lotId])).get(lotId) ?? notFound('wallet_transaction');
}

/** Reads a lot with its wallet locked. Throws not_found. */
export async function lockLot(
  ctx: BillingContext,
  lotId: string,
): Promise<{ wallet: WalletRow; lot: LotRow }> {
  const wallet = await lockWallet(ctx, (await findLot(ctx, lotId)).walletId);
  return { wallet, lot: await findLot(ctx, lotId) };
}

/**
 * Takes back the unused part of a lot, or `amountMinor` of it. Answers what was taken, 0 when nothing was left. Throws
 * invalid `insufficient_credits` when more is asked than is left.
 */
export async function voidLot(ctx: BillingContext, lotId: string, amountMinor?: bigint): Promise<bigint> {
  const { wallet, lot } = await lockLot(ctx, lotId);
  const left = lot.status === 'settled' ? (lot.remainingAmountMinor ?? 0n) : 0n;
  const taken = amountMinor ?? left;
  if (taken > left) invalid({ voided_credits: ['insufficient_credits'] }, 'Not that much is left of it.');
  if (taken === 0n || wallet.status !== 'active') return 0n;
  await takeOut(ctx, wallet, { status: 'voided', draws: [{ lot, amountMinor: taken }], entry: voidedEntry });
  return taken;
}

const voidedEntry = (figures: CreditSplit) => creditsLapsed('voided', figures);

export interface VoidRequest {
  /** In credits; not rounded to whole minor units (semantics 10.2). */
  credits: string;
  /** Only from this lot. */
  lotId?: string | null;
  name?: string | null;
  metadata?: { key: string; value: string }[];
}

/** Voids credits of a locked wallet: see `voidEach`. Throws invalid `insufficient_credits`. */
export async function voidCredits(
  ctx: BillingContext,
  wallet: WalletRow,
  request: VoidRequest,
): Promise<LotRow> {
  const [voided] = await voidEach(ctx, wallet, [request]);
  if (!voided || voided instanceof CommandError) throw voided ?? new Error('nothing was voided');
  return voided;
}

/**
 * Voids credits of a locked wallet, request by request, from one lot or in the order lots are used. Answers each with its
 * movement, or with invalid `insufficient_credits` for as much as the wallet does not hold any more.
 */
export async function voidEach(
  ctx: BillingContext,
  wallet: WalletRow,
  requests: readonly VoidRequest[],
): Promise<(LotRow | CommandError)[]> {
  const lots = await readLots(ctx, [wallet]);
  const outs: Outbound[] = [];
  const places = requests.map((request) => {
    const amountMinor = amountOf(wallet, request.credits);
    const open = lots.filter((lot) => !request.lotId || lot.id === request.lotId);
    const draws = drawInOrder(open, amountMinor);
    if (draws.reduce((sum, draw) => sum + draw.amountMinor, 0n) < amountMinor) return null;
    for (const draw of draws) {
      draw.lot.remainingAmountMinor = (draw.lot.remainingAmountMinor ?? 0n) - draw.amountMinor;
    }
    const { credits, name, metadata } = request;
    return outs.push({ status: 'voided', draws, credits, name, metadata, entry: voidedEntry }) - 1;
  });
  const made = await takeOutEach(ctx, wallet, outs);
  return places.map((place) => (place === null ? insufficient() : made[place]!));
}

const insufficient = () =>
  new CommandError({
    kind: 'invalid',
    fields: { voided_credits: ['insufficient_credits'] },
    message: 'The wallet does not hold that much.',
  });

/** A lot's own expiry has come: what is left of it lapses. Answers how much. */
export async function expireLot(ctx: BillingContext, lotId: string): Promise<bigint> {
  const { wallet, lot } = await lockLot(ctx, lotId);
  const left = lot.remainingAmountMinor ?? 0n;
  if (lot.status !== 'settled' || left <= 0n || wallet.status !== 'active') return 0n;
  const draws: Draw[] = [{ lot, amountMinor: left }];
  const entry = (figures: CreditSplit) => creditsLapsed('expired', figures);
  await takeOut(ctx, wallet, { status: 'expired', draws, name: lot.name, entry });
  return left;
}

/**
 * Ends a wallet, by hand or because its time is up, with its top-up rules. What it holds is forfeited in place: no
 * transaction, the balance stays to be read (semantics 10.6), and the ledger stops owing it.
 */
export async function expireWallet(ctx: BillingContext, walletId: string): Promise<WalletRow> {
  const { tx, organizationId, now } = ctx;
  const wallet = await lockWallet(ctx, walletId);
  if (wallet.status !== 'active') return wallet;
  const lots = await readLots(ctx, [wallet]);
  await walletForfeited(ctx, {
    walletId,
    customerId: wallet.customerId,
    currency: wallet.currency,
    occurredAt: now,
    ...splitDraws(lots.map((lot) => ({ lot, amountMinor: lot.remainingAmountMinor ?? 0n }))),
  });
  const ended = { status: 'terminated' as const, terminatedAt: new Date(now) };
  const rules = await tx
    .update(topUpRules)
    .set(ended)
    .where(
      and(
        eq(topUpRules.organizationId, organizationId),
        eq(topUpRules.walletId, walletId),
        eq(topUpRules.status, 'active'),
      ),
    )
    .returning({ id: topUpRules.id });
  for (const { id } of rules) {
    await cancelDue(tx, organizationId, now, 'wallet.interval_top_up', id);
    await cancelDue(tx, organizationId, now, 'top_up_rule.expire', id);
  }
  await cancelDue(tx, organizationId, now, 'wallet.expire', walletId);
  for (const lot of lots) await cancelDue(tx, organizationId, now, 'credit_lot.expire', lot.id);
  const [row] = await tx
    .update(wallets)
    .set({ ...ended, updatedAt: new Date(now) })
    .where(and(eq(wallets.organizationId, organizationId), eq(wallets.id, walletId)))
    .returning();
  await announce(tx, organizationId, now, { type: 'wallet.terminated', objectId: walletId });
  return row ?? wallet;
}

/**
 * A voided invoice gives wallets back what they had paid, as new granted lots (bought credits too; semantics 10.9). The
 * posting is part of `invoiceVoided`. Ended wallets get nothing. Answers the amount restored, in minor units.
 */
export async function restoreVoidedInvoiceCredits(ctx: BillingContext, invoiceId: string): Promise<bigint> {
  const { tx, organizationId } = ctx;
  const used = await tx
    .select()
    .from(walletTransactions)
    .where(
      and(
        eq(walletTransactions.organizationId, organizationId),
        eq(walletTransactions.invoiceId, invoiceId),
        eq(walletTransactions.transactionStatus, 'invoiced'),
      ),
    )
    .orderBy(asc(walletTransactions.createdAt), asc(walletTransactions.id));
  let restored = 0n;
  for (const use of used) {
    const wallet = await lockWallet(ctx, use.walletId);
    if (wallet.status !== 'active') continue;
    await addLot(ctx, wallet, {
      id: newId(),
      amountMinor: use.amountMinor,
      credits: use.creditAmount,
      voidedInvoiceId: invoiceId,
    });
    restored += use.amountMinor;
  }
  return restored;
}
