/** One customer's MRR at an instant, minor units. */
export interface RevenueLevel {
  listMinor: bigint;
  netMinor: bigint;
}

export type MovementName =
  | 'new'
  | 'reactivation'
  | 'expansion'
  | 'contraction'
  | 'churn'
  | 'discount_started'
  | 'discount_ended';

export interface RevenueMovement {
  kind: MovementName;
  amountMinor: bigint;
}

/**
 * Why MRR moved from one level to another. Opening + Σ movements = closing, always: price and quantity come first, what
 * discounts add or take comes after (operator dashboard 3.11).
 */
export function movementsBetween(
  before: RevenueLevel,
  after: RevenueLevel,
  everPositive: boolean,
): RevenueMovement[] {
  const change = after.netMinor - before.netMinor;
  if (before.netMinor === 0n && after.netMinor > 0n) {
    return [{ kind: everPositive ? 'reactivation' : 'new', amountMinor: change }];
  }
  if (before.netMinor > 0n && after.netMinor === 0n && after.listMinor === 0n) {
    return [{ kind: 'churn', amountMinor: change }];
  }
  const listed = after.listMinor - before.listMinor;
  const discounted = change - listed;
  const movements: RevenueMovement[] = [];
  if (listed !== 0n) movements.push({ kind: listed > 0n ? 'expansion' : 'contraction', amountMinor: listed });
  if (discounted !== 0n) {
    movements.push({
      kind: discounted > 0n ? 'discount_ended' : 'discount_started',
      amountMinor: discounted,
    });
  }
  return movements;
}
