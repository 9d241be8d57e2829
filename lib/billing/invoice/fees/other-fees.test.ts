import { describe, expect, it } from 'vitest';
import type { FixedChargeFacts, PlanFacts } from '../facts.ts';
import { at, type BillPart, bill, charge, endOf, fixedCharge, plan, sum } from '../testing/facts-builder.ts';
import { billFees } from './bill-fees.ts';
import { fixedChargeFees, fixedChargeIncreaseFee } from './fixed-charge-fees.ts';
import { itemFees } from './item-fees.ts';

const segment = (units: string, day: string) => ({ units, effectiveAt: at(day), createdAt: at(day) });

describe('fixed charges (6.13)', () => {
  const amounts = (own: Partial<FixedChargeFacts>, part: BillPart = {}) =>
    fixedChargeFees(bill(part), fixedCharge({ segments: [segment('10', '2023-01-01')], ...own }), 'UTC').map(
      (fee) => [fee.amountMinor, fee.units.toString(), fee.from],
    );

  it('in arrears: the units in force last, or their days', () => {
    const segments = [segment('10', '2023-01-01'), segment('20', '2023-08-17')];
    expect(amounts({ segments })).toEqual([[2000n, '20', at('2023-08-01')]]);
    // 10 × 16/31 + 20 × 15/31
    expect(amounts({ segments, prorated: true })).toEqual([[1484n, '20', at('2023-08-01')]]);
  });
  it('in advance: renews for the opening period, not at the end, nor after a trial', () => {
    const own = { payInAdvance: true };
    expect(amounts(own)).toEqual([[1000n, '10', at('2023-09-01')]]);
    expect(amounts(own, { reason: 'subscription_terminating' })).toEqual([]);
    const trialEnd = {
      reason: 'subscription_starting',
      billUsage: false,
      trialEndsAt: at('2023-02-01'),
    } as const;
    expect(amounts(own, trialEnd)).toEqual([]);
  });

  const july = {
    reason: 'subscription_starting',
    billUsage: false,
    startedAt: at('2023-07-19'),
    billedAt: at('2023-07-19'),
  } as const;
  it('10 units from 19 July: 13 of 31 days', () =>
    expect(
      amounts({ payInAdvance: true, prorated: true, segments: [segment('10', '2023-07-19')] }, july),
    ).toEqual([[419n, '10', at('2023-07-19')]]));
  it('after an upgrade, what was paid for the days left is taken off', () => {
    const started = at('2023-08-21');
    const own = {
      payInAdvance: true,
      prorated: true,
      properties: { amount: '10' },
      segments: [segment('10', '2023-08-21')],
      paidBeforeMinor: '1500',
    };
    expect(amounts(own, { ...july, startedAt: started, billedAt: started })).toEqual([
      [3016n, '10', started],
    ]);
  });
  it('bills an increase at once and documents a decrease', () => {
    const own = fixedCharge({ payInAdvance: true, prorated: true });
    const change = { previousUnits: '10', newUnits: '15', at: at('2023-08-21'), timezone: 'UTC' };
    expect(fixedChargeIncreaseFee(bill(), own, change).amountMinor).toBe(177n);
    expect(fixedChargeIncreaseFee(bill(), own, { ...change, newUnits: '5' })).toMatchObject({
      amountMinor: 0n,
    });
  });
});

describe('minimum commitment (7.1)', () => {
  function missing(terms: Partial<PlanFacts>, part: BillPart, minimum = 1_000_000n) {
    const commitment = { id: 'c', amountMinor: minimum, displayName: null, taxes: [] };
    const fees = billFees(bill({ plan: plan({ ...terms, commitment }), ...part }), {
      type: 'subscription',
      timezone: 'UTC',
    });
    return fees.find(({ kind }) => kind === 'commitment')?.amountMinor ?? null;
  }
  const window = (from: string, to: string, day = from): BillPart => ({
    windows: { from: at(from), to: endOf(to) },
    startedAt: at(day),
    createdAt: at(day),
    anchor: at(day),
    history: { commitmentWindow: { from: at(from), to: endOf(to) } },
  });
  const price = 100_000n;

  it.each([
    ['weekly', '2024-02-07', '2024-02-11', 642_857n],
    ['monthly', '2023-02-04', '2023-02-28', 803_571n],
    ['quarterly', '2023-02-04', '2023-03-31', 560_000n],
  ] as const)('%s from %s to %s: %s', (interval, from, to, expected) =>
    expect(missing({ interval, amountMinor: price }, window(from, to))).toBe(expected),
  );
  it('anniversary: the whole period', () =>
    expect(
      missing({ amountMinor: price }, { ...window('2023-02-04', '2023-03-03'), billingTime: 'anniversary' }),
    ).toBe(900_000n));
  it('closing a whole May on a 10 000 plan', () =>
    expect(
      missing(
        { amountMinor: 10_000n },
        {
          ...window('2023-05-01', '2023-05-31'),
          terminatedAt: at('2023-06-01'),
          terminationKind: 'downgraded',
        },
      ),
    ).toBe(990_000n));
  it('advance, ended after 3 of 7 days: against the full fee paid before', () =>
    expect(
      missing(
        { interval: 'weekly', payInAdvance: true, amountMinor: price },
        {
          ...window('2024-02-05', '2024-02-07'),
          billSubscriptionFee: false,
          reason: 'subscription_terminating',
          terminatedAt: endOf('2024-02-07'),
          terminationKind: 'terminated',
          history: {
            commitmentSpentMinor: price,
            commitmentWindow: { from: at('2024-02-05'), to: endOf('2024-02-07') },
          },
        },
      ),
    ).toBe(328_571n));
  it('trial days do not lower it: 2 000 000 of fee and 1000 of usage against 10 000 000', () =>
    expect(
      missing(
        { amountMinor: 5_000_000n, charges: [charge({})] },
        {
          ...window('2024-04-01', '2024-04-30'),
          startedAt: at('2024-03-05'),
          trialEndsAt: at('2024-04-19T12:12:00Z'),
          usage: { charge: sum('10') },
        },
        10_000_000n,
      ),
    ).toBe(7_999_000n));
  it('the fee of the period now opening does not count for the one it reconciles', () =>
    expect(
      missing(
        { payInAdvance: true, amountMinor: price },
        {
          windows: {
            from: at('2023-09-01'),
            to: endOf('2023-09-30'),
            chargesFrom: at('2023-08-01'),
            chargesTo: endOf('2023-08-31'),
          },
          history: {
            commitmentSpentMinor: price,
            commitmentWindow: { from: at('2023-08-01'), to: endOf('2023-08-31') },
          },
        },
      ),
    ).toBe(900_000n));
});

describe('one-off items (6.14)', () => {
  it('units × unit price, rounded once', () => {
    const [fee] = itemFees({
      currency: 'EUR',
      items: [
        {
          kind: 'add_on',
          itemId: 'a',
          code: 'a',
          name: 'A',
          description: null,
          displayName: null,
          units: '2.5',
          unitAmountMinor: 333n,
          taxes: [],
          from: null,
          to: null,
        },
      ],
    });
    expect(fee).toMatchObject({ amountMinor: 833n, unitAmountMinor: 333n });
    expect(fee?.preciseAmountMinor.toString()).toBe('832.5');
  });
});
