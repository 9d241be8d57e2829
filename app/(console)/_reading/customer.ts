import { cache } from 'react';
import { formatInstant } from '@/components/format-date';
import { holds, type Right, whoMay } from '@/lib/auth/rights';
import { isInterval, periodContaining } from '@/lib/billing/periods/interval';
import { lastFreeDay as lastFreeDayOf } from '@/lib/billing/periods/trial';
import { daysBetween, localDate } from '@/lib/billing/periods/zone';
import {
  customerFacts,
  customerSubscriptions,
  plansToChooseFrom,
  type SubscriptionLine,
} from '@/lib/queries/console/customer';
import { customerMoney } from '@/lib/queries/console/customer-money';
import { ACT_NAMES, type Act, type ActFacts, ROW_ACTS } from '../customers/[id]/_acts/types';
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

/** The agreement the page is about: the running one that began last, else the one to come, else the last one that began. */
function mainSubscription(subscriptions: readonly SubscriptionLine[]): SubscriptionLine | null {
  return subscriptions.find(({ status }) => status !== 'canceled') ?? null;
}

const RIGHTS: Record<Act, Right> = {
  'extend-trial': 'trial.extend',
  credits: 'credits.grant',
  discount: 'discount.apply',
  'change-plan': 'plan.change',
  'end-trial': 'trial.extend',
  pause: 'plan.change',
  resume: 'plan.change',
  start: 'subscriptions.write',
};

/** What the panels know before their first figures, with why an act cannot be used. */
export function actFacts({
  facts,
  main,
  subscriptions,
  currency,
  plans,
  now,
  person,
}: CustomerPage): ActFacts {
  const { timezone } = facts;
  const today = localDate(now, timezone);
  const running = main?.status === 'active' ? main : null;
  const paused = main?.status === 'terminated' && main.pausedAt !== null ? main : null;
  const inTrial = running?.trialEndsAt != null && running.trialEndsAt > now && running.startedAt !== null;
  const lastFreeDay = inTrial ? lastFreeDayOf(running.trialEndsAt ?? 0, timezone) : null;
  const startDay = inTrial ? localDate(running.startedAt ?? now, timezone) : null;
  const locked: ActFacts['locked'] = {};
  if (facts.deletedAt !== null) {
    for (const act of Object.keys(RIGHTS) as Act[]) locked[act] = 'This customer was removed.';
  } else {
    if (!inTrial) locked['extend-trial'] = noTrial(running, subscriptions, now, timezone);
    if (!inTrial) locked['end-trial'] = locked['extend-trial'];
    const pending = running && pendingPlanOf(running, subscriptions, timezone, now);
    if (!running) {
      locked['change-plan'] = paused
        ? `${paused.planName} is paused. Resume it first.`
        : 'No plan to change.';
      locked.pause = paused ? `${paused.planName} is paused already.` : 'Nothing runs that could be paused.';
    } else if (pending) {
      locked.pause = `A change to ${pending.name} waits for the next bill. Cancel it first.`;
    }
    if (!paused) locked.resume = 'Nothing is paused.';
    for (const [act, right] of Object.entries(RIGHTS) as [Act, Right][]) {
      if (!holds(person.roles, right)) locked[act] = `${ACT_NAMES[act]} is for ${whoMay(right)}.`;
    }
  }
  const refused = ROW_ACTS.filter((act) => !holds(person.roles, RIGHTS[act]));
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
    paused,
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
    withoutPlan: !running && !paused && main?.status !== 'pending',
    currencySettled: facts.currency !== null,
    freeExternalId: freeExternalId(facts.externalId, subscriptions),
    pendingPlan: running ? pendingPlanOf(running, subscriptions, timezone, now) : null,
    locked,
    lockedWords: facts.deletedAt === null ? lockedWords(refused, locked) : Object.values(locked).slice(0, 1),
  };
}

/** The customer's own id, or the first with a number after it that none of their subscriptions has had. */
function freeExternalId(own: string, all: readonly SubscriptionLine[]): string {
  const used = new Set(all.map(({ externalId }) => externalId));
  if (!used.has(own)) return own;
  for (let number = 2; ; number++) {
    if (!used.has(`${own}-${number}`)) return `${own}-${number}`;
  }
}

/** Why acts cannot be used, each reason once: those of the reader's role together. */
function lockedWords(refused: readonly Act[], locked: ActFacts['locked']): string[] {
  const others = ROW_ACTS.filter((act) => locked[act] !== undefined && !refused.includes(act));
  const own = [...new Set(others.map((act) => locked[act] ?? ''))];
  if (refused.length === 0) return own;
  const groups = new Map<string, Act[]>();
  for (const act of refused) {
    const who = whoMay(RIGHTS[act]);
    groups.set(who, [...(groups.get(who) ?? []), act]);
  }
  const said = [...groups].map(([who, acts]) =>
    acts.length === ROW_ACTS.length
      ? `You may look. Changes here are for ${who}.`
      : `${acts.map((act) => ACT_NAMES[act]).join(', ')}: for ${who}.`,
  );
  return [...said, ...own];
}

function noTrial(
  running: SubscriptionLine | null,
  all: readonly SubscriptionLine[],
  now: number,
  timezone: string,
): string {
  if (!running) return 'No trial: nothing runs.';
  const since = paidSince(running, all);
  return since === null ? 'No trial.' : `No trial: pays since ${formatInstant(since, timezone, 'day', now)}.`;
}

/** When an agreement began to be paid for, through all its plans: at the end of its trial, else at its start. */
function paidSince(running: SubscriptionLine, all: readonly SubscriptionLine[]): number | null {
  const byId = new Map(all.map((line) => [line.id, line]));
  let trialEnd: number | null = null;
  let start: number | null = null;
  for (let line: SubscriptionLine | undefined = running; line; ) {
    if (line.trialEndsAt !== null) trialEnd = Math.max(trialEnd ?? 0, line.trialEndsAt);
    start = line.startedAt ?? start;
    line = line.previousSubscriptionId ? byId.get(line.previousSubscriptionId) : undefined;
  }
  return trialEnd ?? start;
}

/** The plan that waits behind the running one, with the day the next period begins. */
function pendingPlanOf(
  running: SubscriptionLine,
  all: readonly SubscriptionLine[],
  timezone: string,
  now: number,
): ActFacts['pendingPlan'] {
  const waiting = all.find((line) => line.status === 'pending' && line.previousSubscriptionId === running.id);
  if (!waiting || !isInterval(running.interval)) return null;
  const { interval, billingTime, subscriptionAt: anchor } = running;
  const period = periodContaining({ interval, billingTime, anchor, timezone, at: now });
  return { code: waiting.planCode, name: waiting.planName, from: period.endDateExclusive };
}

function domainOf(url: string | null, email: string | null): string | null {
  const host = url ? url.replace(/^https?:\/\//, '').split('/')[0] : email?.split('@')[1];
  return host || null;
}
