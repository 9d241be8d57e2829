'use client';

import { periodWords } from '@/components/features/period-words';
import { formatAmount } from '@/components/format-amount';
import { formatDay } from '@/components/format-date';
import { RowButton } from '@/components/ui/button';
import { ChoiceCards, Picks } from '@/components/ui/choice';
import { Note } from '@/components/ui/surface';
import type { PlanChoice } from '@/lib/queries/console/customer';
import { ActForm } from './act-form';
import { useActs } from './acts-context';
import type { ActFacts } from './types';

interface Values {
  planCode: string | null;
  when: 'now' | 'next_bill';
}

type Pending = NonNullable<ActFacts['pendingPlan']>;

/** Another plan, now with what is due today, or at the next bill with nothing due today; or the one that waits, cancelled. */
export function ChangePlanPanel() {
  const { facts, preview } = useActs();
  const { subscription, pendingPlan } = facts;
  if (!subscription) return null;
  const initial: Values = { planCode: null, when: 'now' };
  const staysOn = ({ planCode }: Values) => pendingPlan !== null && planCode === subscription.planCode;
  return (
    <ActForm
      act="change-plan"
      command={(values) =>
        staysOn(values) ? 'subscriptions/cancel-plan-change' : 'subscriptions/change-plan'
      }
      initial={initial}
      toInput={(values) => {
        const { planCode, when } = values;
        const hint = 'Choose a plan.';
        if (!planCode) return { input: null, hint };
        const subscriptionId = subscription.id;
        if (staysOn(values)) return { input: { subscriptionId }, hint };
        if (pendingPlan?.code === planCode && when === 'next_bill') {
          return { input: null, hint: `The change to ${pendingPlan.name} waits already.` };
        }
        return { input: { subscriptionId, planCode, when }, hint };
      }}
      fields={(values, change) => {
        const { planCode, when } = values;
        const due = preview && formatAmount(BigInt(preview.dueNow.totalMinor), preview.after.currency);
        const next = preview?.before.nextBills[0]?.date;
        return (
          <>
            {pendingPlan && (
              <PendingNote
                pending={pendingPlan}
                today={facts.today}
                current={subscription.planName}
                cancelling={staysOn(values)}
                onCancel={() => change({ planCode: subscription.planCode })}
              />
            )}
            <PlanPicks
              facts={facts}
              planCode={planCode}
              onPlan={(code) => change({ planCode: code })}
              current={subscription.planCode}
            />
            {!staysOn(values) && (
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
            )}
          </>
        );
      }}
    />
  );
}

/** The change that waits, the way to cancel it here, and what another choice does to it. */
function PendingNote({
  pending,
  today,
  current,
  cancelling,
  onCancel,
}: {
  pending: Pending;
  today: string;
  current: string;
  cancelling: boolean;
  onCancel: () => void;
}) {
  return (
    <Note
      className="mb-3"
      action={
        !cancelling && (
          <RowButton className="flex-none" onClick={onCancel}>
            Cancel this change
          </RowButton>
        )
      }
    >
      <span className="block font-medium">{`${pending.name} from ${formatDay(pending.from, today)} waits already`}</span>
      <span className="block text-text-2">
        {cancelling
          ? `Nothing changes then: they stay on ${current}.`
          : 'Another plan at the next bill takes its place. Another plan now cancels it as well.'}
      </span>
    </Note>
  );
}

function PlanPicks({
  facts: { plans, pendingPlan },
  planCode,
  onPlan,
  current,
}: {
  facts: ActFacts;
  planCode: string | null;
  onPlan: (code: string) => void;
  current: string;
}) {
  const plan = plans.find(({ code }) => code === planCode);
  const label = ({ code, name }: PlanChoice) =>
    code !== current ? name : pendingPlan ? `Stay on ${name}` : `${name}, today’s plan`;
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Picks
        label="Plan"
        options={plans.map((choice) => ({
          value: choice.code,
          label: label(choice),
          notAllowed: choice.code === current && !pendingPlan ? 'They are on it now.' : undefined,
        }))}
        value={planCode}
        onChange={onPlan}
      />
      {plan && (
        <span className="num ml-1 text-xs text-text-3">
          {formatAmount(BigInt(plan.amountMinor), plan.currency)} {periodWords(plan.interval)}
          {plan.meters > 0 && ' plus use'}
        </span>
      )}
    </div>
  );
}
