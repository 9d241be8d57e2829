import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BoundariesInput,
  billingInstants,
  boundariesFor,
  nextBillingInstant,
  openingWindow,
  opensPlanPeriod,
  terminatedOnBillingDay,
} from './boundaries.ts';

const at = (iso: string): number => Date.parse(iso);
const iso = (t: number | null): string | null =>
  t === null ? null : new Date(t).toISOString().replace('.999Z', 'Z').replace('.000Z', 'Z');

interface Given extends Partial<Omit<BoundariesInput, 'plan'>> {
  plan?: Partial<BoundariesInput['plan']>;
}

function windows({ plan, ...given }: Given): (string | null)[] {
  const b = boundariesFor(input({ plan, ...given }));
  return [b.from, b.to, b.chargesFrom, b.chargesTo, b.fixedChargesFrom, b.fixedChargesTo].map(iso);
}

function input({ plan, ...given }: Given): BoundariesInput {
  const anchor = given.anchor ?? at('2024-01-31T01:00:00Z');
  return {
    situation: 'periodic',
    billingAt: anchor,
    billingTime: 'anniversary',
    startedAt: anchor,
    timezone: 'UTC',
    ...given,
    anchor,
    plan: {
      interval: 'monthly',
      payInAdvance: false,
      billChargesMonthly: false,
      billFixedChargesMonthly: false,
      ...plan,
    },
  };
}

describe('periodic bills', () => {
  it.each([
    ['2024-02-29', '2024-01-31T00:00:00Z', '2024-02-28T23:59:59Z', '2024-01-31T01:00:00Z'],
    ['2024-03-31', '2024-02-29T00:00:00Z', '2024-03-30T23:59:59Z', '2024-02-29T00:00:00Z'],
    ['2024-04-30', '2024-03-31T00:00:00Z', '2024-04-29T23:59:59Z', '2024-03-31T00:00:00Z'],
  ])('monthly arrears from 31 January, billed %s', (day, from, to, chargesFrom) => {
    expect(windows({ billingAt: at(day) })).toEqual([from, to, chargesFrom, to, chargesFrom, to]);
  });

  it('in advance: the period opening, with the usage of the one closed', () => {
    const plan = { payInAdvance: true };
    expect(
      windows({ plan, anchor: at('2023-06-29T12:12:00Z'), billingAt: at('2023-07-29T00:10:00Z') }).slice(
        0,
        4,
      ),
    ).toEqual([
      '2023-07-29T00:00:00Z',
      '2023-08-28T23:59:59Z',
      '2023-06-29T12:12:00Z',
      '2023-07-28T23:59:59Z',
    ]);
    expect(
      windows({
        plan: { interval: 'semiannual', payInAdvance: true },
        billingTime: 'calendar',
        anchor: at('2022-01-01'),
        billingAt: at('2022-07-01T01:00:00Z'),
      }).slice(0, 4),
    ).toEqual([
      '2022-07-01T00:00:00Z',
      '2022-12-31T23:59:59Z',
      '2022-01-01T00:00:00Z',
      '2022-06-30T23:59:59Z',
    ]);
  });

  it('a calendar quarter in New York starts at the local day', () => {
    expect(
      windows({
        plan: { interval: 'quarterly' },
        billingTime: 'calendar',
        anchor: at('2022-04-07T00:00:00Z'),
        timezone: 'America/New_York',
        billingAt: at('2022-07-01T04:00:00Z'),
      }).slice(0, 4),
    ).toEqual([
      '2022-04-06T04:00:00Z',
      '2022-07-01T03:59:59Z',
      '2022-04-07T00:00:00Z',
      '2022-07-01T03:59:59Z',
    ]);
  });

  it('half-years from 31 January', () => {
    const plan = { interval: 'semiannual' } as const;
    expect(windows({ plan, billingAt: at('2025-01-31T02:00:00Z') })[0]).toBe('2024-07-31T00:00:00Z');
    expect(windows({ plan, billingAt: at('2025-01-31T02:00:00Z') })[1]).toBe('2025-01-30T23:59:59Z');
  });
});

