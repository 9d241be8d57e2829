'use client';

import { formatAmount } from '@/components/format-amount';
import { formatDay } from '@/components/format-date';
import { ChoiceCards } from '@/components/ui/choice';
import { ActForm } from './act-form';
import { useActs } from './acts-context';

interface Values {
  unusedDays: 'credit' | 'skip';
}

/** Service and bills stop today; days paid ahead come back as credit, or do not. */
export function PausePanel() {
  const { facts, preview } = useActs();
  const { subscription } = facts;
  if (!subscription) return null;
  const credit =
    preview &&
    BigInt(preview.after.noteCreditMinor ?? '0') -
      BigInt(preview.before.noteCreditMinor ?? '0') +
      lowered(preview.dueNow.lines);
  const initial: Values = { unusedDays: 'credit' };
  return (
    <ActForm
      act="pause"
      command="subscriptions/pause"
      initial={initial}
      toInput={({ unusedDays }) => ({
        input: { subscriptionId: subscription.id, ...(subscription.payInAdvance && { unusedDays }) },
        hint: '',
      })}
      fields={({ unusedDays }, change) => (
        <>
          <p className="text-pretty text-text-2">
            {subscription.planName} rests from today,{' '}
            <span className="num font-medium text-ink">{formatDay(facts.today, facts.today)}</span>, which is
            not paid for. Nothing is billed and no use counts until somebody resumes it.{' '}
            {!subscription.payInAdvance && 'What was used so far is billed now.'}
          </p>
          {subscription.payInAdvance && (
            <ChoiceCards
              label="Days paid ahead and not used"
              className="mt-3"
              options={[
                {
                  value: 'credit',
                  label: 'Give the days back',
                  figure:
                    unusedDays === 'credit' &&
                    credit !== null &&
                    formatAmount(credit, preview?.after.currency ?? ''),
                  detail: 'As credit that pays later bills',
                },
                {
                  value: 'skip',
                  label: 'Keep them paid',
                  detail: 'Nothing comes back for days not used',
                },
              ]}
              value={unusedDays}
              onChange={(value) => change({ unusedDays: value })}
            />
          )}
        </>
      )}
    />
  );
}

/** What credit pays of the bill that the pause itself makes. */
const lowered = (lines: readonly { kind: string; amountMinor: string }[]): bigint =>
  lines.reduce((sum, { kind, amountMinor }) => (kind === 'credit' ? sum - BigInt(amountMinor) : sum), 0n);

/** Paused service goes on today, on the same plan and prices. */
export function ResumePanel() {
  const { facts } = useActs();
  const { paused } = facts;
  if (!paused) return null;
  return (
    <ActForm
      act="resume"
      command="subscriptions/resume"
      initial={{}}
      toInput={() => ({ input: { subscriptionId: paused.id }, hint: '' })}
      fields={() => (
        <p className="text-pretty text-text-2">
          {paused.planName} goes on from today,{' '}
          <span className="num font-medium text-ink">{formatDay(facts.today, facts.today)}</span>, at the same
          price and on the same billing day.{' '}
          {paused.payInAdvance
            ? 'The days left of this period, today included, are billed now; credit from the pause pays first.'
            : 'Today is the first day that is paid for again.'}
        </p>
      )}
    />
  );
}
