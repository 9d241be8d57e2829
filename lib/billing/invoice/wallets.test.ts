import { describe, expect, it } from 'vitest';
import { Exact } from '../money/exact.ts';
import { settleFees } from './compute.ts';
import type { FeeResult } from './result.ts';
import { invoice, tax, wallet } from './testing/facts-builder.ts';
import { feesWorth } from './testing/lines.ts';

describe('credits from wallets (10.4, 10.5)', () => {
  const usage = (metricId: string, amountMinor: bigint): FeeResult => ({
    ...feesWorth(amountMinor)[0]!,
    key: `${metricId}:${amountMinor}`,
    kind: 'charge',
    metricId,
  });
  const taxed = (rate: string, ...wallets: ReturnType<typeof wallet>[]) =>
    invoice({ entityTaxes: [tax(rate)], wallets });

  it('limited to metrics: 14.29 costs 17.72, 14.27 costs 17.69, another metric nothing', () => {
    const paid = (metricId: string, amount: bigint) =>
      settleFees(taxed('24', wallet({ balanceMinor: 3900n, allowedMetricIds: ['one', 'two'] })), [
        usage(metricId, amount),
      ]).prepaidCreditAmountMinor;
    expect([paid('one', 1429n), paid('two', 1427n), paid('three', 1427n)]).toEqual([1772n, 1769n, 0n]);
  });

  it('a cent per bucket lost in rounding is paid too: 106 826', () => {
    const facts = taxed('6.8254', wallet({ balanceMinor: 1_000_000n }));
    const lines = [usage('one', 50_000n), usage('two', 50_000n)].map((fee) => ({
      ...fee,
      preciseAmountMinor: Exact.of('49999.9'),
    }));
    const result = settleFees(facts, lines);
    expect(result).toMatchObject({
      prepaidCreditAmountMinor: result.subTotalIncludingTaxesMinor,
      totalAmountMinor: 0n,
    });
  });

  it('goes by priority, then age; a line with a target waits for its wallet', () => {
    const wallets = [
      wallet({ id: 'late', priority: 2, balanceMinor: 100n }),
      wallet({ id: 'first', priority: 1, balanceMinor: 60n, createdAt: 5 }),
      wallet({
        id: 'team',
        code: 'team',
        priority: 9,
        balanceMinor: 1000n,
        allowedFeeTypes: ['subscription'],
      }),
    ];
    const result = settleFees(taxed('0', ...wallets), [
      { ...usage('one', 300n), targetWalletCode: 'team' },
      usage('two', 100n),
    ]);
    expect(result.walletUses.map(({ walletId, amountMinor }) => [walletId, amountMinor])).toEqual([
      ['first', 60n],
      ['late', 40n],
      ['team', 300n],
    ]);
  });

  const lot = (transactionId: string, part: Partial<ReturnType<typeof wallet>['lots'][number]>) =>
    ({
      transactionId,
      kind: 'granted',
      priority: 50,
      remainingMinor: 100n,
      createdAt: 0,
      expiresAt: null,
      ...part,
    }) as const;
  it('lots of 30 and 50 pay 60: 30 and 30', () => {
    const own = wallet({
      balanceMinor: 80n,
      traceable: true,
      lots: [
        lot('b', { remainingMinor: 50n, createdAt: 2 }),
        lot('a', { remainingMinor: 30n, createdAt: 1 }),
      ],
    });
    const result = settleFees(taxed('0', own), [usage('one', 60n)]);
    expect(result.walletUses[0]?.lots).toEqual([
      { transactionId: 'a', kind: 'granted', amountMinor: 30n },
      { transactionId: 'b', kind: 'granted', amountMinor: 30n },
    ]);
    expect(result).toMatchObject({
      prepaidGrantedCreditAmountMinor: 60n,
      prepaidPurchasedCreditAmountMinor: null,
    });
  });
  it('lots go by priority, free before bought, first to expire, oldest', () => {
    const own = wallet({
      balanceMinor: 600n,
      traceable: true,
      lots: [
        lot('bought', { kind: 'purchased', createdAt: 1 }),
        lot('old', { createdAt: 2 }),
        lot('expiring', { createdAt: 4, expiresAt: 20 }),
        lot('sooner', { createdAt: 5, expiresAt: 10 }),
        lot('urgent', { kind: 'purchased', priority: 1, createdAt: 9 }),
        lot('new', { createdAt: 3 }),
      ],
    });
    const result = settleFees(taxed('0', own), [usage('one', 600n)]);
    expect(result.walletUses[0]?.lots.map(({ transactionId }) => transactionId)).toEqual([
      'urgent',
      'sooner',
      'expiring',
      'old',
      'new',
      'bought',
    ]);
    expect(result).toMatchObject({
      prepaidGrantedCreditAmountMinor: 400n,
      prepaidPurchasedCreditAmountMinor: 200n,
    });
  });
});
