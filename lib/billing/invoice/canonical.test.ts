import { describe, expect, it } from 'vitest';
import { Exact } from '../money/exact.ts';
import { canonicalJson, factsFromCanonical } from './compute.ts';
import { bill, charge, event, invoice, plan } from './testing/facts-builder.ts';

describe('facts as text', () => {
  it('keeps what events carry', () => {
    const own = {
      ...event('7', '2023-08-02', { amountMinor: '12', v: 1 }),
      preciseTotalAmountMinor: Exact.of('1.5'),
    };
    const facts = invoice({
      subscriptions: [
        bill({
          plan: plan({
            charges: [
              charge({ filters: [{ id: 'f', displayName: null, values: { k: ['1'] }, properties: {} }] }),
            ],
          }),
          usage: { charge: { kind: 'events', events: [own], history: [] } },
        }),
      ],
    });
    expect(factsFromCanonical(canonicalJson(facts))).toEqual(facts);
  });
  it('sorts members', () =>
    expect(canonicalJson({ b: 1n, a: Exact.ratio(1n, 3n) })).toBe('{"a":"1/3","b":"1"}'));
});
