import fc from 'fast-check';
import type { ChargeFacts, SubscriptionBillFacts } from '../../../invoice/facts.ts';
import { bill, plan } from '../../../invoice/testing/facts-builder.ts';
import type { UsageEvent } from '../../../usage-facts.ts';
import { type Calendar, dateAt, periodOn } from '../calendar.ts';
import { chargeOf } from './charges.ts';
import { eventsOf } from './events.ts';
import { situation } from './situations.ts';

export interface AdvanceCase {
  charge: ChargeFacts;
  /** The period that runs; its usage is handed over event by event. */
  bill: SubscriptionBillFacts;
  zone: string;
  periodDays: number;
  /** In time order; those before the period only where the metric carries over. */
  events: UsageEvent[];
}

const aheadOf: fc.Arbitrary<ChargeFacts> = fc
  .tuple(
    chargeOf('ahead').filter(({ payInAdvance }) => payInAdvance),
    fc.boolean(),
    fc.record({
      free_units_per_events: fc.integer({ min: 1, max: 3 }),
      free_units_per_total_aggregation: fc.constantFrom('0.5', '1', '2.5'),
    }),
  )
  .map(([charge, often, both]) => ({
    ...charge,
    prorated: often && charge.metric.recurring && charge.model === 'standard',
    // Left to chance both allowances would seldom meet.
    properties: often && charge.model === 'percentage' ? { rate: '100', ...both } : charge.properties,
  }));

/** A charge paid event by event, and the events of one of its periods. */
export const advanceCases: fc.Arbitrary<AdvanceCase> = fc
  .tuple(
    aheadOf,
    situation().filter(({ windows }) => windows.chargesFrom !== null),
    fc.constantFrom('EUR', 'EUR', 'JPY', 'KWD'),
  )
  .chain(([charge, where, currency]) => {
    const { windows, calendar, split, zone } = where;
    const from = windows.chargesFrom ?? 0;
    const to = windows.chargesTo ?? 0;
    const monthly: Calendar = split.charges ? { ...calendar, interval: 'monthly' } : calendar;
    return eventsOf(charge, from, to).map((all) => ({
      charge,
      zone,
      periodDays: periodOn(dateAt(from, zone), monthly).days,
      events: all
        .filter(({ timestamp }) => timestamp <= to && (timestamp >= from || charge.metric.recurring))
        .sort((a, b) => a.timestamp - b.timestamp || (a.sequence < b.sequence ? -1 : 1)),
      bill: bill({
        billingTime: calendar.billingTime,
        anchor: where.anchor,
        startedAt: where.startedAt,
        windows,
        plan: plan({
          currency,
          interval: calendar.interval,
          billChargesMonthly: split.charges,
          billFixedChargesMonthly: split.fixed,
          charges: [charge],
        }),
      }),
    }));
  });
