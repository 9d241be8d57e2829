import { describe, expect, it } from 'vitest';
import type { UsageEvent } from '../usage-facts.ts';
import type { ChargeFacts } from './facts.ts';
import { feeForEvent } from './in-advance.ts';
import { bill, charge, event, metric, plan } from './testing/facts-builder.ts';

/** Amount and units of each event's line, in turn. */
function inTurn(own: Partial<ChargeFacts>, events: UsageEvent[]): [bigint, string][] {
  const facts = charge({ payInAdvance: true, ...own });
  return events.map(({ transactionId }, i) => {
    const usage = { [facts.id]: { kind: 'events' as const, events: events.slice(0, i + 1), history: [] } };
    const fee = feeForEvent({
      bill: bill({ plan: plan({ charges: [facts] }), usage }),
      charge: facts,
      transactionId,
      timezone: 'UTC',
    });
    return [fee!.amountMinor, fee!.units.toString()];
  });
}
const day = (n: number): string => `2023-08-${String(n).padStart(2, '0')}`;
const values = (...list: unknown[]) => list.map((v, i) => event(`e${i + 1}`, day(i + 1), { v }));

describe('one event of a charge in advance (6.11)', () => {
  it('sum: +10, −6, +10 bills 1000, 0 and 400', () =>
    expect(inTurn({}, values(10, -6, 10))).toEqual([
      [1000n, '10'],
      [0n, '0'],
      [400n, '4'],
    ]));
  it('package of 2 at 100, 3 free', () =>
    expect(
      inTurn(
        { model: 'package', properties: { amount: '100', package_size: 2, free_units: 3 } },
        values(3, 1, 2),
      ),
    ).toEqual([
      [0n, '3'],
      [10_000n, '1'],
      [10_000n, '2'],
    ]));
  it('unique: the same value again, and one removed and re-added, are free', () =>
    expect(
      inTurn({ metric: metric({ aggregationType: 'unique_count_agg' }), properties: { amount: '12' } }, [
        event('e1', day(1), { v: 'a' }),
        event('e2', day(2), { v: 'a' }),
        event('e3', day(3), { v: 'a', operation_type: 'remove' }),
        event('e4', day(4), { v: 'a' }),
      ]).map(([amount]) => amount),
    ).toEqual([1200n, 0n, 0n, 0n]));
  it('a flat first tier is paid by the first event', () => {
    const graduated_ranges = [
      { from_value: 0, to_value: 10, per_unit_amount: '1', flat_amount: '2' },
      { from_value: 11, to_value: null, per_unit_amount: '0.5', flat_amount: '3' },
    ];
    expect(
      inTurn({ model: 'graduated', properties: { graduated_ranges } }, values(8, 4)).map(
        ([amount]) => amount,
      ),
    ).toEqual([1000n, 600n]);
  });
  it('groups and filters have marks of their own', () => {
    const own = { properties: { amount: '1', pricing_group_keys: ['region'] } };
    const events = [
      event('e1', day(1), { v: 5, region: 'eu' }),
      event('e2', day(2), { v: -5, region: 'us' }),
      event('e3', day(3), { v: 1, region: 'eu' }),
    ];
    expect(inTurn(own, events).map(([amount]) => amount)).toEqual([500n, 0n, 100n]);
  });
  it('a prorated seat pays the days left', () => {
    const own = {
      prorated: true,
      metric: metric({ aggregationType: 'unique_count_agg', recurring: true }),
      properties: { amount: '31' },
    };
    expect(inTurn(own, [event('e1', day(11), { v: 'a' })])).toEqual([[2100n, '1']]);
  });
  it('what does not count has no line', () => {
    const facts = charge({ payInAdvance: true });
    const usage = { charge: { kind: 'events' as const, events: values('x'), history: [] } };
    const request = {
      bill: bill({ plan: plan({ charges: [facts] }), usage }),
      charge: facts,
      timezone: 'UTC',
    };
    expect(feeForEvent({ ...request, transactionId: 'e1' })).toBeNull();
    expect(feeForEvent({ ...request, transactionId: 'missing' })).toBeNull();
  });
});
