import { describe, expect, it } from 'vitest';
import { computeInvoice } from './compute.ts';
import { at, bill, invoice, plan, sum, usageOf } from './testing/facts-builder.ts';

describe('bills made early (7.2)', () => {
  const early = (amountMinor: bigint, toCreditMinor: bigint, units: string, part = {}) =>
    computeInvoice(
      invoice({
        subscriptions: [
          bill({
            plan: plan({ amountMinor, charges: [usageOf('tokens', { properties: { amount: '0.0002' } })] }),
            usage: { tokens: sum(units) },
            ...part,
          }),
        ],
        progressiveCredits: [
          { subscriptionId: 'subscription', invoiceId: 'early', toCreditMinor, chargeIds: ['tokens'] },
        ],
      }),
    );
  const ended = (kind: 'terminated' | 'upgraded') => ({
    terminatedAt: at('2023-08-18T09:00:00Z'),
    terminationKind: kind,
    reason: 'subscription_terminating',
    windows: { from: at('2023-08-01'), to: at('2023-08-18T09:00:00Z') },
  });
  it.each([
    ['at month end', '2000000', {}, 43_100n, 23_100n],
    ['ended on the 18th', '1000000', ended('terminated'), 21_800n, 1800n],
    ['upgraded on the 18th', '1000000', ended('upgraded'), 21_700n, 1700n],
  ] as const)('%s', (_, units, part, fees, total) =>
    expect(early(3100n, 20_000n, units, part)).toMatchObject({
      feesAmountMinor: fees,
      totalAmountMinor: total,
    }),
  );
  it('what was billed beyond the usage is excess', () =>
    expect(early(3100n, 5280n, '100000').progressiveCredits).toEqual([
      { subscriptionId: 'subscription', invoiceId: 'early', amountMinor: 2000n, excessMinor: 3280n },
    ]));
});
