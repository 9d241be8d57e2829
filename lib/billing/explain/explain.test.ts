import { describe, expect, it } from 'vitest';
import { computeInvoice } from '../invoice/compute.ts';
import type { ChargeFacts, ChargeUsageFacts, PlanFacts } from '../invoice/facts.ts';
import type { FeeResult } from '../invoice/result.ts';
import {
  at,
  type BillPart,
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
import { explainFee, shortWorking } from './index.ts';
import type { Reader } from './words.ts';

const reader: Reader = { currency: 'USD', timezone: 'UTC', locale: 'en-US', customerName: 'Pylon Podcasts' };
const minutes = metric({ name: 'Minutes', unitName: 'minute' });

function lineOf(
  own: Partial<ChargeFacts>,
  usage: ChargeUsageFacts,
  part: BillPart = {},
  index = 0,
): FeeResult {
  const facts = charge({ metric: minutes, ...own });
  const billed = bill({
    billSubscriptionFee: false,
    plan: plan({ currency: 'USD', charges: [facts] }),
    usage: { [facts.id]: usage },
    windows: { from: at('2026-09-01'), to: endOf('2026-09-30') },
    ...part,
  });
  return computeInvoice(invoice({ currency: 'USD', subscriptions: [billed] })).fees[index]!;
}
const sentence = (...args: Parameters<typeof lineOf>) => explainFee(lineOf(...args), reader).sentence;
const ranges = (...list: [number, number | null, string, string][]) =>
  list.map(([from_value, to_value, per_unit_amount, flat_amount]) => ({
    from_value,
    to_value,
    per_unit_amount,
    flat_amount,
  }));
const rates = (...list: [number, number | null, string, string][]) =>
  list.map(([from_value, to_value, rate, flat_amount]) => ({ from_value, to_value, rate, flat_amount }));

describe('a line in words', () => {
  it('as on the page: 14,260 minutes, 3,000 included', () => {
    const crew = {
      model: 'graduated',
      properties: { graduated_ranges: ranges([0, 3000, '0', '0'], [3001, null, '0.02', '0']) },
    } as const;
    const window = { from: at('2026-09-01T07:00:00Z'), to: at('2026-10-01T07:00:00Z') - 1 };
    const fee = lineOf(crew, sum('14260', 400), { windows: window });
    const explained = explainFee(fee, { ...reader, timezone: 'America/Los_Angeles', zoneName: 'Portland' });
    expect(explained).toEqual({
      sentence:
        'Pylon Podcasts used 14,260 minutes from 1 to 30 September, Portland time. The first 3,000 are included. The other 11,260 cost $20.00 per 1,000.',
      sentences: [
        'Pylon Podcasts used 14,260 minutes from 1 to 30 September, Portland time.',
        'The first 3,000 are included.',
        'The other 11,260 cost $20.00 per 1,000.',
      ],
      rows: [
        { label: 'Included', quantity: '3,000', rate: 'free', amount: '$0.00' },
        { label: 'Above 3,000', quantity: '11,260', rate: 'at $20.00 per 1,000', amount: '$225.20' },
      ],
      result: { label: 'Line', quantity: '14,260', rate: 'nothing rounded', amount: '$225.20' },
    });
  });

  const opening = (count: string) => `Pylon Podcasts used ${count} from 1 to 30 September, UTC.`;
  const seat = (id: string, day: string, v: string) => event(id, day, { v });
  it.each([
    [
      'standard',
      { properties: { amount: '0.15' } },
      sum('36'),
      `${opening('36 minutes')} They cost $0.15 each.`,
    ],
    ['one unit', { properties: { amount: '5' } }, sum('1'), `${opening('1 minute')} It costs $5.00.`],
    [
      'no unit name',
      { metric: metric({ name: 'Storage' }), properties: { amount: '0' } },
      sum('3'),
      `${opening('3 units of Storage')} They are free.`,
    ],
    [
      'graduated with flats',
      {
        model: 'graduated',
        properties: {
          graduated_ranges: ranges([0, 10, '10', '2'], [11, 20, '5', '3'], [21, null, '4', '0']),
        },
      },
      sum('25'),
      `${opening('25 minutes')} The first 10 cost $10.00 each. The next 10 cost $5.00 each. The other 5 cost $4.00 each. Flat fees of $5.00 are added.`,
    ],
    [
      'inside what is included',
      {
        model: 'graduated',
        properties: { graduated_ranges: ranges([0, 3000, '0', '0'], [3001, null, '0.02', '0']) },
      },
      sum('20'),
      `${opening('20 minutes')} The first 3,000 are included, and that covers them.`,
    ],
    [
      'graduated percentage',
      {
        model: 'graduated_percentage',
        properties: { graduated_percentage_ranges: rates([0, 10, '1', '200'], [11, null, '2', '0']) },
      },
      sum('15'),
      `${opening('15 minutes')} The first 10 are charged at 1%. The other 5 are charged at 2%. A flat fee of $200.00 is added.`,
    ],
    [
      'package',
      { model: 'package', properties: { amount: '100', package_size: 10, free_units: 10 } },
      sum('121'),
      `${opening('121 minutes')} The first 10 are included. The other 111 fill 12 packages of 10 at $100.00 each.`,
    ],
    [
      'volume',
      {
        model: 'volume',
        properties: {
          volume_ranges: ranges([0, 100, '2', '10'], [101, 200, '1', '0'], [201, null, '0.5', '50']),
        },
      },
      sum('150'),
      `${opening('150 minutes')} All of them cost $1.00 each, because the total lies between 101 and 200.`,
    ],
    [
      'percentage',
      { model: 'percentage', properties: { rate: '1.3', fixed_amount: '2', free_units_per_events: 1 } },
      {
        kind: 'events',
        history: [],
        events: [event('1', '2026-09-02', { v: 50 }), event('2', '2026-09-03', { v: 750 })],
      },
      `${opening('800 minutes')} The first 50 are included. 1.3% of the other 750 is $9.75. 1 event at $2.00 each adds $2.00.`,
    ],
    [
      'a package that is all included',
      { model: 'package', properties: { amount: '5', package_size: 100, free_units: 500 } },
      sum('250'),
      `${opening('250 minutes')} They lie within the 500 that are included.`,
    ],
    [
      'percentage between limits',
      {
        model: 'percentage',
        properties: { rate: '2', per_transaction_min_amount: '1', per_transaction_max_amount: '12' },
      },
      {
        kind: 'events',
        history: [],
        events: [event('1', '2026-09-02', { v: 10 }), event('2', '2026-09-03', { v: 5000 })],
      },
      `${opening('5,010 minutes')} 2% of that is $100.20. No event costs less than $1.00 or more than $12.00, which takes off $87.20.`,
    ],
    [
      'nothing',
      { properties: { amount: '0.15' } },
      sum('0'),
      `${opening('0 minutes')} Nothing is due for it.`,
    ],
    [
      'held over time',
      {
        metric: metric({ aggregationType: 'weighted_sum_agg', name: 'Storage', unitName: 'GB' }),
        properties: { amount: '0.5' },
      },
      { kind: 'events', history: [], events: [event('1', '2026-09-16', { v: 100 })] },
      'Pylon Podcasts held on average 50 GB from 1 to 30 September, UTC. What came or went counts for the time it was there. They cost $0.50 each.',
    ],
    [
      'seats by the day',
      {
        metric: metric({
          aggregationType: 'unique_count_agg',
          recurring: true,
          name: 'Seats',
          unitName: 'seat',
        }),
        prorated: true,
        properties: { amount: '30' },
      },
      { kind: 'events', history: [seat('1', '2026-08-01', 'a')], events: [seat('2', '2026-09-16', 'b')] },
      'Pylon Podcasts had 2 seats from 1 to 30 September, UTC. Counted by the days they were there, that is 1.5 for the whole period. They cost $30.00 each.',
    ],
  ] as const)('%s', (_, own, usage, expected) =>
    expect(sentence(own as unknown as Partial<ChargeFacts>, usage as unknown as ChargeUsageFacts)).toBe(
      expected,
    ),
  );

  it('in a few words, beside an amount', () => {
    const short = (...args: Parameters<typeof lineOf>) => shortWorking(lineOf(...args).working, reader);
    const crew = {
      model: 'graduated',
      properties: { graduated_ranges: ranges([0, 3000, '0', '0'], [3001, null, '0.02', '0']) },
    } as const;
    expect(short(crew, sum('5480'))).toBe('2,480 minutes over 3,000, at $20.00 per 1,000');
    expect(short(crew, sum('120'))).toBe('120 of 3,000 minutes included');
    expect(short({ properties: { amount: '0.15' } }, sum('36'))).toBe('36 minutes at $0.15 each');
    const packs = {
      model: 'package',
      properties: { amount: '5', package_size: 100, free_units: 0 },
    } as const;
    expect(short(packs, sum('250'))).toBe('3 packages of 100 minutes at $5.00');
    const unnamed = metric({ name: 'Minutes', unitName: null });
    expect(short({ metric: unnamed, properties: { amount: '0.15' } }, sum('36'))).toBe('36 at $0.15 each');
    expect(short({ properties: { amount: '0' } }, sum('36'))).toBeNull();
  });

  it('names the filter, the group and what was rounded', () => {
    const own = { properties: { amount: '0.0015', pricing_group_keys: ['region'] } };
    const usage = {
      kind: 'events' as const,
      history: [],
      events: [event('1', '2026-09-02', { v: 3, region: 'eu' })],
    };
    const explained = explainFee({ ...lineOf(own, usage), filterDisplayName: 'Card' }, reader);
    expect(explained.sentence).toContain('used 3 minutes (Card, region eu) from');
    expect(explained.result).toMatchObject({ rate: 'rounded from $0.0045', amount: '$0.00' });
  });

  const planLine = (terms: Partial<PlanFacts>, part: BillPart = {}) =>
    computeInvoice(
      invoice({
        currency: 'USD',
        subscriptions: [
          bill({ plan: plan({ currency: 'USD', name: 'Crew', amountMinor: 14_000n, ...terms }), ...part }),
        ],
      }),
    ).fees;
  it('the plan, whole and in part', () => {
    const [whole] = planLine({});
    expect(explainFee(whole!, reader).sentence).toBe(
      'Pylon Podcasts pays for Crew from 1 to 31 August, UTC. The whole period costs $140.00.',
    );
    const [part] = planLine(
      {},
      { startedAt: at('2023-08-15'), windows: { from: at('2023-08-15'), to: endOf('2023-08-31') } },
    );
    expect(explainFee(part!, reader)).toMatchObject({
      sentence:
        'Pylon Podcasts pays for Crew from 15 to 31 August, UTC. The whole period of 31 days costs $140.00; 17 of them are billed: $140.00 × 17 ÷ 31 = $76.774194.',
      rows: [{ label: 'Days', quantity: '17 of 31 days', rate: 'of $140.00', amount: '$76.774194' }],
    });
  });
  it('only the paid days of a period in which a trial ends', () => {
    const [part] = planLine(
      { payInAdvance: true },
      {
        anchor: at('2026-09-17'),
        startedAt: at('2026-09-17'),
        createdAt: at('2026-09-17'),
        billingTime: 'anniversary',
        billedAt: at('2026-10-31'),
        trialEndsAt: at('2026-10-31'),
        windows: { from: at('2026-10-17'), to: endOf('2026-11-16') },
      },
    );
    expect(explainFee(part!, reader).sentence).toBe(
      'Pylon Podcasts pays for Crew from 31 October to 16 November, UTC. The whole period of 31 days costs $140.00; 17 of them are billed: $140.00 × 17 ÷ 31 = $76.774194.',
    );
    expect(shortWorking(part!.working, reader)).toBe('17 of 31 days of $140.00');
  });
  it('a minimum and a fixed charge', () => {
    const commitment = { id: 'c', amountMinor: 20_000n, displayName: null, taxes: [] };
    const seats = fixedCharge({
      displayName: 'Seats',
      segments: [{ units: '3', effectiveAt: 0, createdAt: 0 }],
    });
    const [, fixed, minimum] = planLine(
      { commitment, fixedCharges: [seats] },
      { history: { commitmentWindow: { from: at('2023-08-01'), to: endOf('2023-08-31') } } },
    );
    expect(explainFee(fixed!, reader).sentence).toBe(
      'Pylon Podcasts has 3 of Seats from 1 to 31 August, UTC. They cost $1.00 each.',
    );
    expect(explainFee(minimum!, reader).sentence).toBe(
      'The minimum for the plan from 1 to 31 August, UTC is $200.00. Pylon Podcasts reached $143.00, so the rest is billed.',
    );
  });
});
