import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computeInvoice } from '../../invoice/compute.ts';
import type { ChargeFacts, SubscriptionBillFacts } from '../../invoice/facts.ts';
import { advanceBucket, feeForEvent, feeForNextEvent } from '../../invoice/in-advance.ts';
import type { FeeResult } from '../../invoice/result.ts';
import { type AdvanceState, carriedInto, changeOfLevel, NOTHING_BILLED } from '../../metering/advance.ts';
import { boundariesFor } from '../../periods/boundaries.ts';
import type { UsageEvent } from '../../usage-facts.ts';
import { advanceLines } from './advance.ts';
import { exponentOf } from './bill.ts';
import { advanceCases } from './cases/advance.ts';
import { invoices } from './cases/invoices.ts';
import { situation } from './cases/situations.ts';
import { stepInvoices } from './cases/steps.ts';
import { type Fraction, fraction, NOTHING, readOr0, same } from './fraction.ts';
import { onPaper } from './totals.ts';

/**
 * The engine against a second computation that shares no code with it: thousands of small random bills, equal to the
 * last minor unit. A difference is a fault in one of the two; the specification says in which.
 */

const readExact = (text: string): Fraction => {
  const [over, under] = text.split('/');
  return under === undefined ? readOr0(over) : fraction(BigInt(over!), BigInt(under));
};

/** Which of several groups a charge's minimum hangs on is open (semantics 6.9): only its charge counts. */
const named = (key: string): string => {
  const [, subscription, charge] = key.split(':');
  return key.endsWith(':true_up') ? `true_up:${subscription}:${charge}` : key;
};

/** Lines that say something, to be compared; an empty one is there only for a minimum to hang on. */
const worded = (lines: [key: string, amount: bigint, events: number][]): string[] =>
  lines
    .filter(([, amount, events]) => amount !== 0n || events !== 0)
    .map(([key, amount, events]) => `${named(key)} ${amount} ${events}`)
    .sort();

const sameNumber = (fee: FeeResult, units: Fraction): boolean => same(readExact(fee.units.toString()), units);

/** Events one after the other, as the stored meters take them; a line for each that counts. */
function meterOf(charge: ChargeFacts, bill: SubscriptionBillFacts, timezone: string) {
  const states = new Map<string, AdvanceState>();
  const seats = new Map<string, boolean>();
  return (event: UsageEvent): FeeResult | null => {
    const { key } = advanceBucket(charge, event);
    const seat = `${key} ${event.properties.seat}`;
    const state = states.get(key) ?? NOTHING_BILLED;
    const present = seats.get(seat) ?? false;
    seats.set(seat, event.properties.operation_type !== 'remove');
    if (event.timestamp < (bill.windows.chargesFrom ?? 0)) {
      const by = changeOfLevel(charge.metric, event, present);
      if (by) states.set(key, carriedInto(state, by));
      return null;
    }
    const next = feeForNextEvent({ bill, charge, event, state, present, timezone });
    if (next) states.set(key, next.after);
    return next?.fee ?? null;
  };
}

describe('the engine agrees with its model', () => {
  it('on the windows of a bill', () => {
    fc.assert(
      fc.property(situation(), ({ zone, calendar, split, anchor, windows, ...where }) => {
        const found = boundariesFor({
          plan: {
            interval: calendar.interval,
            payInAdvance: where.payInAdvance,
            billChargesMonthly: split.charges,
            billFixedChargesMonthly: split.fixed,
          },
          billingTime: calendar.billingTime,
          anchor,
          timezone: zone,
          situation: where.situation,
          billingAt: where.billedAt,
          startedAt: where.startedAt,
          terminatedAt: where.situation === 'ended_on_billing_day' ? null : where.terminatedAt,
        });
        expect(found).toEqual(windows);
      }),
      { seed: 20_260_101, numRuns: 1500 },
    );
  }, 120_000);

  it('on every line and every total', () => {
    fc.assert(
      fc.property(invoices, (facts) => {
        const paper = onPaper(facts);
        const engine = computeInvoice(facts);
        expect(engine.fees.length).toBe(paper.lines.length);
        expect(
          worded(
            engine.fees.map(({ key, amountMinor, eventsCount }) => [key, amountMinor, eventsCount ?? 0]),
          ),
        ).toEqual(worded(paper.lines.map(({ key, amount, events }) => [key, amount, events])));
        const unequal = engine.fees.filter(
          (fee) =>
            !sameNumber(fee, paper.lines.find(({ key }) => named(key) === named(fee.key))?.units ?? NOTHING),
        );
        expect(unequal.map(({ key }) => key)).toEqual([]);
        expect(
          Object.fromEntries(engine.coupons.map((credit) => [credit.appliedCouponId, credit.amountMinor])),
        ).toEqual(paper.coupons);
        expect(
          Object.fromEntries(
            engine.progressiveCredits.map((credit) => [
              credit.invoiceId,
              [credit.amountMinor, credit.excessMinor],
            ]),
          ),
        ).toEqual(paper.early);
        expect(engine.subTotalExcludingTaxesMinor).toBe(paper.subTotal);
        expect(Object.fromEntries(engine.taxes.map(({ tax, amountMinor }) => [tax.id, amountMinor]))).toEqual(
          paper.taxes,
        );
        expect(engine.taxesAmountMinor).toBe(paper.taxTotal);
        expect(
          Object.fromEntries(engine.creditNotes.map((use) => [use.creditNoteId, use.amountMinor])),
        ).toEqual(paper.notes);
        expect(Object.fromEntries(engine.walletUses.map((use) => [use.walletId, use.amountMinor]))).toEqual(
          paper.wallets,
        );
        expect(engine.totalAmountMinor).toBe(paper.total);
      }),
      { seed: 20_260_102, numRuns: 1500 },
    );
  }, 120_000);

  it('on prorated steps', () => {
    fc.assert(
      fc.property(stepInvoices, (facts) => {
        const amounts = onPaper(facts).lines.map(({ key, amount }) => [key, amount]);
        expect(computeInvoice(facts).fees.map(({ key, amountMinor }) => [key, amountMinor])).toEqual(amounts);
      }),
      { seed: 20_260_104, numRuns: 1000 },
    );
  }, 120_000);

  it('on every event billed in advance', () => {
    fc.assert(
      fc.property(advanceCases, ({ charge, bill, zone, periodDays, events }) => {
        const from = bill.windows.chargesFrom ?? 0;
        const window = { from, to: bill.windows.chargesTo ?? 0, zone, days: periodDays, upgraded: false };
        const paper = advanceLines(charge, events, window, exponentOf(bill.plan.currency));
        const meter = meterOf(charge, bill, zone);
        for (const [i, event] of events.entries()) {
          const step = meter(event);
          if (event.timestamp < from) continue;
          const upTo = events.slice(0, i + 1);
          const usage = {
            kind: 'events' as const,
            events: upTo.filter(({ timestamp }) => timestamp >= from),
            history: upTo.filter(({ timestamp }) => timestamp < from),
          };
          const { transactionId } = event;
          const whole = feeForEvent({
            bill: { ...bill, usage: { [charge.id]: usage } },
            charge,
            transactionId,
            timezone: zone,
          });
          const line = paper.get(transactionId);
          expect(step?.amountMinor).toBe(line?.amount);
          expect(whole?.amountMinor).toBe(line?.amount);
          expect(whole === null || sameNumber(whole, line?.units ?? NOTHING)).toBe(true);
        }
      }),
      { seed: 20_260_103, numRuns: 1500 },
    );
  }, 120_000);
});
