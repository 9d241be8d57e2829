import { describe, expect, it } from 'vitest';
import { Exact } from '../money/exact.ts';
import { canonicalJson, computeInvoice, factsFromCanonical } from './compute.ts';
import { bill, charge, event, invoice, plan, tax } from './testing/facts-builder.ts';

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
  it('keeps lines that were worked out before, with taxes of a part of a cent', () => {
    const subscriptions = [bill({ plan: plan({ amountMinor: 333n, taxes: [tax('10')] }) })];
    const { fees: given } = computeInvoice(invoice({ subscriptions }));
    expect(given[0]?.taxes[0]?.preciseAmountMinor.toString()).toBe('33.3');
    const facts = invoice({ subscriptions, given });
    const text = canonicalJson(facts);
    expect(canonicalJson(factsFromCanonical(text))).toBe(text);
  });

  it('sorts members', () =>
    expect(canonicalJson({ b: 1n, a: Exact.ratio(1n, 3n) })).toBe('{"a":"1/3","b":"1"}'));
});
