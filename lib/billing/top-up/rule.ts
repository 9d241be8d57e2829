import { Exact } from '../money/exact.ts';

/** Recurring top-up rules (semantics 10.8). All quantities are credits. */

interface Balances {
  ongoing: Exact;
  /** Bought and not yet paid for. */
  pending: Exact;
}

/** Whether a threshold rule fires: both the ongoing balance and what it will be once pending credits arrive are low. */
export function isBelowThreshold(threshold: Exact, { ongoing, pending }: Balances): boolean {
  return ongoing.lte(threshold) && ongoing.add(pending).lte(threshold);
}

export interface TopUp {
  paidCredits: Exact;
  grantedCredits: Exact;
}

export interface FixedRule {
  method: 'fixed';
  trigger: 'interval' | 'threshold';
  paidCredits: Exact;
  grantedCredits: Exact;
  /** Of threshold rules. */
  thresholdCredits?: Exact;
}

export interface TargetRule {
  method: 'target';
  trigger: 'interval' | 'threshold';
  targetOngoingBalance: Exact;
  /** Gives the gap away instead of selling it. */
  grantsTargetTopUp: boolean;
}

/** The wallet's limits for one purchase, in credits. */
export interface PurchaseLimits {
  min: Exact | null;
  max: Exact | null;
}

/** Whole multiples of the paid part until the gap to the threshold is closed; at most the wallet's maximum. */
function clearingGap(
  { paidCredits, grantedCredits, thresholdCredits }: FixedRule,
  at: Balances,
  max: Exact | null,
): Exact {
  if (!thresholdCredits || !paidCredits.isPositive()) return paidCredits;
  const gap = thresholdCredits.sub(at.ongoing).sub(grantedCredits).sub(at.pending);
  if (gap.lt(paidCredits)) return paidCredits;
  const needed = paidCredits.mul(gap.div(paidCredits).floor().add(1));
  return max ? needed.min(max) : needed;
}

/** What a rule that fires adds to the wallet; both parts are zero when there is nothing to add. */
export function topUpOf(rule: FixedRule | TargetRule, balances: Balances, limits: PurchaseLimits): TopUp {
  if (rule.method === 'fixed') {
    const paidCredits =
      rule.trigger === 'threshold' ? clearingGap(rule, balances, limits.max) : rule.paidCredits;
    return { paidCredits, grantedCredits: rule.grantedCredits };
  }
  const gap = rule.targetOngoingBalance.sub(balances.ongoing);
  const nothing = { paidCredits: Exact.ZERO, grantedCredits: Exact.ZERO };
  if (!gap.isPositive()) return nothing;
  if (rule.grantsTargetTopUp) return { ...nothing, grantedCredits: gap };
  return { ...nothing, paidCredits: limits.min ? gap.max(limits.min) : gap };
}
