import { cache } from 'react';
import { formatInstant } from '@/components/format-date';
import { holds, type Right, whoMay } from '@/lib/auth/rights';
import { lastFreeDay as lastFreeDayOf } from '@/lib/billing/periods/trial';
import { daysBetween, localDate } from '@/lib/billing/periods/zone';
import {
  customerFacts,
  customerSubscriptions,
  plansToChooseFrom,
  type SubscriptionLine,
} from '@/lib/queries/console/customer';
import { customerMoney } from '@/lib/queries/console/customer-money';
import { ACT_NAMES, type Act, type ActFacts } from '../customers/[id]/_acts/types';
import { reading } from './tenant';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Everything the header and the panels of a customer's page need, read once a request; null for an unknown id. */
export const customerPage = cache(async (customerId: string) => {
  if (!UUID.test(customerId)) return null;
  return reading(async ({ tx, person, organizationId, now }) => {
    const facts = await customerFacts(tx, organizationId, customerId);
    if (!facts) return null;
    const subscriptions = await customerSubscriptions(tx, organizationId, customerId);
    const main = mainSubscription(subscriptions);
    const currency = facts.currency ?? main?.currency ?? 'USD';
    const plans = await plansToChooseFrom(tx, organizationId, currency);
    return { facts, subscriptions, main, currency, plans, now, person };
  });
});

export type CustomerPage = NonNullable<Awaited<ReturnType<typeof customerPage>>>;

/** Money of one customer, once a request: the header and the card say the same. */
export const customerAccount = cache((customerId: string) =>
  reading(({ tx, organizationId, now }) => customerMoney(tx, organizationId, customerId, now)),
);

/** The agreement the page is about: the running one that began last, else the one to come, else the last one. */
function mainSubscription(subscriptions: readonly SubscriptionLine[]): SubscriptionLine | null {
  return subscriptions[0] ?? null;
}

const RIGHTS: Record<Act, Right> = {
  'extend-trial': 'trial.extend',
  credits: 'credits.grant',
  discount: 'discount.apply',
  'change-plan': 'plan.change',
};

/** What the panels know before their first figures, with why an act cannot be used. */
export function actFacts({ facts, main, currency, plans, now, person }: CustomerPage): ActFacts {
  const { timezone } = facts;
  const today = localDate(now, timezone);
  const running = main?.status === 'active' ? main : null;
  const inTrial = running?.trialEndsAt != null && running.trialEndsAt > now && running.startedAt !== null;
  const lastFreeDay = inTrial ? lastFreeDayOf(running.trialEndsAt ?? 0, timezone) : null;
  const startDay = inTrial ? localDate(running.startedAt ?? now, timezone) : null;
  const locked: ActFacts['locked'] = {};
  if (facts.deletedAt !== null) {
    for (const act of Object.keys(RIGHTS) as Act[]) locked[act] = 'This customer was removed.';
  } else {
    if (!inTrial) locked['extend-trial'] = noTrial(running, now, timezone);
    if (!running) locked['change-plan'] = 'No plan to change.';
    for (const [act, right] of Object.entries(RIGHTS) as [Act, Right][]) {
      if (!holds(person.roles, right)) locked[act] = `${ACT_NAMES[act]} is for ${whoMay(right)}.`;
    }
  }
  return {
    customerId: facts.id,
    name: facts.name,
    domain: domainOf(facts.url, facts.email),
    currency,
    timezone,
    now,
    today,
    personId: person.userId,
    personTimezone: person.timezone,
    subscription: running,
    trial:
      startDay && lastFreeDay
        ? {
            startDay,
            lastFreeDay,
            days: daysBetween(startDay, lastFreeDay) + 1,
            spentDays: Math.max(0, daysBetween(startDay, today)),
          }
        : null,
    plans,
    locked,
  };
}

function noTrial(running: SubscriptionLine | null, now: number, timezone: string): string {
  if (!running) return 'No trial: nothing runs.';
  const paidSince = running.trialEndsAt ?? running.lineageStartedAt ?? running.startedAt;
  return paidSince === null
    ? 'No trial.'
    : `No trial: pays since ${formatInstant(paidSince, timezone, 'day', now)}.`;
}

function domainOf(url: string | null, email: string | null): string | null {
  const host = url ? url.replace(/^https?:\/\//, '').split('/')[0] : email?.split('@')[1];
  return host || null;
}
