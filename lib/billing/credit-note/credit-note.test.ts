import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { settleFees } from '../invoice/compute.ts';
import { coupon, invoice, tax } from '../invoice/testing/facts-builder.ts';
import { feesWorth } from '../invoice/testing/lines.ts';
import { Exact } from '../money/exact.ts';
import { computeCreditNote, proRataItems } from './compute-credit-note.ts';
import { creditNoteErrors, maxCreditable, maxOffsettable, maxRefundable } from './limits.ts';
import type { CreditableFee, CreditableInvoice, EarlierNote } from './note.ts';
import { type TerminationFacts, terminationCredit } from './termination-credit.ts';

const at = (iso: string): number => Date.parse(iso);
const endOf = (day: string): number => at(day) + 86_399_999;

const fee = (
  id: string,
  amountMinor: bigint,
  rate: string | null,
  part: Partial<CreditableFee> = {},
): CreditableFee => ({
  id,
  amountMinor,
  taxesAmountMinor: rate === null ? 0n : Exact.of(amountMinor).mul(Exact.of(rate)).pow10(-2).roundToBigInt(),
  preciseCouponsAmountMinor: Exact.ZERO,
  taxes: rate === null ? [] : [tax(rate)],
  ...part,
});

function creditable(fees: CreditableFee[], part: Partial<CreditableInvoice> = {}): CreditableInvoice {
  const totalAmountMinor = fees.reduce((sum, own) => sum + own.amountMinor + own.taxesAmountMinor, 0n);
  return {
    isPrepaid: false,
    isDraft: false,
    totalAmountMinor,
    totalPaidMinor: 0n,
    totalDueMinor: totalAmountMinor,
    fees,
    notes: [],
    ...part,
  };
}
const item = (feeId: string, amount: bigint | string) => ({ feeId, preciseAmountMinor: Exact.of(amount) });

describe('unused days (4.4)', () => {
  const facts = (
    rate: string,
    part: Partial<TerminationFacts> & { amountMinor?: bigint } = {},
  ): TerminationFacts => {
    const { amountMinor = part.planAmountMinor ?? 5000n, ...own } = part;
    return {
      interval: 'monthly',
      billingTime: 'calendar',
      anchor: at('2023-02-08'),
      timezone: 'UTC',
      terminatedAt: at('2023-02-08T05:00:00Z'),
      trialEndsAt: null,
      upgraded: false,
      planAmountMinor: 5000n,
      feeId: 'fee',
      feeFrom: at('2023-02-08'),
      feeTo: endOf('2023-02-28'),
      invoice: creditable([fee('fee', amountMinor, rate)]),
      ...own,
    };
  };
  const june = (planAmountMinor: bigint): Partial<TerminationFacts> => ({
    planAmountMinor,
    anchor: at('2023-06-01'),
    terminatedAt: at('2023-06-01T12:00:00Z'),
    feeFrom: at('2023-06-01'),
    feeTo: endOf('2023-06-30'),
  });

  it.each([
    [
      'a price set by hand pays the 21 days of its line, not a whole month',
      facts('20', { planAmountMinor: null, amountMinor: 4200n }),
      4000n,
      800n,
      4800n,
    ],
    ['5000 @20 %, 20 of 28 days', facts('20', { amountMinor: 3750n }), 3571n, 714n, 4285n],
    [
      'in Los Angeles it is still the 7th: 21 days',
      facts('20', {
        amountMinor: 3929n,
        timezone: 'America/Los_Angeles',
        feeFrom: at('2023-02-07T08:00:00Z'),
        feeTo: at('2023-03-01T08:00:00Z') - 1,
      }),
      3750n,
      750n,
      4500n,
    ],
    ['20 000 @25 %: a naive total says 24 167', facts('25', june(20_000n)), 19_333n, 4833n, 24_166n],
    ['16 000 @25 %: a naive total says 19 333', facts('25', june(16_000n)), 15_467n, 3867n, 19_334n],
    [
      'weekly 2999 @23.33 %',
      facts('23.33', {
        planAmountMinor: 2999n,
        interval: 'weekly',
        anchor: at('2023-06-05'),
        terminatedAt: at('2023-06-05T12:00:00Z'),
        feeFrom: at('2023-06-05'),
        feeTo: endOf('2023-06-11'),
      }),
      2571n,
      600n,
      3171n,
    ],
  ] as const)('%s', (_, given, subTotal, taxes, total) =>
    expect(terminationCredit(given, 'credit')).toMatchObject({
      subTotalExcludingTaxesMinor: subTotal,
      taxesMinor: taxes,
      totalMinor: total,
      creditMinor: total,
    }),
  );

  it.each([
    [1000n, '2024-03-05', 871n, 806n],
    [1500n, '2024-03-12', 968n, 1210n],
  ] as const)(
    'an upgrade on 12 March gives back its day too: %s',
    (planAmountMinor, from, amountMinor, total) =>
      expect(
        terminationCredit(
          facts('25', {
            planAmountMinor,
            amountMinor,
            anchor: at('2024-03-05'),
            terminatedAt: at('2024-03-12T10:00:00Z'),
            upgraded: true,
            feeFrom: at(from),
            feeTo: endOf('2024-03-31'),
          }),
          'credit',
        )?.totalMinor,
      ).toBe(total),
  );

  it('trial days are not given back, and nothing is when the trial outlasts the period', () => {
    const trial = (day: string) =>
      terminationCredit(
        facts('0', { amountMinor: 2500n, planAmountMinor: 2800n, trialEndsAt: at(day) }),
        'credit',
      )?.totalMinor;
    expect(trial('2023-02-19')).toBe(1000n);
    expect(trial('2023-03-05')).toBeUndefined();
  });

  it('gives back no more than is left of the fee', () => {
    const given = facts('20', { amountMinor: 3750n });
    const first = terminationCredit(given, 'credit')!;
    expect(
      terminationCredit({ ...given, invoice: { ...given.invoice, notes: [first] } }, 'credit'),
    ).toBeNull();
  });
});

