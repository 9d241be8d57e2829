import type { PricePoint } from '@/components/charts/price-line';
import { exponentOf } from '@/lib/billing/money/currency';
import { Exact } from '@/lib/billing/money/exact';
import { majorToMinorRounded } from '@/lib/billing/money/money';
import type { WorkingRow } from '@/lib/billing/pricing/model';
import { price } from '@/lib/billing/pricing/registry';

/** One step as typed. The lower edge is the step before; the last one is "and above". */
export interface StepDraft {
  key: string;
  /** Empty on the last step. */
  upTo: string;
  /** Price per `per` units; empty means not typed yet. */
  price: string;
}

export interface PriceDraft {
  key: string;
  metricId: string;
  model: 'standard' | 'graduated';
  /** Prices are typed per 1, 1,000 or 1,000,000 units: the switch rewrites the numbers, not the price. */
  per: '1' | '1000' | '1000000';
  amount: string;
  steps: StepDraft[];
}

export interface PlanDraft {
  name: string;
  code: string;
  codeTouched: boolean;
  currency: string;
  interval: 'monthly' | 'yearly';
  amountMinor: string | null;
  payInAdvance: boolean;
  trialDays: string;
  prices: PriceDraft[];
}

/** A number as people type it: "2,500", "2 500", "18.00". Null when it is not one or is below zero. */
export function typedNumber(text: string): Exact | null {
  const plain = text
    .trim()
    .replace(/[\s,_](?=\d{3}(\D|$))/g, '')
    .replace(/^[^\d.\-\u2212]+/, '');
  const value = Exact.parse(plain);
  return value && !value.isNegative() ? value : null;
}

/** Writes a price per so many units for another number of units: the price stays, the digits change. */
export function rescaled(text: string, from: PriceDraft['per'], to: PriceDraft['per']): string {
  const value = typedNumber(text);
  return value ? value.mul(BigInt(to)).div(BigInt(from)).toDecimalString(12) : text;
}

export interface ChargeTerms {
  model: 'standard' | 'graduated';
  properties: Record<string, unknown>;
}

/** The price as the engine takes it, or what is still missing in words. */
export function termsOf(draft: PriceDraft): ChargeTerms | { missing: string } {
  const per = BigInt(draft.per);
  if (draft.model === 'standard') {
    const amount = typedNumber(draft.amount);
    return amount
      ? { model: 'standard', properties: { amount: amount.div(per).toDecimalString(15) } }
      : { missing: 'Give a price.' };
  }
  const ranges: Record<string, unknown>[] = [];
  let below = Exact.ZERO;
  for (const [index, step] of draft.steps.entries()) {
    const last = index === draft.steps.length - 1;
    const rate = typedNumber(step.price);
    if (!rate) return { missing: 'Give each step a price; zero means included.' };
    const upTo = last ? null : typedNumber(step.upTo);
    if (!last && (!upTo?.isInteger() || upTo.lte(below))) {
      return { missing: 'Each step must end above the one before it.' };
    }
    ranges.push({
      from_value: below.isZero() ? 0 : Number(below.add(1).toString()),
      to_value: upTo ? Number(upTo.toString()) : null,
      per_unit_amount: rate.div(per).toDecimalString(15),
      flat_amount: '0',
    });
    below = upTo ?? below;
  }
  return { model: 'graduated', properties: { graduated_ranges: ranges } };
}

export interface PricedUse {
  amountMinor: bigint;
  rows: WorkingRow[];
}

/** What so many units cost, by the engine itself; null while the price is not complete. */
export function priceOf(draft: PriceDraft, units: string, currency: string): PricedUse | null {
  const terms = termsOf(draft);
  const count = typedNumber(units);
  if ('missing' in terms || !count) return null;
  const result = price(terms.model, {
    units: count,
    eventsCount: 0,
    properties: terms.properties,
    currencyExponent: exponentOf(currency),
  });
  return { amountMinor: majorToMinorRounded(result.amountMajor, currency), rows: result.working };
}

/** The whole bill at some points of one meter's use, others as they stand: for drawing only. */
export function curveOf(
  draft: PriceDraft,
  currency: string,
  restMinor: bigint,
  most: number,
): { points: PricePoint[]; kinks: number[] } {
  const kinks =
    draft.model === 'graduated'
      ? draft.steps.flatMap(({ upTo }) => Number(typedNumber(upTo)?.toString() ?? 0) || [])
      : [];
  const units = [0, ...kinks.filter((kink) => kink < most), most];
  const digits = 10 ** exponentOf(currency);
  const points = units.flatMap((count) => {
    const priced = priceOf(draft, String(count), currency);
    return priced ? [{ units: count, bill: Number(priced.amountMinor + restMinor) / digits }] : [];
  });
  return { points, kinks };
}

/** A code made from the name: small letters, digits and dashes. */
export const codeFrom = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 48);
