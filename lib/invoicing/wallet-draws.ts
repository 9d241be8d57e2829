import { and, asc, eq, inArray, type SQL, sql } from 'drizzle-orm';
import { newId } from '@/db/ids';
import { insertionOf, writeTogether } from '@/db/insert-rows';
import { walletConsumptions, walletTransactions } from '@/db/schema';
import { Exact } from '@/lib/billing/money/exact';
import type { CreditSplit } from '@/lib/ledger/entries';
import { type Entry, newEntries } from '@/lib/ledger/post';
import { conflict } from '@/lib/schedule/errors';
import { type Announcement, announcing } from '@/lib/schedule/outbox';
import { type BillingContext, isForecast } from './context';
import {
  creditsOf,
  creditText,
  type LotRow,
  movedBy,
  movingWrites,
  type WalletRow,
  walletNews,
} from './wallet-balance';

/** What one movement takes from one lot. */
export interface Draw {
  lot: LotRow;
  amountMinor: bigint;
}

/**
 * The lots of wallets with something left, in the order they are used: priority, free before bought, the one that expires
 * first, oldest (semantics 10.5; the engine's own order). What makes a movement a lot stands in the text: as parameters it
 * would keep a planned statement from the index of lots, and a wallet has as many movements as it was drawn from.
 */
export async function readLots(
  { tx, organizationId }: BillingContext,
  of: Pick<WalletRow, 'id' | 'customerId'>[],
): Promise<LotRow[]> {
  if (of.length === 0) return [];
  const t = walletTransactions;
  return tx
    .select()
    .from(t)
    .where(
      and(
        eq(t.organizationId, organizationId),
        inArray(t.customerId, [...new Set(of.map(({ customerId }) => customerId))]),
        inArray(
          t.walletId,
          of.map(({ id }) => id),
        ),
        sql`${t.transactionType} = 'inbound' and ${t.status} = 'settled' and ${t.remainingAmountMinor} > 0`,
      ),
    )
    .orderBy(
      asc(t.priority),
      sql`${t.transactionStatus} = 'purchased'`,
      sql`${t.expiresAt} asc nulls last`,
      asc(t.createdAt),
      asc(t.id),
    );
}

/** Takes `amountMinor` from lots in their order; takes less when they hold less. */
export function drawInOrder(lots: LotRow[], amountMinor: bigint): Draw[] {
  const draws: Draw[] = [];
  let left = amountMinor;
  for (const lot of lots) {
    const held = lot.remainingAmountMinor ?? 0n;
    const taken = left < held ? left : held;
    if (taken <= 0n) continue;
    draws.push({ lot, amountMinor: taken });
    left -= taken;
  }
  return draws;
}

/** Draws split by where the credits came from, for the ledger. */
export function splitDraws(draws: Draw[]): { grantedMinor: bigint; purchasedMinor: bigint } {
  let grantedMinor = 0n;
  let purchasedMinor = 0n;
  for (const { lot, amountMinor } of draws) {
    if (lot.transactionStatus === 'purchased') purchasedMinor += amountMinor;
    else grantedMinor += amountMinor;
  }
  return { grantedMinor, purchasedMinor };
}

export interface Outbound {
  status: 'invoiced' | 'voided' | 'expired';
  draws: Draw[];
  /** The credits asked for where they are not simply the amount over the rate (voids, semantics 10.2). */
  credits?: string;
  /** In minor units; Σ draws when absent. */
  amountMinor?: bigint;
  invoiceId?: string;
  creditNoteId?: string;
  name?: string | null;
  metadata?: { key: string; value: string }[];
  /** Its entry in the ledger; what posts otherwise, or is rewound, has none. */
  entry?: (figures: CreditSplit) => Entry;
}

/** Writes one outbound movement of a locked wallet: see `takeOutEach`. */
export async function takeOut(ctx: BillingContext, wallet: WalletRow, out: Outbound): Promise<LotRow> {
  const [transaction] = await takeOutEach(ctx, wallet, [out]);
  if (!transaction) throw new Error('a wallet transaction was not written');
  return transaction;
}

/**
 * Writes outbound movements of a locked wallet, one after the other, in one statement: the transactions, which lot paid what,
 * the lots' remainders, the wallet's balance, the ledger and what is told of each. A lot that holds less than asked throws
 * conflict `wallet_moved` (the caller's facts are stale).
 */
