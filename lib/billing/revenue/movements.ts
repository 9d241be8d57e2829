/** What happened to a customer's recurring revenue. Opening plus all movements is closing, to the cent. */

export type MovementKind =
  | 'new'
  | 'reactivation'
  | 'expansion'
  | 'contraction'
  | 'churn'
  | 'discount_started'
  | 'discount_ended';

export interface Movement {
  kind: MovementKind;
  /** Minor units; negative where revenue fell. Never zero. */
  amountMinor: bigint;
}

export interface RevenueLevel {
  listMinor: bigint;
  netMinor: bigint;
}

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);

/** The discount took the same share of the price before and after, within rounding: the price alone has moved. */
function keepsShare(before: RevenueLevel, after: RevenueLevel): boolean {
  const was = before.listMinor - before.netMinor;
  const is = after.listMinor - after.netMinor;
  if (was === is) return true;
  const difference = magnitude(is * before.listMinor - was * after.listMinor);
  return was > 0n && is > 0n && difference <= before.listMinor + after.listMinor;
}

/** How much of a change is the price's, and how much the discount's. */
function split(before: RevenueLevel, after: RevenueLevel): { byPrice: bigint; byDiscount: bigint } {
  const change = after.netMinor - before.netMinor;
  if (keepsShare(before, after)) return { byPrice: change, byDiscount: 0n };
  const byPrice = after.listMinor - before.listMinor;
  return { byPrice, byDiscount: change - byPrice };
}

/**
 * The movements from one level to another. `everPositive`: the customer paid at some time before, so that coming back is
 * a reactivation. A service that starts or ends counts whole, whatever discount it carried.
 */
export function movementsBetween(
  before: RevenueLevel,
  after: RevenueLevel,
  everPositive: boolean,
): Movement[] {
  if (before.listMinor <= 0n && before.netMinor <= 0n) {
    if (after.netMinor <= 0n) return [];
    return [{ kind: everPositive ? 'reactivation' : 'new', amountMinor: after.netMinor }];
  }
  if (after.listMinor <= 0n && after.netMinor <= 0n) {
    return before.netMinor > 0n ? [{ kind: 'churn', amountMinor: -before.netMinor }] : [];
  }
  const { byPrice, byDiscount } = split(before, after);
  const moves: Movement[] = [
    { kind: byPrice > 0n ? 'expansion' : 'contraction', amountMinor: byPrice },
    { kind: byDiscount > 0n ? 'discount_ended' : 'discount_started', amountMinor: byDiscount },
  ];
  return moves.filter(({ amountMinor }) => amountMinor !== 0n);
}
