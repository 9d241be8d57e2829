'use client';

import { formatDay, zonePlace } from '@/components/format-date';
import { AmountField } from '@/components/ui/amount-field';
import { Picks } from '@/components/ui/choice';
import { DateField } from '@/components/ui/date-field';
import { startOf } from '@/lib/billing/periods/browser-zone';
import { addDays, addMonths } from '@/lib/billing/periods/calendar';
import { ActForm } from './act-form';
import { useActs } from './acts-context';

const ENDS = ['month', 'quarter', 'year', 'never', 'day'] as const;
type Ends = (typeof ENDS)[number];

const END_WORDS: Record<Ends, string> = {
  month: 'in a month',
  quarter: 'in 3 months',
  year: 'in a year',
  never: 'never',
  day: 'on a day',
};

interface Values {
  amountMinor: string | null;
  ends: Ends;
  day: string | null;
}

function lastDay({ ends, day }: Values, today: string): string | null {
  if (ends === 'never') return null;
  if (ends === 'day') return day;
  return addMonths(today, ends === 'month' ? 1 : ends === 'quarter' ? 3 : 12);
}

/** Free credits: one amount, and an end that is always chosen. */
export function CreditsPanel() {
  const { facts } = useActs();
  const initial: Values = { amountMinor: null, ends: 'quarter', day: null };
  return (
    <ActForm
      act="credits"
      command="credits/grant"
      initial={initial}
      toInput={(values) => {
        const { amountMinor, ends, day } = values;
        if (!amountMinor || BigInt(amountMinor) <= 0n) return { input: null, hint: 'Type an amount.' };
        if (ends === 'day' && !day) return { input: null, hint: 'Choose the last day.' };
        const last = lastDay(values, facts.today);
        return {
          input: {
            customerId: facts.customerId,
            amountMinor,
            currency: facts.currency,
            // Good through the last day: they end as the next one begins, where the customer is.
            expiresAt: last ? startOf(addDays(last, 1), facts.timezone) : null,
          },
          hint: '',
        };
      }}
      fields={(values, change) => {
        const last = lastDay(values, facts.today);
        return (
          <div className="grid gap-4">
            <AmountField
              label="Free credits"
              className="max-w-60"
              currency={facts.currency}
              defaultMinor={values.amountMinor ?? undefined}
              onAmount={(amountMinor) => change({ amountMinor })}
            />
            <div>
              <p className="mb-1.5 font-medium">They end</p>
              <Picks
                label="They end"
                options={ENDS.map((value) => ({ value, label: END_WORDS[value] }))}
                value={values.ends}
                onChange={(ends) => change({ ends })}
              />
              {values.ends === 'day' ? (
                <DateField
                  ariaLabel="Last day"
                  className="mt-2 max-w-60"
                  value={values.day}
                  onDay={(day) => change({ day })}
                  today={facts.today}
                  min={facts.today}
                  outside="Choose today or a later day."
                  zone={`End of day in ${zonePlace(facts.timezone)}`}
                />
              ) : (
                <p className="mt-2 text-xs text-text-3">
                  {last
                    ? `Good through ${formatDay(last, facts.today)}, end of day in ${zonePlace(facts.timezone)}.`
                    : 'They stay until they are used.'}
                </p>
              )}
            </div>
          </div>
        );
      }}
    />
  );
}
