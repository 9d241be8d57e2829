import type { Metadata } from 'next';
import { tiersIn } from '@/components/features/price-words';
import { holds, whoMay } from '@/lib/auth/rights';
import { exponentOf } from '@/lib/billing/money/currency';
import { Exact } from '@/lib/billing/money/exact';
import { formatQuantity } from '@/lib/billing/money/format';
import { localDate } from '@/lib/billing/periods/zone';
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
import type { PlanDraft, PriceDraft } from '../_builder/draft';

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
      existing={plan ? { version: plan.version, customers: plan.customers, interval: plan.interval } : null}
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
    prices: plan.prices
      .filter(({ model }) => model === 'standard' || model === 'graduated')
      .map((price) => priceDraft(price, plan.currency)),
  };
}

/** Prices below a cent are typed per 1,000, as people compare them. */
function priceDraft(price: PlanPrice, currency: string): PriceDraft {
  const cent = Exact.ONE.pow10(-exponentOf(currency));
  const tiers = tiersIn(price.properties);
  const amount = typeof price.properties.amount === 'string' ? Exact.parse(price.properties.amount) : null;
  const rates = [...tiers.map(({ rate }) => rate), ...(amount ? [amount] : [])].filter((rate) =>
    rate.isPositive(),
  );
  const per = rates.some((rate) => rate.lt(cent)) ? '1000' : '1';
  const written = (rate: Exact) => rate.mul(BigInt(per)).toDecimalString(12);
  return {
    key: price.id,
    metricId: price.metricId,
    model: price.model === 'graduated' ? 'graduated' : 'standard',
    per,
    amount: amount ? written(amount) : '',
    steps:
      tiers.length > 0
        ? tiers.map((tier, index) => ({
            key: `${price.id}${index}`,
            upTo: tier.to ? formatQuantity(tier.to) : '',
            price: written(tier.rate),
          }))
        : [{ key: `${price.id}0`, upTo: '', price: '' }],
  };
}
