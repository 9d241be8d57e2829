'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { periodWords } from '@/components/features/period-words';
import { formatAmount } from '@/components/format-amount';
import { Button } from '@/components/ui/button';
import { ChoiceCards } from '@/components/ui/choice';
import { TextField } from '@/components/ui/field';
import { SearchIcon } from '@/components/ui/icons';
import { Skeleton } from '@/components/ui/waiting';
import type { StartablePlan } from '@/lib/queries/console/customer';
import type { ActFacts } from './types';

/** From here on a search field stands over the plans. */
const MANY = 6;

interface Found {
  plans: StartablePlan[];
  more: boolean;
}

async function askPlans(words: string, currency: string | null, signal: AbortSignal): Promise<Found> {
  const asked = new URLSearchParams({ q: words, ...(currency && { currency }) });
  const answer = await fetch(`/api/console/plans?${asked}`, { signal });
  if (!answer.ok) throw new Error(`The plans answered ${answer.status}`);
  return answer.json();
}

/** The live plans, found by words, each with its price; one in a currency they do not pay in says so and stays shut. */
export function PlanSearch({
  facts,
  plan,
  onPlan,
}: {
  facts: ActFacts;
  plan: StartablePlan | null;
  onPlan: (plan: StartablePlan) => void;
}) {
  const [words, setWords] = useState('');
  const sought = useDeferredValue(words.trim());
  const currency = facts.currencySettled ? facts.currency : null;
  const query = useQuery({
    queryKey: ['plans-to-start', currency, sought],
    queryFn: ({ signal }) => askPlans(sought, currency, signal),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    refetchOnWindowFocus: false,
  });
  if (query.isPending) return <Skeleton className="h-24 w-full" />;
  if (query.isError) {
    return (
      <div role="alert" className="flex items-center gap-3 text-text-2">
        The plans could not be read.
        <Button size="sm" onClick={() => void query.refetch()}>
          Try again
        </Button>
      </div>
    );
  }
  const { plans, more } = query.data;
  if (plans.length === 0 && sought === '') {
    return <p className="text-text-2">No plan is live yet. Publish one under Plans first.</p>;
  }
  const chosenUnseen = plan !== null && !plans.some(({ code }) => code === plan.code);
  const shown = chosenUnseen ? [plan, ...plans] : plans;
  return (
    <div className="space-y-2">
      {(plans.length > MANY || words !== '') && (
        <TextField
          type="search"
          aria-label="Find a plan"
          placeholder="Find a plan by its name or code"
          before={<SearchIcon small />}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
      )}
      <ChoiceCards
        label="Plan"
        className={shown.length > MANY ? '-m-0.5 max-h-62 overflow-y-auto p-0.5' : undefined}
        options={shown.map((choice) => ({
          value: choice.code,
          label: choice.name,
          figure: formatAmount(BigInt(choice.amountMinor), choice.currency),
          detail: clash(choice, currency) ?? priceWords(choice),
          notAllowed: clash(choice, currency),
        }))}
        value={plan?.code ?? null}
        onChange={(code) => {
          const found = shown.find((choice) => choice.code === code);
          if (found) onPlan(found);
        }}
      />
      <p aria-live="polite" className="text-xs text-text-3 empty:hidden">
        {plans.length === 0 && `No live plan has “${sought}” in its name or code.`}
        {more && 'There are more. Find one by its name.'}
      </p>
    </div>
  );
}

const clash = (plan: StartablePlan, currency: string | null): string | undefined =>
  currency !== null && plan.currency !== currency
    ? `In ${plan.currency}; they pay in ${currency}`
    : undefined;

function priceWords({ interval, meters, trialDays }: StartablePlan): string {
  const free = Number(trialDays);
  return [
    `${periodWords(interval)}${meters > 0 ? ' plus use' : ''}`,
    free > 0 && `${free} ${free === 1 ? 'day' : 'days'} free`,
  ]
    .filter(Boolean)
    .join(', ');
}
