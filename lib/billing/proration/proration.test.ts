import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Exact } from '../money/exact.ts';
import { type SubscriptionFeeInput, subscriptionFee } from './subscription-fee.ts';
import { unusedDaysCredit } from './unused-days.ts';

const at = (iso: string): number => Date.parse(iso);
const window = (from: string, to: string) => ({ from: at(from), to: at(to) + 86_400_000 - 1 });
const march = window('2024-03-01', '2024-03-31');

const fee = (given: Partial<SubscriptionFeeInput>): SubscriptionFeeInput => ({
  amountMinor: 3100n,
  ...march,
  timezone: 'UTC',
  periodDays: 31,
  payInAdvance: false,
  billingTime: 'calendar',
  trialEndsAt: null,
  ended: null,
  bornFrom: null,
  invoiceCount: 1,
  feeBilledBefore: false,
  backdated: false,
  startedBeforePreviousPeriod: false,
  ...given,
});

describe('subscription fees (3.3 to 3.6, 4.3)', () => {
  it.each<[string, Partial<SubscriptionFeeInput>, bigint]>([
    [
      'quarterly 91 000, 20 May to 20 June',
      {
        amountMinor: 91_000n,
        periodDays: 91,
        ended: 'terminated',
        from: at('2024-05-20'),
        to: at('2024-06-20T10:00:00Z'),
      },
      32_000n,
    ],
    ['monthly 100 from the 15th', { amountMinor: 100n, ...window('2024-03-15', '2024-03-31') }, 55n],
    [
      'weekly 100 from Wednesday',
      { amountMinor: 100n, periodDays: 7, ...window('2024-03-06', '2024-03-10') },
      71n,
    ],
    [
      'monthly 3000 from 31 August with a 15-day trial',
      {
        amountMinor: 3000n,
        billingTime: 'anniversary',
        payInAdvance: true,
        periodDays: 30,
        ...window('2023-08-31', '2023-09-29'),
        trialEndsAt: at('2023-09-14T12:00:00Z'),
      },
      1600n,
    ],
    [
      '5 000 000 after a trial of ten days',
      { amountMinor: 5_000_000n, payInAdvance: true, trialEndsAt: at('2024-03-15T12:12:00Z') },
      2_741_935n,
    ],
    [
      '10 000 000 upgraded within the trial',
      {
        amountMinor: 10_000_000n,
        payInAdvance: true,
        bornFrom: 'upgraded',
        trialEndsAt: at('2024-03-18T12:12:00Z'),
      },
      4_516_129n,
    ],
    [
      '5 000 000 after a trial of 45 days',
      {
        amountMinor: 5_000_000n,
        payInAdvance: true,
        periodDays: 30,
        ...window('2024-04-01', '2024-04-30'),
        trialEndsAt: at('2024-04-19T12:12:00Z'),
      },
      2_000_000n,
    ],
    ['a trial longer than the period', { trialEndsAt: at('2024-04-19') }, 0n],
    [
      '1000 from 5 March',
      { amountMinor: 1000n, payInAdvance: true, ...window('2024-03-05', '2024-03-31') },
      871n,
    ],
    [
      'upgraded to 1500 on 12 March',
      { amountMinor: 1500n, payInAdvance: true, bornFrom: 'upgraded', ...window('2024-03-12', '2024-03-31') },
      968n,
    ],
    [
      'upgraded to 1900 the same day',
      { amountMinor: 1900n, payInAdvance: true, bornFrom: 'upgraded', ...window('2024-03-12', '2024-03-31') },
      1226n,
    ],
    [
      'yearly 118 800 after a downgrade, 243 of 366 days',
      {
        amountMinor: 118_800n,
        payInAdvance: true,
        billingTime: 'anniversary',
        bornFrom: 'downgraded',
        periodDays: 366,
        ...window('2023-11-19', '2024-07-18'),
      },
      78_875n,
    ],
    ['3100 ended on the 9th', { ended: 'terminated', to: at('2024-03-09T12:00:00Z') }, 900n],
    ['3100 upgraded on the 18th', { ended: 'upgraded', to: at('2024-03-18T12:00:00Z') }, 1700n],
    [
      '3100 upgraded on its first day',
      { ended: 'upgraded', from: at('2024-03-01'), to: at('2024-03-01T12:00:00Z') },
      0n,
    ],
    [
      '5 000 000 from 4 February 2024',
      { amountMinor: 5_000_000n, periodDays: 29, ...window('2024-02-04', '2024-02-29') },
      4_482_759n,
    ],
    [
      '5000 from 8 February 2023',
      { amountMinor: 5000n, periodDays: 28, payInAdvance: true, ...window('2023-02-08', '2023-02-28') },
      3750n,
    ],
    ['a later period in full', { feeBilledBefore: true, from: at('2024-03-01') }, 3100n],
    [
      'a backdated start in advance in full',
      { payInAdvance: true, backdated: true, ...window('2024-03-10', '2024-03-31') },
      3100n,
    ],
    ['anniversary in advance in full', { payInAdvance: true, billingTime: 'anniversary' }, 3100n],
    [
      'exactly half a cent goes up: 65, 27 of 30 days',
      { amountMinor: 65n, periodDays: 30, ...window('2024-04-04', '2024-04-30') },
      59n,
    ],
  ])('%s', (_, given, amount) => expect(subscriptionFee(fee(given)).amountMinor).toBe(amount));
});

