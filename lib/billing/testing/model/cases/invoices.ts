import fc from 'fast-check';
import type {
  AppliedCouponFacts,
  InvoiceFacts,
  ProgressiveCreditFacts,
  SubscriptionBillFacts,
  WalletFacts,
} from '../../../invoice/facts.ts';
import { coupon, invoice, note, wallet } from '../../../invoice/testing/facts-builder.ts';
import { billIn } from './bills.ts';
import { taxes } from './charges.ts';
import { situation, ZONES } from './situations.ts';

const couponOf = (id: number, metricIds: string[], planIds: string[]): fc.Arbitrary<AppliedCouponFacts> =>
  fc
    .record({
      percent: fc.boolean(),
      amountMinor: fc.constantFrom(1n, 500n, 12_345n),
      percentageRate: fc.constantFrom('10', '33.333', '100'),
      currency: fc.constantFrom('EUR', 'EUR', 'KWD'),
      frequency: fc.constantFrom('once' as const, 'recurring' as const, 'forever' as const),
      left: fc.integer({ min: 0, max: 2 }),
      usedMinor: fc.constantFrom(0n, 400n),
      limit: fc.constantFrom('none', 'metrics', 'plans'),
    })
    .map(({ percent, left, limit, amountMinor, percentageRate, ...rest }) =>
      coupon({
        ...rest,
        id: `coupon-${id}`,
        createdAt: id,
        type: percent ? 'percentage' : 'fixed_amount',
        amountMinor: percent ? null : amountMinor,
        percentageRate: percent ? percentageRate : null,
        frequencyDurationRemaining: rest.frequency === 'recurring' ? left : null,
        metricIds: limit === 'metrics' ? metricIds.slice(0, 1) : [],
        planIds: limit === 'plans' ? planIds.slice(0, 1) : [],
      }),
    );

const walletOf = (id: number, metricIds: string[]): fc.Arbitrary<WalletFacts> =>
  fc
    .record({
      balanceMinor: fc.constantFrom(0n, 99n, 2500n, 500_000n),
      priority: fc.integer({ min: 1, max: 3 }),
      currency: fc.constantFrom('EUR', 'EUR', 'EUR', 'JPY'),
      kinds: fc.subarray(['charge', 'subscription', 'commitment', 'fixed_charge'], { maxLength: 2 }),
      limit: fc.constantFrom('none', 'kinds', 'metrics'),
    })
    .map(({ kinds, limit, ...rest }) =>
      wallet({
        ...rest,
        id: `wallet-${id}`,
        createdAt: id,
        allowedFeeTypes: limit === 'kinds' ? kinds : [],
        allowedMetricIds: limit === 'metrics' ? metricIds.slice(0, 1) : [],
      }),
    );

/** What progressive invoices of the running periods billed, of some of their charges. */
const earlyOf = ({
  subscriptionId,
  plan,
  windows,
}: SubscriptionBillFacts): fc.Arbitrary<ProgressiveCreditFacts[]> =>
  fc
    .record({
      none: fc.boolean(),
      toCreditMinor: fc.constantFrom(0n, 1n, 700n, 20_001n),
      chargeIds: fc.subarray(plan.charges.filter(({ payInAdvance }) => !payInAdvance).map(({ id }) => id)),
    })
    .map(({ none, ...credit }) =>
      none || windows.chargesFrom === null
        ? []
        : [{ ...credit, subscriptionId, invoiceId: `early-${subscriptionId}` }],
    );

/** One or two subscriptions of one customer on an invoice, with everything that stands between lines and total. */
export const invoices: fc.Arbitrary<InvoiceFacts> = fc
  .constantFrom(...ZONES)
  .chain((zone) =>
    fc.tuple(
      fc.constant(zone),
      fc
        .array(situation([zone]), { minLength: 1, maxLength: 2 })
        .chain((all) => fc.tuple(...all.map((one, i) => billIn(one, `s${i}`)))),
    ),
  )
  .chain(([timezone, subscriptions]) => {
    const metricIds = subscriptions.flatMap(({ plan: { charges } }) =>
      charges.map(({ metric: { id } }) => id),
    );
    const planIds = subscriptions.map(({ plan: { id } }) => id);
    return fc
      .record({
        type: fc.constantFrom(
          'subscription' as const,
          'subscription' as const,
          'progressive_billing' as const,
        ),
        early: fc.tuple(...subscriptions.map(earlyOf)),
        stage: fc.constantFrom('final' as const, 'final' as const, 'draft' as const),
        coupons: fc.tuple(
          fc.option(couponOf(1, metricIds, planIds)),
          fc.option(couponOf(2, metricIds, planIds)),
          fc.option(couponOf(3, metricIds, planIds)),
        ),
        notes: fc.array(fc.constantFrom(1n, 999n, 40_000n), { maxLength: 2 }),
        wallets: fc.tuple(fc.option(walletOf(1, metricIds)), fc.option(walletOf(2, metricIds))),
        customerTaxes: taxes,
        entityTaxes: taxes,
        currency: fc.constantFrom('EUR', 'EUR', 'JPY', 'KWD'),
      })
      .map(({ type, early, stage, coupons, notes, wallets, customerTaxes, entityTaxes, currency }) =>
        invoice({
          type,
          progressiveCredits: early.flat(),
          stage,
          currency,
          timezone,
          entityTaxes,
          customer: { id: 'customer', name: 'Customer', taxes: customerTaxes },
          subscriptions: subscriptions.map((one) => ({ ...one, plan: { ...one.plan, currency } })),
          coupons: coupons.filter((one) => one !== null),
          creditNotes: notes.map((balance, i) => note(`note-${i}`, balance, i, currency)),
          wallets: wallets.filter((one) => one !== null),
        }),
      );
  });
