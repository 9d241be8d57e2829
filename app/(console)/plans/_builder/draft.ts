import type { PricePoint } from '@/components/charts/price-line';
import { exponentOf } from '@/lib/billing/money/currency';
import { Exact } from '@/lib/billing/money/exact';
import { majorToMinorRounded } from '@/lib/billing/money/money';
import { validateProperties } from '@/lib/billing/pricing/fields';
import type { NumberField, StepsField, WorkingRow } from '@/lib/billing/pricing/model';
import { type ChargeModelName, chargeModels, price } from '@/lib/billing/pricing/registry';

/** One step as typed. The lower edge is the step before; the last one is "and above". */
export interface StepDraft {
  key: string;
  /** Empty on the last step. */
  upTo: string;
  /** Price per `per` units, or percent; empty means not typed yet. */
  price: string;
  /** Due once when the step is reached; empty means none. */
  flat: string;
}

export interface PriceDraft {
  key: string;
  metricId: string;
  model: ChargeModelName;
  /** Prices are typed per 1, 1,000 or 1,000,000 units: the switch rewrites the numbers, not the price. */
  per: '1' | '1000' | '1000000';
  /** Numbers of the model by the name of their property. */
  values: Record<string, string>;
  steps: StepDraft[];
  /** The charge of the published version that this price continues. */
  carries: string | null;
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
  model: ChargeModelName;
  properties: Record<string, unknown>;
}

interface Missing {
  missing: string;
}

/** Whether any number of the model is a price per unit, so that "price per 1,000" makes sense. */
export const pricesUnits = (model: ChargeModelName): boolean =>
  chargeModels[model].fields.some(
    (field) => field.kind === 'unit_price' || (field.kind === 'steps' && field.rate.kind === 'unit_price'),
  );

function numberOf(field: NumberField, draft: PriceDraft): string | number | undefined | Missing {
  const text = (draft.values[field.name] ?? '').trim();
  if (text === '' && field.optional) return undefined;
  const value = typedNumber(text);
  if (!value) return { missing: `${field.label}: give a number, zero or more.` };
  if (field.kind === 'unit_price') return value.div(BigInt(draft.per)).toDecimalString(15);
  if (field.kind !== 'count') return value.toDecimalString(15);
  const least = field.atLeast ?? 0;
  return value.isInteger() && !value.lt(least)
    ? Number(value.toString())
    : { missing: `${field.label}: give a whole number${least > 0 ? ` of at least ${least}` : ''}.` };
}

function rangesOf(field: StepsField, draft: PriceDraft): Record<string, unknown>[] | Missing {
  const per = field.rate.kind === 'unit_price' ? BigInt(draft.per) : 1n;
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
    const flat = step.flat.trim() === '' ? Exact.ZERO : typedNumber(step.flat);
    if (!flat) return { missing: 'Give the fee of a step as an amount, or leave it empty.' };
    ranges.push({
      from_value: below.isZero() ? 0 : Number(below.add(1).toString()),
      to_value: upTo ? Number(upTo.toString()) : null,
      [field.rate.name]: rate.div(per).toDecimalString(15),
      flat_amount: flat.toDecimalString(15),
    });
    below = upTo ?? below;
  }
  return ranges;
}

const isMissing = (value: unknown): value is Missing =>
  typeof value === 'object' && value !== null && 'missing' in value;

/** The price as the engine takes it, or what is still missing in words. */
export function termsOf(draft: PriceDraft): ChargeTerms | Missing {
  const model = chargeModels[draft.model];
  const properties: Record<string, unknown> = {};
  for (const field of model.fields) {
    const value = field.kind === 'steps' ? rangesOf(field, draft) : numberOf(field, draft);
    if (isMissing(value)) return value;
    if (value !== undefined) properties[field.name] = value;
  }
  const [wrong] = Object.keys(validateProperties(model, properties));
  if (wrong === undefined) return { model: draft.model, properties };
  const label = model.fields.find(({ name }) => name === wrong)?.label ?? wrong;
  return { missing: `${label} does not fit the other numbers.` };
}

export interface PricedUse {
  amountMinor: bigint;
  rows: WorkingRow[];
}

/** A calculator need not walk more events than this one by one. */
const MOST_EVENTS = 10_000;

/**
 * What so many units cost, by the engine itself; null while the price is not complete, or follows from more events than
 * can be tried here. Prices that look at single events are shown for `events` equal ones.
 */
export function priceOf(draft: PriceDraft, units: string, currency: string, events = 1): PricedUse | null {
  const terms = termsOf(draft);
  const count = typedNumber(units);
  if ('missing' in terms || !count || events > MOST_EVENTS) return null;
  const each = count.div(Math.max(1, events));
  const single = { timestamp: 0, units: each, prorated: each };
  const result = price(terms.model, {
    units: count,
    eventsCount: events,
    perEvent: Array.from({ length: events }, () => single),
    properties: terms.properties,
    currencyExponent: exponentOf(currency),
  });
  return { amountMinor: majorToMinorRounded(result.amountMajor, currency), rows: result.working };
}

const SAMPLES = 48;

/** The whole bill at some points of one meter's use, others as they stand: for drawing only. */
export function curveOf(
  draft: PriceDraft,
  currency: string,
  restMinor: bigint,
  most: number,
  events = 1,
): { points: PricePoint[]; kinks: number[] } {
  const stepped = chargeModels[draft.model].fields.some(({ kind }) => kind === 'steps');
  const kinks = stepped
    ? draft.steps.flatMap(({ upTo }) => Number(typedNumber(upTo)?.toString() ?? 0) || [])
    : [];
  // Straight between its steps, or climbing in jumps that only many points show.
  const straight = draft.model === 'standard' || draft.model === 'graduated';
  const between = straight
    ? kinks.filter((kink) => kink < most)
    : Array.from({ length: SAMPLES - 1 }, (_, i) => Math.round((most * (i + 1)) / SAMPLES));
  const units = [...new Set([0, ...between, most])];
  const digits = 10 ** exponentOf(currency);
  const points = units.flatMap((count) => {
    const priced = priceOf(draft, String(count), currency, events);
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