describe('how unused days are given back (11.6)', () => {
  const facts = (totalPaidMinor: bigint): TerminationFacts => ({
    interval: 'monthly',
    billingTime: 'calendar',
    anchor: at('2022-10-01'),
    timezone: 'UTC',
    terminatedAt: at('2022-10-15T12:00:00Z'),
    trialEndsAt: null,
    upgraded: false,
    planAmountMinor: 3100n,
    feeId: 'fee',
    feeFrom: at('2022-10-01'),
    feeTo: endOf('2022-10-31'),
    invoice: creditable([fee('fee', 3100n, '20'), fee('other', 3100n, '20')], { totalPaidMinor }),
  });
  it.each([
    ['credit', 5580n, [1920n, 0n, 0n]],
    ['refund', 5580n, [930n, 990n, 0n]],
    ['offset', 5580n, [0n, 990n, 930n]],
    ['refund', 0n, [1920n, 0n, 0n]],
    ['offset', 0n, [0n, 0n, 1920n]],
  ] as const)('%s with %s paid', (choice, paid, expected) => {
    const note = terminationCredit(facts(paid), choice)!;
    expect([note.creditMinor, note.refundMinor, note.offsetMinor]).toEqual(expected);
  });
});

describe('amounts (11.3)', () => {
  it('the last note takes back what the first was rounded up: 8200, then 8199', () => {
    const whole = creditable([fee('a', 6833n, '20'), fee('b', 6833n, '20')]);
    const first = computeCreditNote({ invoice: whole, items: [item('a', 6833n)], amounts: 'credit' });
    expect(first).toMatchObject({ taxesMinor: 1367n, totalMinor: 8200n });
    const second = computeCreditNote({
      invoice: { ...whole, notes: [first] },
      items: [item('b', 6833n)],
      amounts: 'credit',
    });
    expect(second).toMatchObject({ taxesMinor: 1366n, totalMinor: 8199n });
  });

  it('the cent goes to credit, or to the refund when nothing is credited', () => {
    const facts = creditable([fee('a', 20_000n, '25')]);
    const items = [item('a', '19333.33333')];
    const amounts = (creditMinor: bigint, refundMinor: bigint) =>
      computeCreditNote({ invoice: facts, items, amounts: { creditMinor, refundMinor, offsetMinor: 0n } });
    expect(amounts(20_000n, 4167n)).toMatchObject({
      creditMinor: 19_999n,
      refundMinor: 4167n,
      totalMinor: 24_166n,
    });
    expect(amounts(0n, 24_167n)).toMatchObject({ creditMinor: 0n, refundMinor: 24_166n });
  });

  it('weighs rates by what they are taken on', () => {
    const facts = creditable([fee('a', 1000n, '10'), fee('b', 3000n, '20')]);
    const note = computeCreditNote({
      invoice: facts,
      items: [item('a', 1000n), item('b', 3000n)],
      amounts: 'credit',
    });
    expect(note.taxesRate.toString()).toBe('17.5');
  });

  it('shows the rate itself where there is one tax, however the base is rounded', () => {
    const note = computeCreditNote({
      invoice: creditable([fee('a', 10_000n, '20')]),
      items: [item('a', '7201.5')],
      amounts: 'credit',
    });
    expect(note.taxesRate.toString()).toBe('20');
  });
});

