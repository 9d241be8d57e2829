import { describe, expect, it } from 'vitest';
import { Exact } from '../../money/exact.ts';
import type { ChargeFacts, ChargeUsageFacts } from '../facts.ts';
import {
  at,
  type BillPart,
  bill,
  charge,
  endOf,
  event,
  metric,
  plan,
  sum,
} from '../testing/facts-builder.ts';
import { billFees, standaloneRenewalFees } from './bill-fees.ts';
import { chargeFees } from './charge-fees.ts';

const events = (...list: ReturnType<typeof event>[]): ChargeUsageFacts => ({
  kind: 'events',
  events: list,
  history: [],
});

function lines(own: Partial<ChargeFacts>, usage: ChargeUsageFacts, part: BillPart = {}, includeZero = false) {
  const facts = charge(own);
  const billed = bill({ plan: plan({ charges: [facts] }), usage: { [facts.id]: usage }, ...part });
  return chargeFees(billed, facts, { timezone: 'UTC', withTrueUp: true, includeZero });
}

describe('lines of a charge (6.7 to 6.10)', () => {
  it('rounds once and truncates the unit price', () => {
    const [fee] = lines({ properties: { amount: '0.0155' } }, sum('3'));
    expect(fee).toMatchObject({ amountMinor: 5n, unitAmountMinor: 1n, eventsCount: 1 });
    expect(fee?.preciseAmountMinor.toString()).toBe('4.65');
    expect(fee?.preciseUnitAmount.toString()).toBe('0.0155');
  });

  it('dynamic: 20 units of 40.2 cents', () => {
    const carrying = (id: string, amount: string) => ({
      ...event(id, '2023-08-02', { v: 10 }),
      preciseTotalAmountMinor: Exact.of(amount),
    });
    const [fee] = lines(
      { model: 'dynamic', properties: {} },
      events(carrying('1', '10.1'), carrying('2', '30.1')),
    );
    expect(fee).toMatchObject({ amountMinor: 40n, eventsCount: 2 });
    expect(fee?.preciseAmountMinor.toString()).toBe('40.2');
  });

  it('prices every filter and the default bucket by itself', () => {
    const own = {
      filters: [
        { id: 'card', displayName: 'Card', values: { method: ['card'] }, properties: { amount: '2' } },
        { id: 'wire', displayName: null, values: { method: ['wire'] }, properties: { amount: '3' } },
      ],
    };
    const usage = events(
      event('1', '2023-08-02', { v: '5', method: 'card' }),
      event('2', '2023-08-03', { v: '7', method: 'cash' }),
    );
    const found = lines(own, usage).map((fee) => [
      fee.chargeFilterId,
      fee.filterDisplayName,
      fee.amountMinor,
    ]);
    expect(found).toEqual([
      ['card', 'Card', 1000n],
      [null, null, 700n],
    ]);
    expect(lines(own, usage, {}, true)).toHaveLength(3);
  });

  it('prices groups by themselves and shows the wallet an event asks for', () => {
    const own = {
      acceptsTargetWallet: true,
      model: 'package' as const,
      properties: { amount: '10', package_size: 10, free_units: 0, pricing_group_keys: ['region'] },
    };
    const usage = events(
      event('1', '2023-08-02', { v: 1, region: 'eu', target_wallet_code: 'team' }),
      event('2', '2023-08-02', { v: 1, region: 'us' }),
    );
    const found = lines(own, usage).map((fee) => [fee.groupedBy, fee.targetWalletCode, fee.amountMinor]);
    expect(found).toEqual([
      [{ region: 'eu', target_wallet_code: 'team' }, 'team', 1000n],
      [{ region: 'us', target_wallet_code: null }, null, 1000n],
    ]);
  });

  it('keeps a flat first tier without usage, and drops a line that says nothing', () => {
    const tiers = [{ from_value: 0, to_value: null, per_unit_amount: '1', flat_amount: '2' }];
    const flat = lines({ model: 'graduated', properties: { graduated_ranges: tiers } }, sum('0', 0));
    expect(flat.map(({ amountMinor }) => amountMinor)).toEqual([200n]);
    expect(lines({}, sum('0', 0))).toEqual([]);
  });

  it('a prorated recurring charge shows full units and bills the share', () => {
    const usage: ChargeUsageFacts = {
      kind: 'events',
      history: [event('1', '2023-07-01', { v: 'a' })],
      events: [event('2', '2023-08-11', { v: 'b' })],
    };
    const seats = metric({ aggregationType: 'unique_count_agg', recurring: true });
    const [fee] = lines({ metric: seats, prorated: true, properties: { amount: '10' } }, usage);
    expect(fee?.units.toString()).toBe('2');
    expect(fee?.preciseAmountMinor.toString()).toBe('1677.42');
    expect(fee?.preciseUnitAmount.toString()).toBe('8.3871');
  });

  it('lifts a charge to its minimum: 1000 for 25 of 28 days less 800 is 93', () => {
    const [fee, minimum] = lines({ minAmountMinor: 1000n }, sum('8'), {
      startedAt: at('2023-02-04'),
      windows: { from: at('2023-02-04'), to: endOf('2023-02-28') },
    });
    expect(fee?.amountMinor).toBe(800n);
    expect(minimum).toMatchObject({
      amountMinor: 93n,
      trueUpParentKey: fee?.key,
      eventsCount: 0,
      kind: 'charge',
    });
    expect(lines({ minAmountMinor: 1000n }, sum('0', 0)).map(({ amountMinor }) => amountMinor)).toEqual([
      0n,
      1000n,
    ]);
  });
});

