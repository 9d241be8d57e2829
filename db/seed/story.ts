import { and, desc, eq } from 'drizzle-orm';
import { auditRows, subscriptions } from '@/db/schema';
import { withTenant } from '@/db/tenancy';
import { lastFreeDay } from '@/lib/billing/periods/trial';
import { addDays, addMonths, daysBetween, localDate, startOfDay } from '@/lib/billing/periods/zone';
import type { Command } from '@/lib/commands/core/command';
import { runCommand } from '@/lib/commands/core/execute';
import { undoAct } from '@/lib/commands/core/undo';
import { applyCoupon } from '@/lib/commands/coupons/apply';
import { grantCreditsCommand } from '@/lib/commands/credits/grant';
import { upsertCustomer } from '@/lib/commands/customers/upsert';
import { applyDiscount } from '@/lib/commands/discounts/apply-discount';
import { changePlan } from '@/lib/commands/subscriptions/change-plan';
import { createSubscription } from '@/lib/commands/subscriptions/create';
import { terminateSubscriptionCommand } from '@/lib/commands/subscriptions/terminate';
import { extendTrial } from '@/lib/commands/subscriptions/trial';
import { currencyOf, hasTrial, type PlanCode, TRIAL_DAYS } from './catalogue.ts';
import { chanceOf } from './chance.ts';
import type { Chapter } from './chapters.ts';
import { COMPANY, type Company } from './company.ts';
import type { DemoCustomer } from './customer.ts';
import { PLACES } from './places.ts';
import type { Account } from './usage.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Something that happens at an instant (epoch milliseconds) of the company's history. */
export interface Happening {
  at: number;
  happen(): Promise<void>;
}

/** "Moth & Lantern" as "moth-lantern". */
export function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}

/** When an account uses the platform: from joining until it left, and again when it came back. */
export function accountOf(customer: DemoCustomer, now: number): Account {
  const spans = [{ from: joinedAt(customer, now), to: now }];
  for (const chapter of inOrder(customer.story)) {
    const last = spans.at(-1);
    if (chapter.what === 'end' && last) last.to = timeOf(customer, chapter, now);
    if (chapter.what === 'return') spans.push({ from: timeOf(customer, chapter, now), to: now });
  }
  return { externalId: `${slugOf(customer.name)}-app`, customer, spans };
}

function inOrder(story: Chapter[]): Chapter[] {
  return [...story].sort((one, other) => other.ago - one.ago);
}

/** Some minute of a working day in `timezone`, so many days ago; never later than an hour before the history ends. */
function workingMinute(name: string, ago: number, timezone: string, now: number): number {
  const opening = startOfDay(localDate(now - ago * DAY, timezone), timezone) + 9 * HOUR;
  return Math.min(opening + chanceOf(name).whole(0, 540) * 60_000, now - HOUR);
}

function joinedAt({ name, joined, place }: DemoCustomer, now: number): number {
  return workingMinute(`${name} joins`, joined, PLACES[place].timezone, now);
}

/** Staff act in their own working hours, and after the account has signed up, also on its first day. */
function timeOf(customer: DemoCustomer, { ago, what }: Chapter, now: number): number {
  const at = workingMinute(`${customer.name} ${ago} ${what}`, ago, COMPANY.timezone, now);
  return Math.max(at, joinedAt(customer, now) + HOUR / 2);
}

/** Everything that happens with one account, as acts still to be done. */
export function happeningsOf(company: Company, account: Account, now: number): Happening[] {
  const { customer } = account;
  const saga = new Saga(company, account);
  return [
    { at: joinedAt(customer, now), happen: () => saga.join() },
    ...inOrder(customer.story).flatMap((chapter) => {
      const at = timeOf(customer, chapter, now);
      const { undone } = chapter;
      const told = { at, happen: () => saga.tell(chapter, at) };
      return undone ? [told, { at: at + 240_000, happen: () => saga.takeBack(chapter, undone) }] : [told];
    }),
  ];
}

/**
 * A trial that begins with the customer's day and ends with one: for who is billed by the day they began, the day before
 * their first full month, so that the first bill is a whole one. The last day may end an hour late where clocks change.
 */
function freeMonth({ calendar, place }: DemoCustomer, at: number) {
  const { timezone } = PLACES[place];
  const day = localDate(at, timezone);
  const paidFrom = calendar ? addDays(day, TRIAL_DAYS) : addMonths(day, 1);
  const days = daysBetween(day, paidFrom);
  const subscriptionAt = Math.max(startOfDay(day, timezone), startOfDay(paidFrom, timezone) - days * DAY);
  return { subscriptionAt, patch: days === TRIAL_DAYS ? undefined : { trialDays: String(days) } };
}

/** One account's acts. Each runs the product's own command at the moment the company's clock stands at. */
class Saga {
  private customerId = '';

  constructor(
    private readonly company: Company,
    private readonly account: Account,
  ) {}

