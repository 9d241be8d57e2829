import { Exact } from '../money/exact.ts';

/** What running usage would take from prepaid credits (semantics 10.7). Never used for billing. */

export interface UsageBucket {
  kind: string;
  metricId: string | null;
  targetWalletCode: string | null;
  /** Minor units, taxes included. */
  amount: Exact;
}

export interface OngoingWallet {
  id: string;
  code: string;
  priority: number;
  /** Epoch milliseconds. */
  createdAt: number;
  balanceMinor: bigint;
  allowedFeeTypes: string[];
  allowedMetricIds: string[];
  /** A rule tops it up when it runs low, so it takes whatever comes. */
  refills: boolean;
}

function mayPay(wallet: OngoingWallet, { kind, metricId, targetWalletCode }: UsageBucket): boolean {
  if (targetWalletCode !== null) return wallet.code === targetWalletCode;
  const { allowedFeeTypes, allowedMetricIds } = wallet;
  if (allowedFeeTypes.length === 0 && allowedMetricIds.length === 0) return true;
  return allowedFeeTypes.includes(kind) || (metricId !== null && allowedMetricIds.includes(metricId));
}

/**
 * Shares usage out over wallets in their order, the largest bucket first: each takes what it still holds, one that
 * refills itself takes everything, and the last that may pay takes what nobody holds. Minor units by wallet id.
 */
export function distributeUsage(
  buckets: readonly UsageBucket[],
  wallets: readonly OngoingWallet[],
): Map<string, bigint> {
  const ordered = [...wallets].sort(
    (a, b) => a.priority - b.priority || a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1),
  );
  const taken = new Map(ordered.map(({ id }) => [id, Exact.ZERO]));
  for (const bucket of [...buckets].sort((a, b) => b.amount.cmp(a.amount))) {
    const able = ordered.filter((wallet) => mayPay(wallet, bucket));
    let left = bucket.amount;
    for (const [place, wallet] of able.entries()) {
      if (!left.isPositive()) break;
      const present = taken.get(wallet.id) ?? Exact.ZERO;
      const unlimited = wallet.refills || place === able.length - 1;
      const part = unlimited ? left : left.min(Exact.of(wallet.balanceMinor).sub(present).max(0));
      taken.set(wallet.id, present.add(part));
      left = left.sub(part);
    }
  }
  return new Map([...taken].map(([id, amount]) => [id, amount.roundToBigInt()]));
}