export async function takeOutEach(
  ctx: BillingContext,
  wallet: WalletRow,
  outs: readonly Outbound[],
): Promise<LotRow[]> {
  if (outs.length === 0) return [];
  const { tx, organizationId, now } = ctx;
  let after = wallet;
  const transactions: LotRow[] = [];
  const told: Announcement[] = [];
  const entries: Entry[] = [];
  for (const out of outs) {
    const drawn = sumOf(out.draws);
    const transaction = outboundRow(ctx, wallet, out, drawn);
    const before = after;
    after = movedBy(ctx, before, { amountMinor: -drawn, credits: Exact.of(transaction.creditAmount).neg() });
    transactions.push(transaction);
    told.push(...walletNews(before, after), {
      type: 'wallet_transaction.created',
      objectId: transaction.id,
    });
    const { id: transactionId, customerId } = transaction;
    const figures = { transactionId, customerId, currency: wallet.currency, occurredAt: now };
    if (out.entry) entries.push(out.entry({ ...figures, ...splitDraws(out.draws) }));
  }
  const taken = takenFrom(outs);
  const [written] = await writeTogether<{ lots: number; credits: Record<string, string> }>(
    tx,
    {
      made: sql`${insertionOf(walletTransactions, transactions)} returning id, credit_amount`,
      lots: sql`
        update wallet_transactions t set remaining_amount_minor = t.remaining_amount_minor - d.amount
        from jsonb_to_recordset(${JSON.stringify(taken)}::jsonb) as d(id uuid, amount bigint)
        where t.organization_id = ${organizationId} and t.id = d.id and t.remaining_amount_minor >= d.amount
        returning t.id`,
      ...consumed(ctx, wallet, outs, transactions),
      ...(await movingWrites(ctx, after)),
      ...(await newEntries(ctx, entries)),
      ...(isForecast(ctx) ? {} : { told: announcing(organizationId, now, told) }),
    },
    sql`select (select count(*)::int from lots) as lots,
               (select jsonb_object_agg(id, credit_amount::text) from made) as credits`,
  );
  if (written?.lots !== taken.length) {
    conflict('wallet_moved', 'The credits were used by another bill meanwhile. Try again.');
  }
  return transactions.map((row) => ({ ...row, creditAmount: written.credits[row.id] ?? row.creditAmount }));
}

const sumOf = (draws: readonly Draw[]): bigint =>
  draws.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);

/** What all movements take from each lot, minor units as text. */
function takenFrom(outs: readonly Outbound[]): { id: string; amount: string }[] {
  const taken = new Map<string, bigint>();
  for (const { lot, amountMinor } of outs.flatMap(({ draws }) => draws)) {
    taken.set(lot.id, (taken.get(lot.id) ?? 0n) + amountMinor);
  }
  return [...taken].map(([id, amount]) => ({ id, amount: amount.toString() }));
}

function outboundRow(
  { organizationId, now }: BillingContext,
  wallet: WalletRow,
  out: Outbound,
  drawn: bigint,
): LotRow {
  const at = new Date(now);
  return {
    organizationId,
    id: newId(),
    walletId: wallet.id,
    customerId: wallet.customerId,
    transactionType: 'outbound',
    status: 'settled',
    transactionStatus: out.status,
    source: 'manual',
    priority: 50,
    amountMinor: out.amountMinor ?? drawn,
    creditAmount: out.credits ?? creditText(creditsOf(wallet, drawn)),
    remainingAmountMinor: null,
    expiresAt: null,
    name: out.name ?? null,
    metadata: out.metadata ?? [],
    invoiceId: out.invoiceId ?? null,
    creditNoteId: out.creditNoteId ?? null,
    voidedInvoiceId: null,
    invoiceRequiresSuccessfulPayment: false,
    purchaseOrderNumber: null,
    ruleId: null,
    settledAt: at,
    failedAt: null,
    createdAt: at,
  };
}

/** Which lot paid which movement. */
function consumed(
  { organizationId, now }: BillingContext,
  wallet: WalletRow,
  outs: readonly Outbound[],
  transactions: readonly LotRow[],
): Record<string, SQL> {
  const rows = outs.flatMap(({ draws }, place) =>
    draws.map(({ lot, amountMinor }) => ({
      organizationId,
      id: newId(),
      inboundId: lot.id,
      outboundId: transactions[place]!.id,
      amountMinor,
      creditAmount: creditText(creditsOf(wallet, amountMinor)),
      createdAt: new Date(now),
    })),
  );
  return rows.length === 0 ? {} : { consumed: insertionOf(walletConsumptions, rows) };
}
