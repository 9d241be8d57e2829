'use client';

import { formatDay, zonePlace } from '@/components/format-date';
import { ChoiceCards } from '@/components/ui/choice';
import { DateField } from '@/components/ui/date-field';
import { TextField } from '@/components/ui/field';
import { addDays } from '@/lib/billing/periods/calendar';
import type { PreviewResult } from '@/lib/commands/preview/types';
import type { StartablePlan } from '@/lib/queries/console/customer';
import { ActForm } from './act-form';
import { useActs } from './acts-context';
import { PlanSearch } from './plan-search';
import { billingWords, standingWords, trialWords } from './start-words';
import type { ActFacts } from './types';

interface Values {
  plan: StartablePlan | null;
  when: 'today' | 'later';
  startDay: string | null;
  billingTime: 'calendar' | 'anniversary';
  name: string;
  externalId: string;
}

/** A plan for this customer, from today or a later day of theirs, with the first invoice before anything is done. */
export function StartPanel() {
  const { facts, preview } = useActs();
  const { today, timezone, freeExternalId } = facts;
  const initial: Values = {
    plan: null,
    when: 'today',
    startDay: null,
    billingTime: 'calendar',
    name: '',
    externalId: freeExternalId,
  };
  return (
    <ActForm
      act="start"
      command="subscriptions/start"
      initial={initial}
      toInput={(values) => inputOf(values, facts)}
      fields={(values, change) => (
        <div className="space-y-4">
          <PlanSearch facts={facts} plan={values.plan} onPlan={(plan) => change({ plan })} />
          <ChoiceCards
            label="Starts"
            options={[
              {
                value: 'today',
                label: 'Today',
                detail: `${formatDay(today, today)} in ${zonePlace(timezone)}`,
              },
              { value: 'later', label: 'Another day', detail: `Midnight in ${zonePlace(timezone)}` },
            ]}
            value={values.when}
            onChange={(when) => change({ when })}
          />
          {values.when === 'later' && (
            <DateField
              label="First day"
              value={values.startDay}
              onDay={(startDay) => change({ startDay })}
              today={today}
              min={addDays(today, 1)}
              outside={`Choose a day after ${formatDay(today, today)}, or start today.`}
              zone={`It begins at midnight in ${zonePlace(timezone)}, where they are billed`}
            />
          )}
          <ChoiceCards
            label="Billed"
            options={billingWords(values.plan?.interval ?? 'monthly', dayOfStart(values, today))}
            value={values.billingTime}
            onChange={(billingTime) => change({ billingTime })}
          />
          <Told values={values} facts={facts} preview={preview} />
          <div className="grid gap-3 md:grid-cols-2">
            <TextField
              label="Name"
              hint="May stay empty: then the plan’s name is shown."
              maxLength={255}
              value={values.name}
              onChange={(event) => change({ name: event.target.value })}
            />
            <TextField
              label="Id used by your software"
              hint="Use is sent under this id."
              maxLength={255}
              spellCheck={false}
              autoComplete="off"
              value={values.externalId}
              onChange={(event) => change({ externalId: event.target.value })}
            />
          </div>
        </div>
      )}
    />
  );
}

const dayOfStart = ({ when, startDay }: Values, today: string): string =>
  when === 'later' && startDay ? startDay : today;

function inputOf(values: Values, { customerId, currency, currencySettled }: ActFacts) {
  const { plan, when, startDay, billingTime } = values;
  const missing = (hint: string) => ({ input: null, hint });
  if (!plan) return missing('Choose a plan.');
  if (currencySettled && plan.currency !== currency) {
    return missing(
      `They pay in ${currency}; ${plan.name} is in ${plan.currency}. Choose a plan in ${currency}.`,
    );
  }
  if (when === 'later' && !startDay) return missing('Choose the day it starts.');
  const externalId = values.externalId.trim();
  if (!externalId) return missing('Give the id your software sends use under.');
  const input = {
    customerId,
    planCode: plan.code,
    externalId,
    billingTime,
    name: values.name.trim() || null,
    startDay: when === 'later' ? startDay : null,
  };
  return { input, hint: '' };
}

/** What the plan brings with it and what this settles, in words, before anything is pressed. */
function Told({
  values,
  facts,
  preview,
}: {
  values: Values;
  facts: ActFacts;
  preview: PreviewResult | null;
}) {
  const { plan } = values;
  if (!plan) return null;
  const said = [
    trialWords(plan.trialDays, dayOfStart(values, facts.today), facts, preview),
    ...standingWords(facts, plan.currency, preview),
  ];
  return (
    <p aria-live="polite" className="text-pretty text-text-2">
      {said.join(' ')}
    </p>
  );
}
