import { describe, expect, it } from 'vitest';
import { Exact } from '../money/exact.ts';
import { distributeUsage, type OngoingWallet, type UsageBucket } from './distribute.ts';

const usage = (metricId: string, amount: number): UsageBucket => ({
  kind: 'charge',
  metricId,
  targetWalletCode: null,
  amount: Exact.of(amount),
});
const wallet = (id: string, priority: number, balance: number, part: Partial<OngoingWallet> = {}) => ({
  id,
  code: id,
  priority,
  createdAt: 0,
  balanceMinor: BigInt(balance),
  allowedFeeTypes: [],
  allowedMetricIds: [],
  refills: false,
  ...part,
});
const shares = (buckets: UsageBucket[], wallets: OngoingWallet[]) =>
  Object.fromEntries(distributeUsage(buckets, wallets));

describe('what usage would take from credits (10.7)', () => {
  it('four wallets for two metrics each: the largest bucket first, the last able one takes the rest', () =>
    expect(
      shares(
        [usage('storage', 1000), usage('seats', 2000), usage('api', 3000), usage('sms', 4000)],
        [
          wallet('w1', 1, 1000, { allowedMetricIds: ['storage', 'seats'] }),
          wallet('w2', 2, 2000, { allowedMetricIds: ['seats', 'api'] }),
          wallet('w3', 3, 3000, { allowedMetricIds: ['api', 'sms'] }),
          wallet('w4', 4, 4000, { allowedMetricIds: ['sms', 'storage'] }),
        ],
      ),
    ).toEqual({ w1: 1000n, w2: 3000n, w3: 4000n, w4: 2000n }));
  it('a wallet that refills itself takes everything', () =>
    expect(
      shares([usage('a', 500)], [wallet('w1', 1, 100, { refills: true }), wallet('w2', 2, 900)]),
    ).toEqual({
      w1: 500n,
      w2: 0n,
    }));
  it('usage meant for one wallet waits for it, and usage nobody may pay is left', () =>
    expect(
      shares(
        [
          { ...usage('a', 300), targetWalletCode: 'w2' },
          { ...usage('b', 50), targetWalletCode: 'gone' },
        ],
        [wallet('w1', 1, 1000), wallet('w2', 2, 100)],
      ),
    ).toEqual({ w1: 0n, w2: 300n }));
  it('parts of a cent are rounded once a wallet', () =>
    expect(
      shares(
        [
          { ...usage('a', 0), amount: Exact.of('10.4') },
          { ...usage('b', 0), amount: Exact.of('10.4') },
        ],
        [wallet('w1', 1, 1000)],
      ),
    ).toEqual({ w1: 21n }));
});