describe('which charges a bill carries (3.5, 6.10, 7.2)', () => {
  const seats = metric({ id: 'seats', recurring: true });
  const usage = { charge: sum('4') };
  const amounts = (
    own: Partial<ChargeFacts>,
    part: BillPart = {},
    type: 'subscription' | 'progressive_billing' = 'subscription',
  ) =>
    billFees(bill({ plan: plan({ charges: [charge(own)] }), usage, billSubscriptionFee: false, ...part }), {
      type,
      timezone: 'UTC',
    }).map((fee) => [fee.amountMinor, fee.from]);
  const august = at('2023-08-01');

  it('metered charges in advance were billed event by event', () =>
    expect(amounts({ payInAdvance: true })).toEqual([]));
  it('recurring ones renew for the period now opening', () => {
    const renewing = { payInAdvance: true, metric: seats };
    expect(amounts(renewing)).toEqual([[400n, at('2023-09-01')]]);
    expect(amounts(renewing, { reason: 'subscription_terminating' })).toEqual([]);
    expect(amounts({ ...renewing, invoiceable: false })).toEqual([]);
    const alone = bill({ plan: plan({ charges: [charge({ ...renewing, invoiceable: false })] }), usage });
    expect(standaloneRenewalFees(alone, 'UTC').map(({ amountMinor }) => amountMinor)).toEqual([400n]);
  });
  it('leaves a recurring metric to the plan it was upgraded to', () => {
    const upgraded = {
      terminationKind: 'upgraded',
      terminatedAt: at('2023-08-20'),
      successorMetricIds: ['seats'],
    } as const;
    expect(amounts({ metric: seats }, { ...upgraded, successorMetricIds: ['seats'] })).toEqual([]);
    expect(amounts({ metric: seats }, { ...upgraded, successorMetricIds: [] })).toEqual([[400n, august]]);
  });
  it('a progressive bill carries usage alone, without minimum', () =>
    expect(
      amounts({ minAmountMinor: 10_000n }, { billSubscriptionFee: true }, 'progressive_billing'),
    ).toEqual([[400n, august]]));
  it('starting bills leave usage alone', () => expect(amounts({}, { billUsage: false })).toEqual([]));
});
