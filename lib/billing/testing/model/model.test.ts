import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computeInvoice } from '../../invoice/compute.ts';
import type { FeeResult } from '../../invoice/result.ts';
import { boundariesFor } from '../../periods/boundaries.ts';
import { invoices, situation } from './cases.ts';
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

describe('the engine agrees with its model', () => {
  it('on the windows of a bill', () => {
    fc.assert(
      fc.property(situation(), ({ zone, calendar, anchor, windows, ...where }) => {
        const { from, to, chargesFrom, chargesTo } = boundariesFor({
          plan: {
            interval: calendar.interval,
            payInAdvance: where.payInAdvance,
            billChargesMonthly: false,
            billFixedChargesMonthly: false,
          },
          billingTime: calendar.billingTime,
          anchor,
          timezone: zone,
          situation: where.situation,
          billingAt: where.billedAt,
          startedAt: where.startedAt,
          terminatedAt: where.terminatedAt,
        });
        expect({ from, to, chargesFrom, chargesTo }).toEqual(windows);
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
});
