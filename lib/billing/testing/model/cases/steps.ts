import fc from 'fast-check';
import type { InvoiceFacts } from '../../../invoice/facts.ts';
import { bill, charge, invoice, metric, plan } from '../../../invoice/testing/facts-builder.ts';
import type { UsageEvent } from '../../../usage-facts.ts';
import { HOUR } from './events.ts';
import { properties } from './prices.ts';
import { situation } from './situations.ts';

const change = fc.record({
  part: fc.integer({ min: -30, max: 100 }),
  value: fc.integer({ min: -12, max: 14 }),
  seat: fc.constantFrom('ann', 'bo', 'cy', 'di'),
  remove: fc.boolean(),
});

/** A bill of one charge in steps, prorated, whose units come and go: falls through several steps are not left to chance. */
export const stepInvoices: fc.Arbitrary<InvoiceFacts> = fc
  .tuple(
    situation().filter(({ windows }) => windows.chargesFrom !== null),
    fc.constantFrom('sum_agg' as const, 'unique_count_agg' as const),
    properties.graduated,
    fc.array(change, { minLength: 2, maxLength: 9 }),
  )
  .map(([where, aggregationType, own, changes]) => {
    const { windows, calendar, split, zone, terminatedAt } = where;
    const from = windows.chargesFrom ?? 0;
    const hours = Math.floor(((windows.chargesTo ?? from) - from) / HOUR);
    const events = changes.map(
      ({ part, value, seat, remove }, i): UsageEvent => ({
        transactionId: `${i}`,
        sequence: BigInt(i),
        timestamp: from + Math.floor((hours * part) / 100) * HOUR,
        properties: { v: `${value}`, seat, ...(remove ? { operation_type: 'remove' } : {}) },
      }),
    );
    const fieldName = aggregationType === 'sum_agg' ? 'v' : 'seat';
    const steps = charge({
      model: 'graduated',
      prorated: true,
      properties: own,
      metric: metric({ aggregationType, fieldName, recurring: true }),
    });
    const bills = bill({
      billingTime: calendar.billingTime,
      anchor: where.anchor,
      startedAt: where.startedAt,
      terminatedAt,
      terminationKind:
        terminatedAt === null ? null : where.situation === 'upgrading' ? 'upgraded' : 'terminated',
      billedAt: where.billedAt,
      billSubscriptionFee: false,
      windows,
      plan: plan({
        interval: calendar.interval,
        billChargesMonthly: split.charges,
        billFixedChargesMonthly: split.fixed,
        charges: [steps],
      }),
      usage: {
        charge: {
          kind: 'events',
          events: events.filter(({ timestamp }) => timestamp >= from),
          history: events.filter(({ timestamp }) => timestamp < from),
        },
      },
    });
    return invoice({ timezone: zone, subscriptions: [bills] });
  });