describe('unused days of advance plans (4.4)', () => {
  const ended = {
    planAmountMinor: 5000n,
    periodDays: 28,
    periodEnd: at('2023-03-01'),
    terminatedAt: at('2023-02-08T05:00:00Z'),
    timezone: 'UTC',
    upgraded: false,
    trialEndsAt: null,
    lastFeeAmountMinor: 3750n,
    alreadyCreditedMinor: Exact.ZERO,
  };
  it.each([
    ['20 days', {}, '3571.42857'],
    [
      '21 days in Los Angeles, where it is still the 7th',
      { timezone: 'America/Los_Angeles', periodEnd: at('2023-03-01T08:00:00Z'), lastFeeAmountMinor: 3929n },
      '3750',
    ],
    ['never more than was billed', { lastFeeAmountMinor: 3000n }, '3000'],
    ['less what was credited before', { alreadyCreditedMinor: Exact.of(500) }, '3071.42857'],
    [
      'the switch day of an upgrade included',
      {
        planAmountMinor: 1000n,
        periodDays: 31,
        periodEnd: at('2024-04-01'),
        terminatedAt: at('2024-03-12T10:00:00Z'),
        upgraded: true,
        lastFeeAmountMinor: 871n,
      },
      '645.16129',
    ],
    ['during a trial the days after it', { trialEndsAt: at('2023-02-15T12:00:00Z') }, '2500'],
  ])('%s', (_, given, amount) =>
    expect(unusedDaysCredit({ ...ended, ...given })?.preciseAmountMinor.toString()).toBe(amount),
  );
  it('nothing when the trial outlasts the period', () =>
    expect(unusedDaysCredit({ ...ended, trialEndsAt: at('2023-03-15') })).toBeNull());

  it('what is used and what is credited make the whole, to the day', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 30 }),
        fc.bigInt({ min: 1n, max: 10n ** 9n }),
        fc.boolean(),
        (day, amountMinor, upgraded) => {
          const terminatedAt = march.from + day * 86_400_000 + 36_000_000;
          const used = subscriptionFee(
            fee({ amountMinor, ended: upgraded ? 'upgraded' : 'terminated', to: terminatedAt }),
          );
          const credit = unusedDaysCredit({
            ...ended,
            planAmountMinor: amountMinor,
            periodDays: 31,
            periodEnd: march.to + 1,
            terminatedAt,
            upgraded,
            lastFeeAmountMinor: amountMinor,
          });
          expect(used.days + (credit?.days ?? 0)).toBe(31);
        },
      ),
    );
  });
});