  /** They sign up by themselves: the platform makes the customer and starts the plan. */
  async join(): Promise<void> {
    const { customer } = this.account;
    const { timezone, country, city, tax } = { tax: undefined, ...PLACES[customer.place] };
    const slug = slugOf(customer.name);
    const [firstname, ...rest] = customer.contact.split(' ');
    const { id } = await this.byPlatform(upsertCustomer, {
      external_id: slug,
      name: customer.name,
      firstname,
      lastname: rest.join(' '),
      customer_type: 'company',
      email: `${firstname?.toLowerCase()}@${slug}.example`,
      url: `https://${slug}.example`,
      country,
      city,
      timezone,
      currency: currencyOf(customer.plan),
      net_payment_term: customer.paying.term,
      tax_codes: tax ? [tax] : undefined,
    });
    this.customerId = id;
    if (customer.code) {
      await this.byPlatform(applyCoupon, { external_customer_id: slug, coupon_code: customer.code });
    }
    await this.start(customer.plan, this.account.spans[0]?.from ?? 0, true);
  }

  async tell(chapter: Chapter, at: number): Promise<void> {
    const { customerId } = this;
    switch (chapter.what) {
      case 'extend':
        return this.byStaff(chapter, extendTrial, {
          subscriptionId: await this.running(),
          lastFreeDay: await this.freeUntil(chapter.days),
        });
      case 'credits':
        return this.byStaff(chapter, grantCreditsCommand, {
          customerId,
          amountMinor: BigInt(chapter.amount) * 100n,
          currency: currencyOf(this.account.customer.plan),
          expiresAt: chapter.lasts === undefined ? null : this.endOfDay(at, chapter.lasts),
        });
      case 'discount':
        return this.byStaff(chapter, applyDiscount, {
          customerId,
          percent: String(chapter.percent),
          bills: chapter.bills,
        });
      case 'change':
        return this.byStaff(chapter, changePlan, {
          subscriptionId: await this.running(),
          planCode: chapter.plan,
          when: chapter.when,
        });
      case 'end':
        return this.byStaff(chapter, terminateSubscriptionCommand, { subscriptionId: await this.running() });
      case 'return':
        return this.start(chapter.plan, at, false);
    }
  }

  async takeBack({ by, ago }: Chapter, note: string): Promise<void> {
    const { databases, organizationId, staff } = this.company;
    const [act] = await withTenant(databases, organizationId, (tx) =>
      tx
        .select({ id: auditRows.id })
        .from(auditRows)
        .where(and(eq(auditRows.organizationId, organizationId), eq(auditRows.customerId, this.customerId)))
        .orderBy(desc(auditRows.occurredAt), desc(auditRows.id))
        .limit(1),
    );
    if (!act) throw new Error(`${this.account.customer.name} has nothing to take back.`);
    const idempotencyKey = `${this.customerId} ${ago}`;
    const request = { organizationId, actor: staff[by], reasonCode: 'mistake', note, idempotencyKey };
    const answer = await undoAct(databases, act.id, request);
    if (!answer.ok) throw new Error(answer.message);
  }

  private async start(planCode: PlanCode, at: number, first: boolean): Promise<void> {
    const { customer, externalId } = this.account;
    await this.byPlatform(createSubscription, {
      customerId: this.customerId,
      planCode,
      externalId,
      billingTime: customer.calendar ? 'calendar' : 'anniversary',
      ...(first && hasTrial(planCode) ? freeMonth(customer, at) : {}),
    });
  }

  private byPlatform<I, R>(command: Command<I, R>, input: I): Promise<R> {
    const { databases, organizationId, software } = this.company;
    return runCommand(databases, command, { organizationId, actor: software, input });
  }

  private async byStaff<I, R>(chapter: Chapter, command: Command<I, R>, input: I): Promise<void> {
    const { databases, organizationId, staff } = this.company;
    const { why: reasonCode, note } = chapter;
    const actor = staff[chapter.by];
    await runCommand(databases, command, { organizationId, actor, input, reasonCode, note });
  }

  private async subscription() {
    const { databases, organizationId } = this.company;
    const [row] = await withTenant(databases, organizationId, (tx) =>
      tx
        .select({ id: subscriptions.id, trialEndsAt: subscriptions.trialEndsAt })
        .from(subscriptions)
        .where(
          and(
            eq(subscriptions.organizationId, organizationId),
            eq(subscriptions.externalId, this.account.externalId),
            eq(subscriptions.status, 'active'),
          ),
        ),
    );
    if (!row) throw new Error(`${this.account.customer.name} has no running subscription to tell of.`);
    return row;
  }

  private async running(): Promise<string> {
    return (await this.subscription()).id;
  }

  /** As on screen: good through a last day, where the customer is. */
  private endOfDay(at: number, daysLater: number): number {
    const { timezone } = PLACES[this.account.customer.place];
    return startOfDay(addDays(localDate(at, timezone), daysLater + 1), timezone);
  }

  private async freeUntil(moreDays: number): Promise<string> {
    const { trialEndsAt } = await this.subscription();
    const { timezone } = PLACES[this.account.customer.place];
    return addDays(lastFreeDay(trialEndsAt?.getTime() ?? 0, timezone), moreDays);
  }
}
