import { Exact } from '../money/exact.ts';
import type { ProgressiveCreditFacts } from './facts.ts';
import type { FeeResult, InvoiceResult } from './result.ts';
import { discounted, minOf } from './spread.ts';

export interface ProgressiveStep {
  fees: FeeResult[];
  credits: InvoiceResult['progressiveCredits'];
  amountMinor: bigint;
}

/**
 * Takes back what the period's last progressive invoice billed: at most the usage lines of the charges that stood on it;
 * the rest is excess, owed as a credit note (semantics 7.2). The credit lowers the taxed part of those lines.
 */
export function applyProgressiveCredits(
  fees: readonly FeeResult[],
  facts: readonly ProgressiveCreditFacts[],
): ProgressiveStep {
  let lines = [...fees];
  const credits: InvoiceResult['progressiveCredits'] = [];
  for (const { subscriptionId, invoiceId, toCreditMinor, chargeIds } of facts) {
    const matches = (fee: FeeResult): boolean =>
      fee.kind === 'charge' &&
      fee.subscriptionId === subscriptionId &&
      fee.chargeId !== null &&
      chargeIds.includes(fee.chargeId);
    const billed = lines.filter(matches).reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
    const amountMinor = minOf(toCreditMinor, billed);
    if (amountMinor > 0n) {
      const base = Exact.of(billed);
      lines = lines.map((fee) =>
        matches(fee) ? discounted(fee, Exact.of(amountMinor).mul(fee.amountMinor).div(base)) : fee,
      );
    }
    credits.push({ subscriptionId, invoiceId, amountMinor, excessMinor: toCreditMinor - amountMinor });
  }
  return { fees: lines, credits, amountMinor: credits.reduce((sum, credit) => sum + credit.amountMinor, 0n) };
}
