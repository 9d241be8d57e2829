'use client';

import { formatAmount } from '@/components/format-amount';
import { formatDay, zonePlace } from '@/components/format-date';
import { TrialStrip } from '@/components/panel/trial-strip';
import { Picks } from '@/components/ui/choice';
import { DateField } from '@/components/ui/date-field';
import { addDays, daysBetween } from '@/lib/billing/periods/calendar';
import { ActForm } from './act-form';
import { useActs } from './acts-context';
import { trialUseWords } from './trial-use-words';
import type { ActFacts } from './types';

const STEPS = ['7', '14', '30'] as const;

const dayMonth = (day: string) => formatDay(day, day).split(' ').slice(1).join(' ');

/** More free days: the last free day moves, and with it the first bill. */
export function ExtendTrialPanel() {
  const { facts, preview } = useActs();
  const { subscription, trial } = facts;
  if (!subscription || !trial) return null;
  return (
    <ActForm
      act="extend-trial"
      command="subscriptions/extend-trial"
      initial={{ lastFreeDay: null as string | null }}
      toInput={({ lastFreeDay }) => ({
        input: lastFreeDay ? { subscriptionId: subscription.id, lastFreeDay } : null,
        hint: 'Choose how many days, or the last free day.',
      })}
      fields={({ lastFreeDay }, change) => {
        const added = lastFreeDay ? daysBetween(trial.lastFreeDay, lastFreeDay) : 0;
        return (
          <>
            <div className="flex flex-wrap items-start gap-2">
              <Picks
                label="Days more"
                options={STEPS.map((days) => ({ value: days, label: `${days} days` }))}
                value={STEPS.find((days) => Number(days) === added) ?? null}
                onChange={(days) => change({ lastFreeDay: addDays(trial.lastFreeDay, Number(days)) })}
              />
              <span className="ml-2 pt-1.5 text-text-2 max-md:ml-0">or last free day</span>
              <DateField
                ariaLabel="Last free day"
                className="flex-1 max-md:w-full max-md:flex-none"
                value={lastFreeDay}
                onDay={(day) => change({ lastFreeDay: day })}
                today={facts.today}
                base={trial.lastFreeDay}
                min={addDays(trial.lastFreeDay, 1)}
                outside={`It is free through ${formatDay(trial.lastFreeDay, facts.today)} already. Choose a later day.`}
                systemDay={trial.lastFreeDay}
                zone={`End of day in ${zonePlace(facts.timezone)}`}
              />
            </div>
            <Strip facts={facts} trial={trial} subscription={subscription} added={added} />
            <p className="mt-2 text-xs text-pretty text-text-2">
              {trialUseWords(subscription.meters, preview, facts.today)}
            </p>
          </>
        );
      }}
    />
  );
}

function Strip({
  facts,
  trial,
  subscription,
  added,
}: {
  facts: ActFacts;
  trial: NonNullable<ActFacts['trial']>;
  subscription: NonNullable<ActFacts['subscription']>;
  added: number;
}) {
  const paidDays = 17;
  const end = addDays(trial.lastFreeDay, Math.max(added, 0) + paidDays);
  const price = formatAmount(BigInt(subscription.amountMinor), subscription.currency);
  return (
    <TrialStrip
      freeDays={trial.days}
      addedDays={Math.max(added, 0)}
      paidDays={paidDays}
      todayAt={trial.spentDays <= trial.days ? trial.spentDays : undefined}
      start={dayMonth(trial.startDay)}
      freeEnd={dayMonth(trial.lastFreeDay)}
      addedEnd={added > 0 ? dayMonth(addDays(trial.lastFreeDay, added)) : undefined}
      end={dayMonth(end)}
      freeLabel={`free, ${trial.days} days`}
      addedLabel={added > 0 ? `${added} more` : undefined}
      paidLabel={`pays ${price} ${facts.subscription?.interval === 'yearly' ? 'a year' : 'a month'}`}
      paidShort={`pays ${price}`}
    />
  );
}
