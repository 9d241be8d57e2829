import type { Metadata } from 'next';
import Link from 'next/link';
import { periodWords } from '@/components/features/period-words';
import { priceWords, unitWords } from '@/components/features/price-words';
import { formatAmount } from '@/components/format-amount';
import { PageColumn, PageMain } from '@/components/shell/shell';
import { TopBar } from '@/components/shell/top-bar';
import { ButtonLink } from '@/components/ui/button';
import { PlusIcon } from '@/components/ui/icons';
import { Tag } from '@/components/ui/state';
import { EmptyState } from '@/components/ui/waiting';
import { holds } from '@/lib/auth/rights';
import { type PlanCard, planCards } from '@/lib/queries/console/plans';
import { reading } from '../_reading/tenant';

export const metadata: Metadata = { title: 'Plans' };

export default async function PlansPage() {
  const { plans, person } = await reading(async ({ tx, organizationId, now, person }) => ({
    plans: await planCards(tx, organizationId, now),
    person,
  }));
  const open = plans.filter(({ retiredAt }) => retiredAt === null);
  const customers = open.reduce((sum, plan) => sum + plan.customers, 0);
  const mayDraft = holds(person.roles, 'plans.draft');
  return (
    <PageColumn>
      <TopBar title="Plans" count={plans.length} />
      <PageMain>
        {plans.length === 0 ? (
          <EmptyState
            title="No plans yet"
            actions={
              mayDraft && (
                <ButtonLink href="/plans/new" tone="act">
                  Make the first plan
                </ButtonLink>
              )
            }
          >
            A plan says what a month or a year costs and what use is priced at. A calculator beside the form
            shows what a customer would pay.
          </EmptyState>
        ) : (
          <>
            <div className="flex items-start gap-4">
              <p className="max-w-160 text-base text-pretty text-text-2">
                {open.length === 1 ? 'One plan is' : `${open.length} plans are`} open to new customers,{' '}
                {customers === 1 ? 'one customer is' : `${customers} customers are`} on them. Changing a price
                makes a new version; customers stay where they are until someone moves them.
              </p>
              {mayDraft && (
                <ButtonLink href="/plans/new" icon={<PlusIcon small />} className="ml-auto max-md:hidden">
                  New plan
                </ButtonLink>
              )}
            </div>
            <ul className="mt-5 grid gap-4 @2xl:grid-cols-2 @5xl:grid-cols-3">
              {plans.map((plan) => (
                <PlanCardItem key={plan.id} plan={plan} />
              ))}
            </ul>
          </>
        )}
      </PageMain>
    </PageColumn>
  );
}

function PlanCardItem({ plan }: { plan: PlanCard }) {
  const retired = plan.retiredAt !== null;
  return (
    <li className="card relative flex flex-col p-4 hover:border-line-strong">
      <div className="flex items-baseline gap-2">
        <h2 className="min-w-0 flex-1 truncate">
          <Link href={`/plans/${plan.code}`} className="after:absolute after:inset-0 after:rounded-[10px]">
            {plan.name}
          </Link>
        </h2>
        {retired ? (
          <Tag>Closed to new</Tag>
        ) : (
          <span className="text-xs text-text-3">version {plan.version}</span>
        )}
      </div>
      <p className="mt-1">
        <span className="num text-lg font-semibold tracking-tight">
          {formatAmount(BigInt(plan.amountMinor), plan.currency)}
        </span>{' '}
        <span className="text-text-2">{periodWords(plan.interval)}</span>
      </p>
      <ul className="mt-3 flex-1 text-text-2">
        {plan.prices.slice(0, 3).map((price) => (
          <li key={price.id} className="border-t border-hair py-1.5 text-pretty">
            <span className="text-text">{price.name}</span>:{' '}
            {priceWords(price.model, price.properties, plan.currency, unitWords(price.unitName, price.name))}
          </li>
        ))}
        {plan.prices.length > 3 && (
          <li className="border-t border-hair py-1.5">and {plan.prices.length - 3} more usage prices</li>
        )}
        {plan.prices.length === 0 && <li className="border-t border-hair py-1.5">No usage price</li>}
      </ul>
      <p className="num mt-2 flex gap-3 border-t border-line pt-2.5 text-xs text-text-2">
        <span className="flex-1">
          {plan.customers === 1 ? '1 customer' : `${plan.customers} customers`}
          {plan.trying > 0 && `, ${plan.trying} trying`}
          {plan.onOldVersions > 0 && `, ${plan.onOldVersions} on older versions`}
        </span>
        <span>MRR {formatAmount(BigInt(plan.mrrMinor), plan.currency)}</span>
      </p>
    </li>
  );
}