describe('other situations', () => {
  it('the first bill of an advance plan carries no usage', () => {
    expect(windows({ situation: 'starting', plan: { payInAdvance: true } })).toEqual([
      '2024-01-31T00:00:00Z',
      '2024-02-28T23:59:59Z',
      ...Array(4).fill('2024-01-31T01:00:00Z'),
    ]);
  });

  it('a termination ends every window at its instant', () => {
    expect(
      windows({
        situation: 'terminating',
        billingTime: 'calendar',
        anchor: at('2022-02-01'),
        billingAt: at('2022-03-09T12:00:00.600Z'),
        terminatedAt: at('2022-03-09T12:00:00.600Z'),
      }).slice(0, 4),
    ).toEqual([
      '2022-03-01T00:00:00Z',
      '2022-03-09T12:00:01Z',
      '2022-03-01T00:00:00Z',
      '2022-03-09T12:00:00.600Z',
    ]);
  });

  it('a downgrade closes the full period before', () => {
    expect(
      windows({
        situation: 'downgrading',
        plan: { payInAdvance: true },
        anchor: at('2023-07-19'),
        billingAt: at('2023-11-19T00:10:00Z'),
        terminatedAt: at('2023-11-19T00:10:00Z'),
      }).slice(0, 4),
    ).toEqual([
      '2023-10-19T00:00:00Z',
      '2023-11-18T23:59:59Z',
      '2023-10-19T00:00:00Z',
      '2023-11-18T23:59:59Z',
    ]);
  });

  it('current usage is the running period', () => {
    expect(
      windows({
        situation: 'current',
        plan: { interval: 'quarterly' },
        anchor: at('2022-01-31'),
        billingAt: at('2022-04-15'),
      }).slice(2, 4),
    ).toEqual(['2022-01-31T00:00:00Z', '2022-04-29T23:59:59Z']);
  });

  it('after a move to another zone usage follows the previous bill', () => {
    const moved = input({
      billingTime: 'calendar',
      anchor: at('2024-01-01'),
      timezone: 'America/New_York',
      billingAt: at('2024-04-01T04:00:00Z'),
      previous: { timezone: 'UTC', chargesTo: at('2024-03-01') - 1, fixedChargesTo: null },
    });
    expect(iso(boundariesFor(moved).from)).toBe('2024-03-01T05:00:00Z');
    expect(iso(boundariesFor(moved).chargesFrom)).toBe('2024-03-01T00:00:00Z');
    expect(iso(boundariesFor(moved).fixedChargesFrom)).toBe('2024-03-01T05:00:00Z');
  });
});

describe('yearly plans with monthly charges (2.6)', () => {
  const plan = { interval: 'yearly', billChargesMonthly: true } as const;

  it('in between, only the charges have a window', () => {
    const between = windows({ plan: { ...plan, payInAdvance: true }, billingAt: at('2024-02-29T02:00:00Z') });
    expect(between).toEqual([
      '2024-01-31T00:00:00Z',
      '2025-01-30T23:59:59Z',
      '2024-01-31T01:00:00Z',
      '2024-02-28T23:59:59Z',
      null,
      null,
    ]);
  });

  it('in the opening month everything is due', () => {
    const opening = windows({ plan: { ...plan, payInAdvance: true }, billingAt: at('2025-01-31T02:00:00Z') });
    expect(opening).toEqual([
      '2025-01-31T00:00:00Z',
      '2026-01-30T23:59:59Z',
      '2024-12-31T00:00:00Z',
      '2025-01-30T23:59:59Z',
      '2024-01-31T01:00:00Z',
      '2025-01-30T23:59:59Z',
    ]);
  });

  it('the plan window of an in-between arrears bill is empty of meaning', () => {
    expect(windows({ plan, billingAt: at('2024-02-29T02:00:00Z') }).slice(0, 2)).toEqual([
      '2024-01-31T00:00:00Z',
      '2024-01-31T01:00:00Z',
    ]);
  });

  it('fixed charges alone may be monthly', () => {
    const given = {
      plan: { interval: 'semiannual', billFixedChargesMonthly: true } as const,
      billingAt: at('2024-02-29T02:00:00Z'),
    };
    expect(windows(given).slice(2)).toEqual([null, null, '2024-01-31T01:00:00Z', '2024-02-28T23:59:59Z']);
  });

  it('ended on a billing day in between, what the plan itself bills reaches to that day', () => {
    const ended = { situation: 'ended_on_billing_day', billingAt: at('2024-03-31T02:00:00Z') } as const;
    expect(windows({ ...ended, plan })).toEqual([
      '2024-01-31T00:00:00Z',
      '2024-03-30T23:59:59Z',
      '2024-02-29T00:00:00Z',
      '2024-03-30T23:59:59Z',
      '2024-01-31T01:00:00Z',
      '2024-03-30T23:59:59Z',
    ]);
    const whole = { ...ended, billingAt: at('2025-01-31T02:00:00Z') };
    expect(windows({ ...whole, plan })).toEqual(windows({ ...whole, plan, situation: 'periodic' }));
  });

  it('is selected every month but opens once a year', () => {
    const schedule = input({ plan });
    expect(
      billingInstants({ ...schedule, after: schedule.startedAt, until: at('2024-04-30') }).map(iso),
    ).toEqual(['2024-02-29T00:00:00Z', '2024-03-31T00:00:00Z', '2024-04-30T00:00:00Z']);
    expect(opensPlanPeriod(schedule, at('2024-02-29T02:00:00Z'))).toBe(false);
    expect(opensPlanPeriod(schedule, at('2025-01-31T02:00:00Z'))).toBe(true);
    expect(iso(openingWindow({ ...schedule, billingAt: at('2024-02-29') }, 'fixed_charges').from)).toBe(
      '2024-01-31T01:00:00Z',
    );
  });

  it('the flag means nothing on a monthly plan', () =>
    expect(windows({ plan: { billChargesMonthly: true }, billingAt: at('2024-02-29') })[4]).not.toBeNull());
});

