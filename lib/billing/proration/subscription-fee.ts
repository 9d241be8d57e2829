import { Exact } from '../money/exact.ts';
import { dayCount } from '../periods/days.ts';
import type { Instant } from '../periods/zone.ts';

/** The plan's own fee for its window (semantics 4.3), exact and rounded once. */

export interface SubscriptionFeeInput {
  amountMinor: bigint;
  /** Subscription window; `to` inclusive. */
  from: Instant;
  to: Instant;
  timezone: string;
  /** Days of the whole period that contains the window (4.2). */
  periodDays: number;
  payInAdvance: boolean;
  billingTime: 'calendar' | 'anniversary';
  trialEndsAt: Instant | null;
  /** How the subscription ended, if it did. */
  ended: 'terminated' | 'upgraded' | 'downgraded' | null;
  /** How it came to be, if it replaced another. */
  bornFrom: 'upgraded' | 'downgraded' | null;
  /** Non-deleted invoices of the subscription, this one included. */
  invoiceCount: number;
  /** An earlier invoice already carries a subscription fee. */
  feeBilledBefore: boolean;
  /** The start lies on an earlier UTC day than the subscription's creation. */
  backdated: boolean;
  /** A backdated start lies before the previous period's opening. */
  startedBeforePreviousPeriod: boolean;
}

export interface SubscriptionFee {
  amountMinor: bigint;
  preciseAmountMinor: Exact;
  days: number;
  periodDays: number;
  /** The price as it stands, not a share of it. */
  full: boolean;
}

type Basis = 'closing' | 'full' | 'window';

function basisOf(input: SubscriptionFeeInput): Basis {
  const { ended, payInAdvance, bornFrom, backdated } = input;
  if (!payInAdvance && (ended === 'terminated' || ended === 'upgraded')) return 'closing';
  if (bornFrom === 'upgraded' && input.invoiceCount <= 1) return 'window';
  const anniversaryAhead = payInAdvance && input.billingTime === 'anniversary' && bornFrom === null;
  const lateStart = backdated && (payInAdvance || input.startedBeforePreviousPeriod);
  return anniversaryAhead || input.feeBilledBefore || lateStart ? 'full' : 'window';
}

/** First match of the decision list; a trial that ends inside the window shortens it, a longer one leaves nothing. */
export function subscriptionFee(input: SubscriptionFeeInput): SubscriptionFee {
  const { amountMinor, from, to, timezone, periodDays, trialEndsAt } = input;
  const basis = basisOf(input);
  const trialInside = trialEndsAt !== null && trialEndsAt > from;
  if (trialInside && trialEndsAt >= to) return share(amountMinor, 0, periodDays);
  if (basis === 'full' && !trialInside) {
    return { ...share(amountMinor, periodDays, periodDays), full: true };
  }
  const days = dayCount(trialInside ? trialEndsAt : from, to, timezone, {
    upgradeMinusOne: basis === 'closing' && input.ended === 'upgraded',
  });
  return share(amountMinor, days, periodDays);
}

function share(amountMinor: bigint, days: number, periodDays: number): SubscriptionFee {
  const preciseAmountMinor = Exact.ratio(amountMinor * BigInt(days), BigInt(periodDays));
  return {
    amountMinor: preciseAmountMinor.roundToBigInt(),
    preciseAmountMinor,
    days,
    periodDays,
    full: false,
  };
}
