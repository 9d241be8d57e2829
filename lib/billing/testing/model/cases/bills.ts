import fc from 'fast-check';
import type { BillWindows, SubscriptionBillFacts } from '../../../invoice/facts.ts';
import { bill, plan } from '../../../invoice/testing/facts-builder.ts';
import type { UsageEvent } from '../../../usage-facts.ts';
import { dateAt, dateBefore, dawn, nextDate, periodOn } from '../calendar.ts';
import { chargeOf, taxes } from './charges.ts';
import { eventsOf } from './events.ts';
import { fixedOf } from './fixed-charges.ts';
import type { Situation } from './situations.ts';

const ENDS = {
  periodic: null,
  terminating: 'terminated',
  ended_on_billing_day: 'terminated',
  upgrading: 'upgraded',
} as const;

/** What of the plan's own period the minimum is about: in advance the one that just closed, else the billed one. */
function reconciled(where: Situation): { from: number; to: number } | null {
  const { zone, windows, payInAdvance, terminatedAt, calendar, startedAt } = where;
  if (!where.billsPlan) return null;
  const closesIt = where.situation === 'periodic' || windows.to > where.billedAt;
  if (!payInAdvance || (terminatedAt !== null && !closesIt)) return { from: windows.from, to: windows.to };
  const closed = periodOn(dateBefore(dateAt(where.billedAt, zone)), calendar);
  const from = Math.max(dawn(closed.first, zone), dawn(dateAt(startedAt, zone), zone));
  return { from, to: dawn(nextDate(closed.last), zone) - 1 };
}

/** Events a bill finds: those of its window, and for metrics that carry over what came before. */
function found(all: readonly UsageEvent[], recurring: boolean, { chargesFrom, chargesTo }: BillWindows) {
  const from = chargesFrom ?? 0;
  return {
    kind: 'events' as const,
    events: all.filter(({ timestamp }) => timestamp >= from && timestamp <= (chargesTo ?? 0)),
    history: recurring ? all.filter(({ timestamp }) => timestamp < from) : [],
  };
}

/** A bill of a random plan in the situation. */
export function billIn(where: Situation, id: string): fc.Arbitrary<SubscriptionBillFacts> {
  const { zone, windows, payInAdvance, terminatedAt, calendar } = where;
  const ended = ENDS[where.situation];
  const usageFrom = windows.chargesFrom ?? where.startedAt;
  return fc
    .record({
      charges: fc
        .uniqueArray(fc.constantFrom('c1', 'c2'), { maxLength: 2 })
        .chain((ids) => fc.tuple(...ids.map((one) => chargeOf(`${id}-${one}`)))),
      fixed: fc.option(fixedOf(`${id}-fixed`, windows.fixedChargesFrom ?? where.startedAt, zone)),
      amountMinor: fc.constantFrom(0n, 65n, 1003n, 10_000n, 99_999n),
      commitment: fc.option(
        fc.record({ amountMinor: fc.constantFrom(5000n, 123_457n), spent: fc.constantFrom(0n, 777n), taxes }),
      ),
      trialDays: fc.option(fc.integer({ min: 1, max: 45 })),
      successor: fc.boolean(),
      planTaxes: taxes,
    })
    .chain((parts) =>
      fc
        .tuple(...parts.charges.map((one) => eventsOf(one, usageFrom, windows.chargesTo ?? usageFrom)))
        .map((events) => {
          const { charges, fixed, commitment, trialDays } = parts;
          let trialDate = dateAt(where.startedAt, zone);
          for (let day = 0; day < (trialDays ?? 0); day++) trialDate = nextDate(trialDate);
          const billedBefore = payInAdvance ? where.index > 0 : where.planIndex > 0;
          const firstAhead = payInAdvance && !billedBefore;
          return bill({
            subscriptionId: id,
            externalId: id,
            billingTime: calendar.billingTime,
            anchor: where.anchor,
            startedAt: where.startedAt,
            createdAt: where.startedAt,
            trialEndsAt: trialDays === null ? null : dawn(trialDate, zone),
            terminatedAt,
            terminationKind: ended,
            successorMetricIds: parts.successor && charges[0] ? [charges[0].metric.id] : [],
            reason: ended ? 'subscription_terminating' : 'subscription_periodic',
            billedAt: where.billedAt,
            billSubscriptionFee: ended ? !payInAdvance : where.billsPlan || firstAhead,
            windows,
            history: {
              subscriptionFeeBilled: billedBefore,
              invoiceCount: where.index,
              commitmentSpentMinor: commitment?.spent ?? 0n,
              commitmentWindow: commitment ? reconciled(where) : null,
            },
            plan: plan({
              id: `plan-${id}`,
              interval: calendar.interval,
              amountMinor: parts.amountMinor,
              payInAdvance,
              billChargesMonthly: where.split.charges,
              billFixedChargesMonthly: where.split.fixed,
              charges,
              fixedCharges: fixed ? [fixed] : [],
              commitment: commitment
                ? {
                    id: 'commitment',
                    amountMinor: commitment.amountMinor,
                    displayName: null,
                    taxes: commitment.taxes,
                  }
                : null,
              taxes: parts.planTaxes,
            }),
            usage: Object.fromEntries(
              charges.map((one, i) => [one.id, found(events[i] ?? [], one.metric.recurring, windows)]),
            ),
          });
        }),
    );
}
