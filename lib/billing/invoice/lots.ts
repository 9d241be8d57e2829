import type { WalletLotFacts } from './facts.ts';
import type { WalletUseResult } from './result.ts';
import { minOf } from './spread.ts';

/**
 * Lots in the order they are used: by priority, free before bought, the one that expires first (ours: a lot without an
 * end last), oldest (semantics 10.5).
 */
export function lotOrder(a: WalletLotFacts, b: WalletLotFacts): number {
  if (a.priority !== b.priority) return a.priority - b.priority;
  if (a.kind !== b.kind) return a.kind === 'granted' ? -1 : 1;
  if (a.expiresAt !== b.expiresAt) {
    if (a.expiresAt === null) return 1;
    return b.expiresAt === null ? -1 : a.expiresAt - b.expiresAt;
  }
  return a.createdAt - b.createdAt || (a.transactionId < b.transactionId ? -1 : 1);
}

/** Which lots an amount comes from. Less than the amount when the lots do not hold it. */
export function takeFromLots(lots: readonly WalletLotFacts[], amountMinor: bigint): WalletUseResult['lots'] {
  let left = amountMinor;
  const taken: WalletUseResult['lots'] = [];
  for (const { transactionId, kind, remainingMinor } of [...lots].sort(lotOrder)) {
    const part = minOf(remainingMinor, left);
    if (part <= 0n) continue;
    taken.push({ transactionId, kind, amountMinor: part });
    left -= part;
  }
  return taken;
}