describe('limits (11.2)', () => {
  const facts = creditable([fee('a', 1000n, '20', { preciseCouponsAmountMinor: Exact.of(100) })], {
    totalAmountMinor: 1080n,
    totalPaidMinor: 300n,
    totalDueMinor: 780n,
  });
  const amounts = (part: Partial<Record<'creditMinor' | 'refundMinor' | 'offsetMinor', bigint>>) => ({
    creditMinor: 0n,
    refundMinor: 0n,
    offsetMinor: 0n,
    ...part,
  });

  it('what is left, what was paid, what is due', () => {
    expect([maxCreditable(facts), maxRefundable(facts), maxOffsettable(facts)]).toEqual([1080n, 300n, 780n]);
    expect([
      maxCreditable({ ...facts, isPrepaid: true }),
      maxRefundable({ ...facts, isDraft: true }),
    ]).toEqual([0n, 0n]);
  });

  it.each([
    ['fine', [item('a', 1000n)], { creditMinor: 1080n }, {}],
    ['a cent off', [item('a', 1000n)], { creditMinor: 1081n }, {}],
    [
      'too much of a line',
      [item('a', 1001n)],
      { creditMinor: 1081n },
      { amount_cents: ['higher_than_remaining_fee_amount'] },
    ],
    ['nothing', [item('a', 0n)], {}, { base: ['total_amount_must_be_positive'] }],
    [
      'not what the items say',
      [item('a', 500n)],
      { creditMinor: 300n },
      { base: ['does_not_match_item_amounts'] },
    ],
    [
      'more than was paid',
      [item('a', 500n)],
      { refundMinor: 540n },
      { refund_amount_cents: ['higher_than_remaining_invoice_amount'] },
    ],
    [
      'more than is due',
      [item('a', 1000n)],
      { offsetMinor: 1080n },
      { offset_amount_cents: ['higher_than_remaining_invoice_amount'] },
    ],
  ] as const)('%s', (_, items, part, expected) =>
    expect(creditNoteErrors(facts, items, amounts(part))).toEqual(expected),
  );

  it('a bought credit is refunded or offset whole, never credited', () => {
    const bought = creditable([fee('a', 1000n, null)], { isPrepaid: true });
    expect(creditNoteErrors(bought, [item('a', 1000n)], amounts({ creditMinor: 1000n }))).toEqual({
      credit_amount_cents: ['cannot_credit_invoice'],
    });
    expect(creditNoteErrors(bought, [item('a', 500n)], amounts({ offsetMinor: 500n }))).toEqual({
      offset_amount_cents: ['not_equal_to_total_amount'],
    });
    expect(creditNoteErrors(bought, [item('a', 1000n)], amounts({ refundMinor: 1000n }))).toEqual({
      refund_amount_cents: ['cannot_refund_unpaid_invoice'],
    });
  });
});

describe('giving everything back nets to zero', () => {
  const line = fc.bigInt({ min: 1n, max: 100_000n });
  it('in any number of notes, with coupons and taxes', () =>
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 0, max: 3000 }),
        fc.bigInt({ min: 0n, max: 50_000n }),
        fc.integer({ min: 1, max: 4 }),
        (lines, rate, discount, parts) => {
          const issued = settleFees(
            invoice({
              entityTaxes: [tax(Exact.of(rate).pow10(-2).toString())],
              coupons: [coupon({ amountMinor: discount })],
            }),
            feesWorth(...lines).map((own, i) => ({ ...own, key: `${i}`, id: `${i}` })),
          );
          const fees: CreditableFee[] = issued.fees.map((own) => ({
            ...own,
            id: own.key,
            taxes: own.taxes.map((taken) => taken.tax),
          }));
          const whole = creditable(fees, { totalAmountMinor: issued.totalAmountMinor });
          const notes: EarlierNote[] = [];
          const cut = Math.ceil(fees.length / parts);
          for (let i = 0; i < fees.length; i += cut) {
            const items = fees.slice(i, i + cut).map((own) => item(own.id, own.amountMinor));
            notes.push(computeCreditNote({ invoice: { ...whole, notes }, items, amounts: 'credit' }));
          }
          expect(notes.reduce((sum, note) => sum + note.creditMinor, 0n)).toBe(issued.totalAmountMinor);
          expect(maxCreditable({ ...whole, notes })).toBe(0n);
        },
      ),
      // The tax of the whole is 51,517.5 cents: a half that the notes' own decimals would miss.
      { examples: [[[76_539n, 16_207n, 2_754n, 51_528n, 74_694n], 3000, 49_997n, 2]] },
    ));

  it('an amount is spread over what is left', () => {
    const facts = creditable([fee('a', 600n, '20'), fee('b', 400n, '20')]);
    const items = proRataItems(facts, { totalMinor: 600n });
    expect(computeCreditNote({ invoice: facts, items, amounts: 'credit' })).toMatchObject({
      totalMinor: 600n,
      items: [{ amountMinor: 300n }, { amountMinor: 200n }],
    });
    expect(
      proRataItems(facts, { subTotalMinor: 100n }).map((own) => own.preciseAmountMinor.toString()),
    ).toEqual(['60', '40']);
  });
});
