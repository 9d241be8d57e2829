import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computeInvoice } from '../invoice/compute.ts';
import { feeForEvent } from '../invoice/in-advance.ts';
import {
  at,
  bill,
  charge,
  endOf,
  event,
  fixedCharge,
  invoice,
  metric,
  plan,
  sum,
} from '../invoice/testing/facts-builder.ts';
import { Exact } from '../money/exact.ts';
import { explainFee, reevaluate, reproduces } from './index.ts';
import type { Reader } from './words.ts';

const reader: Reader = { currency: 'USD', timezone: 'UTC', locale: 'en-US', customerName: 'Pylon Podcasts' };

describe('worked out again', () => {
  const price = fc.integer({ min: 0, max: 10_000_000 }).map((n) => Exact.of(n).pow10(-6).toString());
  const tiers = fc
    .array(fc.tuple(fc.integer({ min: 1, max: 500 }), price, price), { minLength: 1, maxLength: 4 })
    .map((list) => {
      let from = 0;
      return list.map(([size, rate, flat], i) => {
        const tier = {
          from_value: from,
          to_value: i === list.length - 1 ? null : from + size,
          per_unit_amount: rate,
          rate,
          flat_amount: flat,
        };
        from += size + 1;
        return tier;
      });
    });
  const model = fc.oneof(
    price.map((amount) => ({ model: 'standard' as const, properties: { amount } })),
    tiers.map((graduated_ranges) => ({ model: 'graduated' as const, properties: { graduated_ranges } })),
    tiers.map((graduated_percentage_ranges) => ({
      model: 'graduated_percentage' as const,
      properties: { graduated_percentage_ranges },
    })),
    tiers.map((volume_ranges) => ({ model: 'volume' as const, properties: { volume_ranges } })),
    fc
      .record({
        amount: price,
        package_size: fc.integer({ min: 1, max: 50 }),
        free_units: fc.integer({ min: 0, max: 50 }),
      })
      .map((properties) => ({ model: 'package' as const, properties })),
    fc
      .record({
        rate: price,
        fixed_amount: price,
        free_units_per_events: fc.integer({ min: 0, max: 3 }),
        per_transaction_max_amount: fc.option(price),
      })
      .map((properties) => ({ model: 'percentage' as const, properties })),
  );
  const amounts = fc.array(fc.integer({ min: -20, max: 400 }), { maxLength: 12 });
  const currency = fc.constantFrom('EUR', 'JPY', 'KWD');

  it(
    'every line of a bill reproduces, also after a trip through JSON',
    () =>
      fc.assert(
        fc.property(
          model,
          amounts,
          currency,
          fc.boolean(),
          fc.bigInt({ min: 0n, max: 99_999n }),
          (own, list, code, prorated, minimum) => {
            const seats = prorated && own.model !== 'percentage';
            const facts = charge({
              ...own,
              prorated: seats,
              minAmountMinor: minimum,
              metric: metric({ recurring: seats }),
            });
            const events = list.map((v, i) =>
              event(`${i}`, `2023-08-${String(2 * i + 1).padStart(2, '0')}`, { v }),
            );
            const fixed = fixedCharge({
              prorated: true,
              segments: [{ units: '7', effectiveAt: at('2023-08-09'), createdAt: 0 }],
              properties: { amount: '0.013' },
            });
            const billed = bill({
              plan: plan({
                currency: code,
                amountMinor: minimum,
                charges: [facts],
                fixedCharges: [fixed],
                commitment: { id: 'c', amountMinor: minimum * 7n, displayName: null, taxes: [] },
              }),
              startedAt: at('2023-08-03'),
              windows: { from: at('2023-08-03'), to: endOf('2023-08-31') },
              history: { commitmentWindow: { from: at('2023-08-03'), to: endOf('2023-08-31') } },
              usage: { charge: { kind: 'events', events, history: [] } },
            });
            for (const fee of computeInvoice(invoice({ currency: code, subscriptions: [billed] })).fees) {
              const stored = {
                ...fee,
                preciseAmountMinor: fee.preciseAmountMinor.toDecimalString(15),
                working: JSON.parse(JSON.stringify(fee.working)),
              };
              expect(reproduces(stored)).toBe(true);
              expect(reevaluate(fee.working).round(15).eq(fee.preciseAmountMinor)).toBe(true);
              expect(explainFee(stored, { ...reader, currency: code }).sentence).not.toBe('');
            }
          },
        ),
      ),
    60_000,
  );

  it('so does the line of an event in advance', () =>
    fc.assert(
      fc.property(
        model.filter((own) => own.model !== 'volume'),
        amounts,
        (own, list) => {
          const facts = charge({ ...own, payInAdvance: true });
          const events = list.map((v, i) =>
            event(`${i}`, `2023-08-${String(2 * i + 1).padStart(2, '0')}`, { v }),
          );
          const billed = bill({
            plan: plan({ charges: [facts] }),
            usage: { charge: { kind: 'events', events, history: [] } },
          });
          for (const { transactionId } of events) {
            const fee = feeForEvent({ bill: billed, charge: facts, transactionId, timezone: 'UTC' });
            if (fee) expect(reproduces(fee)).toBe(true);
          }
        },
      ),
    ));

  it('a line that was changed does not', () => {
    const facts = charge({ properties: { amount: '2' } });
    const billed = bill({
      plan: plan({ charges: [facts] }),
      usage: { charge: sum('5') },
      billSubscriptionFee: false,
    });
    const fee = computeInvoice(invoice({ subscriptions: [billed] })).fees[0]!;
    expect(reproduces(fee)).toBe(true);
    expect(reproduces({ ...fee, amountMinor: fee.amountMinor + 1n })).toBe(false);
    expect(reproduces({ ...fee, working: { ...fee.working, units: '6' } })).toBe(false);
    expect(reproduces({ ...fee, working: { ...fee.working, properties: { amount: '3' } } })).toBe(false);
  });
});
