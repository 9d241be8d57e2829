import { Exact } from '../money/exact.ts';
import type { WalletFacts } from './facts.ts';
import { takeFromLots } from './lots.ts';
import type { FeeResult, WalletUseResult } from './result.ts';
import { minOf, owedOf } from './spread.ts';

export interface WalletStep {
  uses: WalletUseResult[];
  amountMinor: bigint;
  /** Null where a wallet used cannot be traced, or nothing of the kind was used. */
  grantedMinor: bigint | null;
  purchasedMinor: bigint | null;
}

/** Lines that the same wallets may pay, with what they still ask for. */
interface Bucket {
  kind: FeeResult['kind'];
  metricId: string | null;
  targetWalletCode: string | null;
  left: Exact;
}

/** Buckets by kind, metric and target wallet, the largest first (semantics 10.4.1, 10.4.2). */
function bucketsOf(fees: readonly FeeResult[], totalMinor: bigint): Bucket[] {
  const byKey = new Map<string, Bucket>();
  for (const fee of fees) {
    const { kind, metricId, targetWalletCode } = fee;
    const key = JSON.stringify([kind, metricId, targetWalletCode]);
    const bucket = byKey.get(key) ?? { kind, metricId, targetWalletCode, left: Exact.ZERO };
    byKey.set(key, { ...bucket, left: bucket.left.add(owedOf(fee)) });
  }
  const buckets = [...byKey.values()].sort((a, b) => b.left.cmp(a.left));
  const missing = Exact.of(totalMinor).sub(Exact.sum(buckets.map(({ left }) => left)));
  const largest = buckets[0];
  if (largest && missing.isPositive() && missing.lte(buckets.length))
    largest.left = largest.left.add(missing);
  return buckets;
}

/** A bucket meant for one wallet is paid by that one alone; else a listed metric or kind, or no restriction at all. */
function mayPay(wallet: WalletFacts, { kind, metricId, targetWalletCode }: Bucket): boolean {
  if (targetWalletCode !== null) return wallet.code === targetWalletCode;
  const { allowedFeeTypes, allowedMetricIds } = wallet;
  if (allowedFeeTypes.length === 0 && allowedMetricIds.length === 0) return true;
  return allowedFeeTypes.includes(kind) || (metricId !== null && allowedMetricIds.includes(metricId));
}

function split(
  uses: readonly WalletUseResult[],
  traceable: boolean,
  kind: 'granted' | 'purchased',
): bigint | null {
  const total = uses
    .flatMap(({ lots }) => lots)
    .filter((lot) => lot.kind === kind)
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  return traceable && total > 0n ? total : null;
}

/** Pays with credits: wallets by priority and age, each over the buckets it may pay, rounded once per wallet (semantics 10.4). */
export function applyWallets(
  fees: readonly FeeResult[],
  totalMinor: bigint,
  wallets: readonly WalletFacts[],
  currency: string,
): WalletStep {
  const usable = wallets
    .filter((wallet) => wallet.currency === currency && wallet.balanceMinor > 0n)
    .sort((a, b) => a.priority - b.priority || a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
  const buckets = usable.length === 0 ? [] : bucketsOf(fees, totalMinor);
  const uses: WalletUseResult[] = [];
  let left = totalMinor;
  let traceable = true;
  for (const wallet of usable) {
    const limit = Exact.of(minOf(wallet.balanceMinor, left));
    let taken = Exact.ZERO;
    for (const bucket of buckets) {
      if (!mayPay(wallet, bucket)) continue;
      const part = bucket.left.min(limit.sub(taken));
      bucket.left = bucket.left.sub(part);
      taken = taken.add(part);
    }
    const amountMinor = minOf(taken.roundToBigInt(), limit.toBigInt());
    if (amountMinor <= 0n) continue;
    left -= amountMinor;
    traceable &&= wallet.traceable;
    uses.push({
      walletId: wallet.id,
      amountMinor,
      lots: wallet.traceable ? takeFromLots(wallet.lots, amountMinor) : [],
    });
  }
  return {
    uses,
    amountMinor: totalMinor - left,
    grantedMinor: split(uses, traceable, 'granted'),
    purchasedMinor: split(uses, traceable, 'purchased'),
  };
}