describe('who is billed when (2.7)', () => {
  it.each([
    ['calendar', '2023-02-04T00:00:00Z', 'UTC', '2023-03-01T00:00:00Z'],
    ['calendar', '2023-03-01T00:00:00Z', 'UTC', '2023-04-01T00:00:00Z'],
    ['anniversary', '2020-01-30T00:00:00Z', 'UTC', '2020-02-29T00:00:00Z'],
    ['calendar', '2023-02-04T00:00:00Z', 'Pacific/Auckland', '2023-02-28T11:00:00Z'],
  ] as const)('%s from %s in %s → %s', (billingTime, start, timezone, next) => {
    const schedule = input({ billingTime, anchor: at(start), timezone });
    expect(iso(nextBillingInstant({ ...schedule, after: schedule.startedAt }))).toBe(next);
  });
});

describe('termination on a billing day (2.5)', () => {
  const ended = {
    ...input({ billingTime: 'calendar', anchor: at('2024-01-10') }),
    hasSuccessor: false,
    closedPeriodInvoiced: false,
  };
  it.each([
    ['15 minutes into it', {}, '2024-03-01T00:15:00Z', true],
    ['a day later', {}, '2024-03-02T00:15:00Z', false],
    ['when the closed period is invoiced', { closedPeriodInvoiced: true }, '2024-03-01T00:15:00Z', false],
    ['with a successor', { hasSuccessor: true }, '2024-03-01T00:15:00Z', false],
    ['when it had just begun', { startedAt: at('2024-02-29T12:00:00Z') }, '2024-03-01T00:15:00Z', false],
  ])('%s', (_, given, terminatedAt, expected) => {
    expect(terminatedOnBillingDay({ ...ended, ...given, terminatedAt: at(terminatedAt) })).toBe(expected);
  });
});

describe('usage windows of successive bills', () => {
  it('cover every millisecond since the start exactly once', () => {
    const schedules = fc.record({
      interval: fc.constantFrom('weekly', 'monthly', 'quarterly', 'semiannual', 'yearly'),
      billingTime: fc.constantFrom('calendar', 'anniversary'),
      payInAdvance: fc.boolean(),
      monthly: fc.boolean(),
      anchor: fc.integer({ min: at('2015-01-01'), max: at('2025-01-01') }),
      timezone: fc.constantFrom('UTC', 'America/New_York', 'Europe/Paris', 'Asia/Kolkata'),
    });
    fc.assert(
      fc.property(schedules, ({ interval, payInAdvance, monthly, ...given }) => {
        const schedule = input({ ...given, plan: { interval, payInAdvance, billChargesMonthly: monthly } });
        let billed = schedule.startedAt;
        let after = schedule.startedAt;
        for (let n = 0; n < 30; n++) {
          after = nextBillingInstant({ ...schedule, after });
          const { chargesFrom, chargesTo } = boundariesFor({ ...schedule, billingAt: after });
          expect(chargesFrom).toBe(billed);
          billed = chargesTo! + 1;
        }
        expect(billed).toBe(after);
      }),
      { numRuns: 60 },
    );
  });
});
