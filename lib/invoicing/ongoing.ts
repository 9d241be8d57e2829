import { and, asc, eq, inArray } from 'drizzle-orm';
import { fees, invoices, topUpRules, wallets } from '@/db/schema';
import type { FeeResult } from '@/lib/billing/invoice/result';
import { Exact } from '@/lib/billing/money/exact';
import { distributeUsage, type OngoingWallet, type UsageBucket } from '@/lib/billing/ongoing/distribute';
import type { BillingContext } from './context';
import type { RunningUsage } from './running-usage';
import { lockWallets, setOngoingUsage, type WalletRow } from './wallet-balance';

/** A customer's wallets in use, in the order they pay. */
export async function activeWallets(
  { tx, organizationId }: BillingContext,
  customerId: string,
): Promise<WalletRow[]> {
  return tx
    .select()
    .from(wallets)
    .where(
      and(
        eq(wallets.organizationId, organizationId),
        eq(wallets.customerId, customerId),
        eq(wallets.status, 'active'),
      ),
    )
    .orderBy(asc(wallets.priority), asc(wallets.createdAt), asc(wallets.id));
}

/**
 * Works out again what running usage and drafts would take from each of a customer's wallets (semantics 10.7). Answers
 * the wallets as they stand. Nothing is written for a wallet that stays the same.
 */
export async function refreshOngoing(
  ctx: BillingContext,
  customerId: string,
  running: RunningUsage[],
): Promise<WalletRow[]> {
  const found = await activeWallets(ctx, customerId);
  if (found.length === 0) return [];
  const locked = await lockWallets(
    ctx,
    found.map(({ id }) => id),
  );
  const refilling = await refillingIds(ctx, [...locked.keys()]);
  const drafts = await draftBuckets(ctx, customerId);
  const standing: WalletRow[] = [];
  for (const currency of new Set(found.map((wallet) => wallet.currency))) {
    const own = found.flatMap(({ id }) => locked.get(id) ?? []).filter((row) => row.currency === currency);
    const usage = running.filter(({ bill }) => bill.plan.currency === currency).flatMap(unbilledBuckets);
    const billed = drafts.filter((draft) => draft.currency === currency).map(({ bucket }) => bucket);
    const shares = distributeUsage(
      merged([...usage, ...billed]),
      own.map((wallet) => ongoingWallet(wallet, refilling.has(wallet.id))),
    );
    for (const wallet of own) {
      const share = shares.get(wallet.id) ?? 0n;
      const same = wallet.ongoingUsageBalanceMinor === share;
      standing.push(same ? wallet : await setOngoingUsage(ctx, wallet, share));
    }
  }
  return standing;
}

function ongoingWallet(wallet: WalletRow, refills: boolean): OngoingWallet {
  const { id, code, priority, balanceMinor, allowedFeeTypes, allowedMetricIds } = wallet;
  return {
    id,
    code,
    priority,
    createdAt: wallet.createdAt.getTime(),
    balanceMinor,
    allowedFeeTypes,
    allowedMetricIds,
    refills,
  };
}

async function refillingIds(
  { tx, organizationId }: BillingContext,
  walletIds: string[],
): Promise<Set<string>> {
  const rows = await tx
    .select({ walletId: topUpRules.walletId })
    .from(topUpRules)
    .where(
      and(
        eq(topUpRules.organizationId, organizationId),
        inArray(topUpRules.walletId, walletIds),
        eq(topUpRules.status, 'active'),
        eq(topUpRules.trigger, 'threshold'),
      ),
    );
  return new Set(rows.map(({ walletId }) => walletId));
}

const gross = (fee: Pick<FeeResult, 'amountMinor' | 'taxesPreciseAmountMinor'>): Exact =>
  Exact.of(fee.amountMinor).add(fee.taxesPreciseAmountMinor);

/** Usage of the running period with its taxes, less what a progressive invoice has billed of it; in-advance usage is paid. */
function unbilledBuckets({ unbilled, progressive }: RunningUsage): UsageBucket[] {
  const buckets = unbilled.map(
    (fee): UsageBucket => ({
      kind: 'charge',
      metricId: fee.metricId,
      targetWalletCode: fee.targetWalletCode,
      amount: gross(fee),
    }),
  );
  const early = (progressive?.fees ?? []).map(
    (fee): UsageBucket => ({
      kind: 'charge',
      metricId: fee.billableMetricId,
      targetWalletCode: fee.groupedBy.target_wallet_code ?? null,
      // The whole line with its taxes as they were before coupons and earlier invoices lowered them.
      amount: Exact.of(fee.amountMinor).mul(Exact.of(fee.taxesRate).pow10(-2).add(1)).neg(),
    }),
  );
  return merged([...buckets, ...early]).map((bucket) => ({ ...bucket, amount: bucket.amount.max(0) }));
}

/** What drafts ask for, net of coupons. */
async function draftBuckets(
  { tx, organizationId }: BillingContext,
  customerId: string,
): Promise<{ currency: string; bucket: UsageBucket }[]> {
  const rows = await tx
    .select({ fee: fees })
    .from(fees)
    .innerJoin(invoices, and(eq(invoices.organizationId, organizationId), eq(invoices.id, fees.invoiceId)))
    .where(
      and(
        eq(fees.organizationId, organizationId),
        eq(invoices.customerId, customerId),
        eq(invoices.status, 'draft'),
      ),
    );
  return rows.map(({ fee }) => ({
    currency: fee.currency,
    bucket: {
      kind: fee.feeType,
      metricId: fee.billableMetricId,
      targetWalletCode: fee.groupedBy.target_wallet_code ?? null,
      amount: Exact.of(fee.amountMinor)
        .sub(fee.preciseCouponsAmountMinor)
        .add(fee.taxesPreciseAmountMinor)
        .max(0),
    },
  }));
}

function merged(buckets: UsageBucket[]): UsageBucket[] {
  const byKey = new Map<string, UsageBucket>();
  for (const bucket of buckets) {
    const key = JSON.stringify([bucket.kind, bucket.metricId, bucket.targetWalletCode]);
    const present = byKey.get(key);
    byKey.set(key, present ? { ...present, amount: present.amount.add(bucket.amount) } : bucket);
  }
  return [...byKey.values()];
}
