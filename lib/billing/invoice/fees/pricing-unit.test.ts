import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reproduces } from '../../explain/reevaluate.ts';
import { bill, charge, plan, sum } from '../testing/facts-builder.ts';
import { chargeFees } from './charge-fees.ts';
import { repriced } from './reprice.ts';

const tokens = { id: 'u', code: 'tok', shortName: 'TK', exponent: 2, conversionRate: '0.05' };

describe('prices in a unit of their own (1.3)', () => {
  const line = (amount: string, units: string, pricingUnit = tokens) => {
    const facts = charge({ properties: { amount }, pricingUnit });
    const billed = bill({ plan: plan({ charges: [facts] }), usage: { [facts.id]: sum(units) } });
    return chargeFees(billed, facts, { timezone: 'UTC' })[0]!;
  };

  it('round to the unit first, then to the currency', () => {
    const fee = line('0.333', '7');
    expect(fee.amountMinor).toBe(12n);
    expect(fee.preciseAmountMinor.toString()).toBe('11.65');
    expect(fee.pricingUnit).toMatchObject({ amountMinor: '233', preciseAmountMinor: '233.1' });
    expect(fee.unitAmountMinor).toBe(1n);
  });

  it('are converted again when new units are billed, and not when a price is agreed in money', () => {
    const fee = line('0.333', '7');
    const change = { lineKey: fee.key, units: '14', unitPreciseAmount: null, displayName: null };
    const again = repriced(fee, change, 'USD');
    expect(again).toMatchObject({ amountMinor: 23n, pricingUnit: { amountMinor: '466' } });
    expect(reproduces(again)).toBe(true);
    const agreed = repriced(fee, { ...change, unitPreciseAmount: '2' }, 'USD');
    expect(agreed).toMatchObject({ amountMinor: 2_800n, pricingUnit: null });
    expect(reproduces(agreed)).toBe(true);
  });

  it('come out the same when worked out again', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 99_999 }),
        fc.integer({ min: 1, max: 99_999 }),
        fc.integer({ min: 1, max: 99_999 }),
        fc.integer({ min: 0, max: 4 }),
        (units, price, rate, exponent) => {
          const unit = { ...tokens, exponent, conversionRate: `0.${String(rate).padStart(5, '0')}` };
          const fee = line(`0.${String(price).padStart(5, '0')}`, String(units), unit);
          expect(fee === undefined || reproduces(fee)).toBe(true);
        },
      ),
    ));
});
