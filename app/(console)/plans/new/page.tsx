import type { Metadata } from 'next';
import { formatAmount } from '@/components/format-amount';
import { holds, whoMay } from '@/lib/auth/rights';
import { exponentOf } from '@/lib/billing/money/currency';
import { Exact } from '@/lib/billing/money/exact';
import { formatQuantity } from '@/lib/billing/money/format';
import { localDate } from '@/lib/billing/periods/zone';
import type { StepsField } from '@/lib/billing/pricing/model';
import { decimalOf } from '@/lib/billing/pricing/properties';
import { chargeModels } from '@/lib/billing/pricing/registry';
import {
  metersToPrice,
  type PlanCard,
  type PlanPrice,
  planCards,
  planCurrencies,
} from '@/lib/queries/console/plans';
import { only } from '../../_list/address';
import { reading } from '../../_reading/tenant';
import { NotYours } from '../../_shell/not-yours';
import { Builder } from '../_builder/builder';
import { type PlanDraft, type PriceDraft, pricesUnits } from '../_builder/draft';

export const metadata: Metadata = { title: 'New plan' };

interface NewPlanProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function NewPlanPage({ searchParams }: NewPlanProps) {
  const from = only((await searchParams).from);
  const { person, now, meters, currencies, plan } = await reading(async (read) => ({
    person: read.person,
    now: read.now,
    meters: await metersToPrice(read.tx, read.organizationId),
    currencies: await planCurrencies(read.tx, read.organizationId),
    plan: from ? (await planCards(read.tx, read.organizationId, read.now, from))[0] : undefined,
  }));
  if (!holds(person.roles, 'plans.draft'))
    return <NotYours title="New plan" person={person} right="plans.draft" />;
  return (
    <Builder
      key={plan?.code ?? 'new'}
      initial={plan ? draftOf(plan) : emptyDraft(currencies.usual)}
      meters={meters}
      currencies={currencies.all}
      existing={
        plan
          ? {
              version: plan.version,
              customers: plan.customers,
              interval: plan.interval,
              kept: keptParts(plan),
            }
          : null
      }
      publishedBy={holds(person.roles, 'plans.publish') ? null : whoMay('plans.publish')}
      today={localDate(now, person.timezone)}
      timezone={person.timezone}
    />
  );
}

function emptyDraft(currency: string): PlanDraft {
  return {
    name: '',
    code: '',
    codeTouched: false,
    currency,
    interval: 'monthly',
    amountMinor: null,
    payInAdvance: true,
    trialDays: '0',
    prices: [],
  };
}

function draftOf(plan: PlanCard): PlanDraft {
  return {
    name: plan.name,
    code: plan.code,
    codeTouched: true,
    currency: plan.currency,
    interval: plan.interval === 'yearly' ? 'yearly' : 'monthly',
    amountMinor: plan.amountMinor,
    payInAdvance: plan.payInAdvance,
    trialDays: plan.trialDays ? formatQuantity(plan.trialDays) : '0',
    prices: plan.prices.map((price) => priceDraft(price, plan.currency)),
  };
}

/** What a new version takes over without being shown in the form. */
function keptParts({ minimumMinor, currency, fixedCharges, thresholds }: PlanCard): string[] {
  const counted = (count: number, one: string) =>
    count === 0 ? [] : [count === 1 ? `one ${one}` : `${count} ${one}s`];
  return [
    ...(minimumMinor === null ? [] : [`the minimum of ${formatAmount(BigInt(minimumMinor), currency)}`]),
    ...counted(fixedCharges, 'fixed charge'),
    ...counted(thresholds, 'early-bill threshold'),
  ];
}

/** Prices below a cent are typed per 1,000, as people compare them. */
function priceDraft(price: PlanPrice, currency: string): PriceDraft {
  const cent = Exact.ONE.pow10(-exponentOf(currency));
  const { fields } = chargeModels[price.model];
  const steps = fields.flatMap((field) => (field.kind === 'steps' ? stepsIn(field, price.properties) : []));
  const unitPrices = [
    ...fields.flatMap((field) =>
      field.kind === 'unit_price' ? [decimalOf(price.properties[field.name])] : [],
    ),
    ...steps.map(({ rate }) => rate),
  ].flatMap((rate) => (rate?.isPositive() ? [rate] : []));
  const byUnit = pricesUnits(price.model);
  const per = byUnit && unitPrices.some((rate) => rate.lt(cent)) ? '1000' : '1';
  const written = (rate: Exact) => rate.mul(BigInt(per)).toDecimalString(12);
  return {
    key: price.id,
    metricId: price.metricId,
    model: price.model,
    carries: price.id,
    per,
    values: Object.fromEntries(
      fields.flatMap((field) => {
        const value = field.kind === 'steps' ? null : decimalOf(price.properties[field.name]);
        if (!value) return [];
        return [[field.name, field.kind === 'unit_price' ? written(value) : value.toString()]];
      }),
    ),
    steps:
      steps.length > 0
        ? steps.map(({ to, rate, flat }, index) => ({
            key: `${price.id}${index}`,
            upTo: to ? formatQuantity(to) : '',
            price: rate ? written(rate) : '',
            flat: flat?.isPositive() ? flat.toString() : '',
          }))
        : [{ key: `${price.id}0`, upTo: '', price: '', flat: '' }],
  };
}

function stepsIn({ name, rate }: StepsField, properties: Record<string, unknown>) {
  const ranges = properties[name];
  return (Array.isArray(ranges) ? (ranges as Record<string, unknown>[]) : []).map((range) => ({
    to: decimalOf(range.to_value),
    rate: decimalOf(range[rate.name]),
    flat: decimalOf(range.flat_amount),
  }));
}
