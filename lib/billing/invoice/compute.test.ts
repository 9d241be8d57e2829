import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Exact } from '../money/exact.ts';
import { canonicalJson, computeInvoice, factsFromCanonical, hashableFacts } from './compute.ts';
import type { FeeResult } from './result.ts';
import {
  at,
  bill,
  coupon,
  fixedCharge,
  invoice,
  note,
  plan,
  sum,
  tax,
  usageOf,
  wallet,
} from './testing/facts-builder.ts';

describe('all kinds of credits (14)', () => {
  const charges = ['a', 'b', 'c', 'd'].map((id) => usageOf(id));
  const facts = invoice({
    customer: { id: 'customer', name: 'Customer', taxes: [tax('10')] },
    subscriptions: [
      bill({
        plan: plan({
          amountMinor: 10_000n,
          charges,
          fixedCharges: [
            fixedCharge({ segments: [{ units: '100', effectiveAt: at('2023-01-01'), createdAt: 0 }] }),
          ],
        }),
        usage: { a: sum('10'), b: sum('20'), c: sum('30'), d: sum('40') },
        history: { subscriptionFeeBilled: true },
      }),
    ],
    progressiveCredits: [
      { subscriptionId: 'subscription', invoiceId: 'early', toCreditMinor: 3000n, chargeIds: ['c'] },
    ],
    coupons: [
      coupon({ id: 'all', amountMinor: 1000n, createdAt: 1 }),
      coupon({ id: 'half', type: 'percentage', percentageRate: '50', metricIds: ['metric-a'], createdAt: 2 }),
    ],
    creditNotes: [{ id: 'note', invoiceId: 'other', currency: 'EUR', balanceMinor: 1000n, createdAt: 0 }],
    wallets: [wallet({ balanceMinor: 100_000n, allowedFeeTypes: ['charge'] })],
  });

  it('totals in their order', () => {
    const result = computeInvoice(facts);
    expect(result.fees.map(({ kind, amountMinor }) => [kind, amountMinor])).toEqual([
      ['subscription', 10_000n],
      ['charge', 1000n],
      ['charge', 2000n],
      ['charge', 3000n],
      ['charge', 4000n],
      ['fixed_charge', 10_000n],
    ]);
    expect(result).toMatchObject({
      feesAmountMinor: 30_000n,
      progressiveBillingCreditAmountMinor: 3000n,
      coupons: [
        { appliedCouponId: 'half', amountMinor: 500n },
        { appliedCouponId: 'all', amountMinor: 1000n },
      ],
      couponsAmountMinor: 1500n,
      subTotalExcludingTaxesMinor: 25_500n,
      taxesAmountMinor: 2550n,
      subTotalIncludingTaxesMinor: 28_050n,
      creditNotesAmountMinor: 1000n,
      prepaidCreditAmountMinor: 6635n,
      prepaidGrantedCreditAmountMinor: null,
      totalAmountMinor: 20_415n,
    });
    const usage = result.fees.filter(({ kind }) => kind === 'charge');
    const total = (value: (fee: FeeResult) => Exact): string =>
      Exact.sum(usage.map(value)).toDecimalString(3);
    expect(total((fee) => Exact.of(fee.amountMinor).sub(fee.preciseCouponsAmountMinor))).toBe('6254.717');
    expect(total((fee) => fee.preciseCreditNotesAmountMinor)).toBe('245.283');
  });

  it('a draft stops after taxes', () => {
    const draft = computeInvoice({ ...facts, stage: 'draft' });
    expect(draft).toMatchObject({
      couponsAmountMinor: 0n,
      subTotalExcludingTaxesMinor: 27_000n,
      creditNotesAmountMinor: 0n,
      prepaidCreditAmountMinor: 0n,
      totalAmountMinor: 29_700n,
    });
  });

  it('the same facts give the same text, read back they give the same invoice', () => {
    const text = canonicalJson(hashableFacts(facts));
    const shuffled = { ...facts, coupons: [...facts.coupons].reverse() };
    expect(canonicalJson(hashableFacts(shuffled))).toBe(text);
    const again = factsFromCanonical(text);
    expect(canonicalJson(computeInvoice(again))).toBe(canonicalJson(computeInvoice(facts)));
  });
});

