'use client';

import { formatDay } from '@/components/format-date';
import { ActForm } from './act-form';
import { useActs } from './acts-context';

/** The trial ends now: today is the first paid day, and what is due for it is said before. */
export function EndTrialPanel() {
  const { facts } = useActs();
  const { subscription, trial } = facts;
  if (!subscription || !trial) return null;
  return (
    <ActForm
      act="end-trial"
      command="subscriptions/end-trial"
      initial={{}}
      toInput={() => ({ input: { subscriptionId: subscription.id }, hint: '' })}
      fields={() => (
        <p className="text-pretty text-text-2">
          {subscription.planName} is paid for from today,{' '}
          <span className="num font-medium text-ink">{formatDay(facts.today, facts.today)}</span>. It was free
          through <span className="num line-through">{formatDay(trial.lastFreeDay, facts.today)}</span>.{' '}
          {subscription.payInAdvance
            ? 'The days left of this period are billed at once.'
            : 'Nothing is billed at once: the days from today stand on the next bill.'}
        </p>
      )}
    />
  );
}
