import { Suspense } from 'react';
import { CardBoundary } from '@/components/features/card-boundary';
import { formatInstant, zonePlace } from '@/components/format-date';
import { Tag } from '@/components/ui/state';
import { Note } from '@/components/ui/surface';
import { lastFreeDay } from '@/lib/billing/periods/trial';
import { localDate } from '@/lib/billing/periods/zone';
import { type CustomerPage, customerAccount } from '../../../_reading/customer';
import { customerOutlook } from '../../../_reading/outlook';
import { QuickActions } from '../_acts/quick-actions';
import { Sentence } from './sentence';
import type { Situation } from './sentence-words';

/** Within it a start is told by its day, before it by its month. */
const RECENT = 62 * 86_400_000;

/** Name, the situation in words, the time where they are, and what can be done. */
export async function CustomerHeader({ page }: { page: CustomerPage }) {
  const { facts, now } = page;
  const situation = await situationOf(page);
  const plain = <Sentence situation={situation} outlook={null} />;
  return (
    <>
      <div className="flex items-center gap-2.5">
        <h1 className="text-xl">{facts.name}</h1>
        {facts.deletedAt !== null && <Tag tone="warn">Removed</Tag>}
      </div>
      <CardBoundary what="The next bill">
        <Suspense fallback={plain}>
          <SentenceWithBill customerId={facts.id} situation={situation} />
        </Suspense>
      </CardBoundary>
      <p className="mt-1 text-xs text-text-3">
        {[
          `${zonePlace(facts.timezone)}, ${formatInstant(now, facts.timezone, 'time')} there now`,
          `pays in ${page.currency}`,
          [facts.contact, facts.email].filter(Boolean).join(', '),
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      {facts.parkedReason && (
        <Note warn role="status" className="mt-3 max-w-160">
          Bills wait until someone looks: {facts.parkedReason}
        </Note>
      )}
      <QuickActions />
    </>
  );
}

async function SentenceWithBill({ customerId, situation }: { customerId: string; situation: Situation }) {
  return <Sentence situation={situation} outlook={await customerOutlook(customerId)} />;
}

async function situationOf(page: CustomerPage): Promise<Situation> {
  const { facts, main, subscriptions, now, currency } = page;
  const money = await customerAccount(facts.id);
  const own = money.perCurrency.find((row) => row.currency === currency);
  const lots = money.lots.filter((lot) => lot.currency === currency);
  const firstEnd = lots.find((lot) => lot.expiresAt !== null)?.expiresAt ?? null;
  const day = (instant: number) => localDate(instant, facts.timezone);
  const trying = main?.status === 'active' && main.trialEndsAt !== null && main.trialEndsAt > now;
  // Of this plan, not of the agreement: after a change it began with the change.
  const since = main?.startedAt ?? null;
  const recent = since !== null && now - since < RECENT;
  const running = subscriptions.filter((line) => line.status === 'active').length;
  const status: Situation['status'] = !main
    ? 'none'
    : main.status === 'active'
      ? trying
        ? 'trying'
        : 'paying'
      : main.status === 'pending'
        ? 'pending'
        : main.status === 'terminated' && main.pausedAt !== null
          ? 'paused'
          : 'ended';
  const edge = main?.status === 'pending' ? main.subscriptionAt : (main?.terminatedAt ?? null);
  return {
    status,
    planName: main?.planName ?? null,
    since:
      since === null ? null : formatInstant(since, facts.timezone, trying || recent ? 'day' : 'month', now),
    priceMinor: main?.amountMinor ?? null,
    interval: main?.interval ?? null,
    currency,
    billsUse: (main?.meters ?? 0) > 0,
    lastFreeDay: trying && main.trialEndsAt !== null ? lastFreeDay(main.trialEndsAt, facts.timezone) : null,
    edgeDay: edge === null ? null : day(edge),
    endDay: main?.status === 'active' && main.endingAt !== null ? day(main.endingAt) : null,
    owesMinor: own?.owesMinor ?? '0',
    creditsMinor: lots.reduce((sum, lot) => sum + BigInt(lot.remainingMinor), 0n).toString(),
    creditsEnd: firstEnd === null ? null : day(firstEnd - 1),
    creditLots: lots.length,
    otherPlans: Math.max(0, running - 1),
  };
}
