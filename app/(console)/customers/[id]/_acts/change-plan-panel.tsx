'use client';

import { formatAmount } from '@/components/format-amount';
import { formatDay } from '@/components/format-date';
import { ChoiceCards, Picks } from '@/components/ui/choice';
import { ActForm } from './act-form';
import { useActs } from './acts-context';

const INTERVALS: Record<string, string> = {
  weekly: 'a week',
  monthly: 'a month',
  quarterly: 'a quarter',
  semiannual: 'every six months',
  yearly: 'a year',
};

interface Values {
  planCode: string | null;
  when: 'now' | 'next_bill';
}

/** Another plan, now with what is due today, or at the next bill with nothing due today. */
export function ChangePlanPanel() {
  const { facts, preview } = useActs();
  const { subscription, plans } = facts;
  if (!subscription) return null;
  const initial: Values = { planCode: null, when: 'now' };
  return (
    <ActForm
      act="change-plan"
      command="subscriptions/change-plan"
      initial={initial}
      toInput={({ planCode, when }) => ({
        input: planCode ? { subscriptionId: subscription.id, planCode, when } : null,
        hint: 'Choose a plan.',
      })}
      fields={({ planCode, when }, change) => {
        const plan = plans.find(({ code }) => code === planCode);
        const due = preview && formatAmount(BigInt(preview.dueNow.totalMinor), preview.after.currency);
        const next = preview?.before.nextBills[0]?.date;
        return (
          <>
            <div className="flex flex-wrap items-center gap-2">
              <Picks
                label="Plan"
                options={plans.map(({ code, name }) => ({
                  value: code,
                  label: code === subscription.planCode ? `${name}, today’s plan` : name,
                  notAllowed: code === subscription.planCode ? 'They are on it now.' : undefined,
                }))}
                value={planCode}
                onChange={(code) => change({ planCode: code })}
              />
              {plan && (
                <span className="num ml-1 text-xs text-text-3">
                  {formatAmount(BigInt(plan.amountMinor), plan.currency)} {INTERVALS[plan.interval]}
                  {plan.meters > 0 && ' plus use'}
                </span>
              )}
            </div>
            <ChoiceCards
              label="When"
              className="mt-2.5"
              options={[
                {
                  value: 'now',
                  label: 'Now',
                  figure: when === 'now' && due,
                  detail: `${formatDay(facts.today, facts.today)}, due today`,
                },
                {
                  value: 'next_bill',
                  label: 'At the next bill',
                  figure: when === 'next_bill' && due,
                  detail: next ? `${formatDay(next, facts.today)}, nothing due today` : 'Nothing due today',
                },
              ]}
              value={when}
              onChange={(value) => change({ when: value })}
            />
          </>
        );
      }}
    />
  );
}
