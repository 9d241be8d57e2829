import { describe, expect, it } from 'vitest';
import type { PlanFacts } from '../facts.ts';
import { at, type BillPart, bill, endOf, plan } from '../testing/facts-builder.ts';
import { subscriptionFee } from './subscription-fee.ts';

function amount(part: BillPart, terms: Partial<PlanFacts>, timezone = 'UTC'): bigint | null {
  return subscriptionFee(bill({ plan: plan(terms), ...part }), timezone)?.amountMinor ?? null;
}

const window = (from: string, to: string) => ({ from: at(from), to: endOf(to) });
const start = (iso: string) => ({ anchor: at(iso), startedAt: at(iso), createdAt: at(iso) });

describe('the plan fee in arrears (4.3)', () => {
  it('quarterly 91 000, 20 May to 20 June: both end days count', () =>
    expect(
      amount(
        {
          ...start('2024-05-20'),
          windows: { from: at('2024-05-20'), to: at('2024-06-20T00:00:00Z') },
          terminatedAt: at('2024-06-20'),
          terminationKind: 'terminated',
          reason: 'subscription_terminating',
        },
        { interval: 'quarterly', amountMinor: 91_000n },
      ),
    ).toBe(32_000n));

  it('monthly 100 from 15 March: 17 days, 54.8387', () => {
    const fee = subscriptionFee(
      bill({
        ...start('2022-03-15'),
        plan: plan({ amountMinor: 100n }),
        windows: window('2022-03-15', '2022-03-31'),
      }),
      'UTC',
    );
    expect(fee?.amountMinor).toBe(55n);
    expect(fee?.preciseAmountMinor.toDecimalString(4)).toBe('54.8387');
    expect(fee?.amountDetails).toEqual({ plan_amount_cents: '100' });
  });

  it('weekly 100 from a Wednesday: 5 of 7 days', () =>
    expect(
      amount(
        { ...start('2022-03-16'), windows: window('2022-03-16', '2022-03-20') },
        { interval: 'weekly', amountMinor: 100n },
      ),
    ).toBe(71n));

  it('monthly 3000, anniversary 31 August, 15 days of trial', () =>
    expect(
      amount(
        {
          ...start('2022-08-31'),
          billingTime: 'anniversary',
          trialEndsAt: at('2022-09-15'),
          windows: window('2022-08-31', '2022-09-30'),
        },
        { amountMinor: 3000n },
      ),
    ).toBe(1600n));

  it('an exact half rounds away from zero', () =>
    expect(
      amount({ ...start('2023-09-04'), windows: window('2023-09-04', '2023-09-30') }, { amountMinor: 65n }),
    ).toBe(59n));

  it('closed by an upgrade, the last day belongs to the new plan', () =>
    expect(
      amount(
        {
          windows: { from: at('2023-08-01'), to: at('2023-08-18T10:00:00Z') },
          terminatedAt: at('2023-08-18T10:00:00Z'),
          terminationKind: 'upgraded',
          reason: 'subscription_terminating',
        },
        { amountMinor: 3100n },
      ),
    ).toBe(1700n));

  it('closed by a downgrade, the whole period is billed', () =>
    expect(
      amount(
        {
          ...start('2023-05-19'),
          terminatedAt: at('2023-09-01'),
          terminationKind: 'downgraded',
          history: { subscriptionFeeBilled: true, invoiceCount: 2 },
        },
        { amountMinor: 3100n },
      ),
    ).toBe(3100n));
});

describe('the plan fee in advance (3.2, 3.3, 3.5, 3.6)', () => {
  const advance = (amountMinor: bigint): Partial<PlanFacts> => ({ payInAdvance: true, amountMinor });
  const march = { billedAt: at('2024-03-15T13:10:00Z'), reason: 'subscription_starting' } as const;

  it.each([
    ['trial of 10 days', 5_000_000n, '2024-03-05', '2024-03-15T12:12:00Z', null, 2_741_935n],
    [
      'an upgrade, then a trial of 13 days',
      10_000_000n,
      '2024-03-10',
      '2024-03-18T12:12:00Z',
      'upgraded',
      4_516_129n,
    ],
  ] as const)('%s', (_, price, from, trialEnd, kind, expected) =>
    expect(
      amount(
        {
          ...start('2024-03-05T12:12:00Z'),
          ...march,
          billedAt: at(trialEnd) + 3_600_000,
          trialEndsAt: at(trialEnd),
          predecessor: kind && { planVersionId: 'old', kind },
          windows: window(from, '2024-03-31'),
        },
        advance(price),
      ),
    ).toBe(expected),
  );

  it('a trial of 45 days leaves the April fee to its own bill', () => {
    const april = {
      ...start('2024-03-05T12:12:00Z'),
      trialEndsAt: at('2024-04-19T12:12:00Z'),
      windows: window('2024-04-01', '2024-04-30'),
    };
    expect(amount({ ...april, billedAt: at('2024-04-01T00:10:00Z') }, advance(5_000_000n))).toBeNull();
    expect(amount({ ...april, ...march, billedAt: at('2024-04-19T12:35:00Z') }, advance(5_000_000n))).toBe(
      2_000_000n,
    );
  });

  it.each([
    [1000n, '2024-03-05', null, 871n],
    [1500n, '2024-03-12', 'upgraded', 968n],
    [1900n, '2024-03-12', 'upgraded', 1226n],
  ] as const)('%s from %s costs %s', (price, from, kind, expected) =>
    expect(
      amount(
        {
          ...start(from),
          anchor: at('2024-03-05'),
          reason: 'subscription_starting',
          predecessor: kind && { planVersionId: 'old', kind },
          windows: window(from, '2024-03-31'),
        },
        advance(price),
      ),
    ).toBe(expected),
  );

  it("after a downgrade the yearly fee runs to the anchor's year end", () =>
    expect(
      amount(
        {
          ...start('2023-07-19'),
          startedAt: at('2023-11-19'),
          createdAt: at('2023-11-09'),
          billingTime: 'anniversary',
          reason: 'subscription_starting',
          predecessor: { planVersionId: 'old', kind: 'downgraded' },
          windows: window('2023-11-19', '2024-07-18'),
        },
        { ...advance(118_800n), interval: 'yearly' },
      ),
    ).toBe(78_875n));

  it('is never billed twice on one local day', () =>
    expect(amount({ history: { subscriptionFeeBilledToday: true } }, advance(100n))).toBeNull());

  it('in Los Angeles the same instant is still the day before', () =>
    expect(
      amount(
        {
          ...start('2023-02-08T05:00:00Z'),
          reason: 'subscription_starting',
          windows: { from: at('2023-02-07T08:00:00Z'), to: at('2023-03-01T08:00:00Z') - 1 },
        },
        advance(5000n),
        'America/Los_Angeles',
      ),
    ).toBe(3929n));
});