describe('whatever the facts', () => {
  const amount = fc.bigInt({ min: 0n, max: 1_000_000n });
  const anyCoupon = fc.record({
    type: fc.constantFrom('fixed_amount' as const, 'percentage' as const),
    amountMinor: amount,
    percentageRate: fc.integer({ min: 0, max: 100_00 }).map((n) => Exact.of(n).pow10(-2).toString()),
    limited: fc.constantFrom('no', 'metric-a', 'plan'),
  });
  const facts = fc
    .record({
      units: fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 3, maxLength: 3 }),
      price: amount,
      rates: fc.array(fc.integer({ min: 0, max: 30_000 }), { minLength: 2, maxLength: 2 }),
      coupons: fc.array(anyCoupon, { maxLength: 4 }),
      notes: fc.array(amount, { maxLength: 3 }),
      wallets: fc.array(fc.tuple(amount, fc.boolean()), { maxLength: 3 }),
      early: amount,
    })
    .map(({ units, price, rates, coupons, notes, wallets, early }) => {
      const [first, second] = rates.map((rate) => tax(Exact.of(rate).pow10(-3).toString(), `t${rate}`));
      const charges = ['a', 'b', 'c'].map((id, i) =>
        usageOf(id, { properties: { amount: '0.0153' }, taxes: i === 1 ? [second!] : [] }),
      );
      return invoice({
        customer: { id: 'c', name: 'C', taxes: [first!] },
        subscriptions: [
          bill({
            plan: plan({ amountMinor: price, charges }),
            usage: Object.fromEntries(charges.map(({ id }, i) => [id, sum(String(units[i]))])),
          }),
        ],
        coupons: coupons.map(({ limited, ...part }, i) =>
          coupon({
            ...part,
            id: `${i}`,
            metricIds: limited.startsWith('metric') ? [limited] : [],
            planIds: limited === 'plan' ? ['plan'] : [],
          }),
        ),
        creditNotes: notes.map((balance, i) => note(`${i}`, balance, i)),
        wallets: wallets.map(([balanceMinor, restricted], i) =>
          wallet({ id: `${i}`, balanceMinor, allowedFeeTypes: restricted ? ['charge'] : [] }),
        ),
        progressiveCredits: [
          { subscriptionId: 'subscription', invoiceId: 'early', toCreditMinor: early, chargeIds: ['a', 'b'] },
        ],
      });
    });

  it('the totals add up, no step takes more than there is, and shares stay inside their lines', () =>
    fc.assert(
      fc.property(facts, (given) => {
        const result = computeInvoice(given);
        expect(result.totalAmountMinor).toBe(
          result.feesAmountMinor -
            result.progressiveBillingCreditAmountMinor -
            result.couponsAmountMinor +
            result.taxesAmountMinor -
            result.creditNotesAmountMinor -
            result.prepaidCreditAmountMinor,
        );
        expect(result.subTotalExcludingTaxesMinor >= 0n).toBe(true);
        expect(result.totalAmountMinor >= 0n).toBe(true);
        for (const fee of result.fees) {
          expect(fee.preciseCouponsAmountMinor.lte(fee.amountMinor)).toBe(true);
          expect(fee.preciseCouponsAmountMinor.isNegative()).toBe(false);
        }
        const allocated = Exact.sum(result.fees.map((fee) => fee.preciseCouponsAmountMinor));
        const discounts = result.couponsAmountMinor + result.progressiveBillingCreditAmountMinor;
        expect(allocated.sub(discounts).abs().lte(1)).toBe(true);
        for (const { walletId, amountMinor } of result.walletUses) {
          expect(amountMinor <= given.wallets.find(({ id }) => id === walletId)!.balanceMinor).toBe(true);
        }
      }),
      { numRuns: 200 },
    ));
});
