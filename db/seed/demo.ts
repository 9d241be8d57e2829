import { eq, sql } from 'drizzle-orm';
import type { Databases } from '@/db/clients';
import { organizations } from '@/db/schema';
import { withSystem, withTenant } from '@/db/tenancy';
import { addDays, localDate, startOfDay } from '@/lib/billing/periods/zone';
import { goLive } from '@/lib/runners/clock';
import { foldUsage } from '@/lib/usage/fold';
import { DEFAULT_BATCH_LIMIT } from '@/lib/usage/incoming';
import { storeEvents } from '@/lib/usage/ingest';
import { makeCatalogue } from './catalogue.ts';
import { collect } from './collect.ts';
import { COMPANY, type Company, foundCompany, settleIn } from './company.ts';
import { CUSTOMERS } from './customers.ts';
import { assertNothingParked, passTime } from './pass-time.ts';
import { accountOf, happeningsOf } from './story.ts';
import { allUsage } from './usage.ts';

const HOUR = 3_600_000;
const DAYS = 548;
/** Days the clock is moved at a time, and after how many the rollups are brought up to date and progress is told. */
const STEP = 4;
const REPORT = 60;
/** Days of usage taken in at once. */
const USE_AT_ONCE = 12;

export interface DemoOptions {
  /** Epoch milliseconds: the moment the history ends. */
  now: number;
  apiKey: string | undefined;
  say(line: string): void;
  /** Tells the planner how large the tables have grown: nobody else does while they are being filled. */
  refreshStatistics(): Promise<void>;
}

/**
 * Fills a database with the demo company: 18 months of its life, on its own clock, by the same commands people
 * and programs use. Then the company goes live.
 */
export async function seedDemo(
  databases: Databases,
  { now, apiKey, say, refreshStatistics }: DemoOptions,
): Promise<void> {
  const firstDay = addDays(localDate(now, COMPANY.timezone), -DAYS);
  const company = await foundCompany(databases, { mode: 'history', now: mornings(firstDay), apiKey });
  await markAsDemo(company);
  await settleIn(company);
  await makeCatalogue(company);
  say(`${COMPANY.name}, its people, meters and plans`);
  const accounts = CUSTOMERS.map((customer) => accountOf(customer, now));
  const usage = allUsage(accounts, now);
  const happenings = accounts
    .flatMap((account) => happeningsOf(company, account, now))
    .sort((one, other) => one.at - other.at);

  const dayAt = (day: number) => Math.min(mornings(addDays(firstDay, day)), now);
  const arrive = (from: number) => {
    const end = dayAt(from + USE_AT_ONCE);
    return ingest(
      company,
      takeUntil(usage, ({ timestamp }) => timestamp < end),
      end,
    );
  };
  let arriving = arrive(0);
  for (let day = STEP; day <= DAYS + STEP; day += STEP) {
    if ((day - STEP) % USE_AT_ONCE === 0) {
      await arriving;
      arriving = arrive(day - STEP + USE_AT_ONCE);
    }
    const until = dayAt(day);
    for (const { at, happen } of takeUntil(happenings, ({ at }) => at <= until)) {
      await passTime(company, at);
      await happen();
    }
    await passTime(company, until);
    await collect(company, until, now);
    if (day % REPORT === 0) {
      await foldUsage(databases, company.organizationId);
      await refreshStatistics();
      say(await upTo(company, addDays(firstDay, day)));
    }
  }
  await arriving;
  await foldUsage(databases, company.organizationId);
  await assertNothingParked(company);
  await goLive(databases, company.organizationId);
  await refreshStatistics();
  say(await upTo(company, localDate(now, COMPANY.timezone)));
}

/** Eight in the morning where the company is: when money is booked. */
function mornings(date: string): number {
  return startOfDay(date, COMPANY.timezone) + 8 * HOUR;
}

/** Takes what satisfies `holds` off the front of an ordered list. */
function takeUntil<T>(list: T[], holds: (item: T) => boolean): T[] {
  const end = list.findIndex((item) => !holds(item));
  return list.splice(0, end === -1 ? list.length : end);
}

/** Usage comes in before the clock reaches it, beside the work of the days before, so that every bill finds all of it. */
async function ingest(
  { databases, organizationId }: Company,
  usage: ReturnType<typeof allUsage>,
  now: number,
): Promise<void> {
  for (let from = 0; from < usage.length; from += DEFAULT_BATCH_LIMIT) {
    const batch = usage.slice(from, from + DEFAULT_BATCH_LIMIT);
    await withTenant(databases, organizationId, (tx) => storeEvents(tx, organizationId, now, batch));
  }
}

async function markAsDemo({ databases, organizationId }: Company): Promise<void> {
  await withSystem(databases, (tx) =>
    tx
      .update(organizations)
      .set({ settings: { demo: true } })
      .where(eq(organizations.id, organizationId)),
  );
}

async function upTo({ databases, organizationId }: Company, date: string): Promise<string> {
  const [counts] = await withTenant(databases, organizationId, (tx) =>
    tx.execute<{ customers: string; invoices: string; payments: string; events: string }>(sql`
      select (select count(*) from customers where organization_id = ${organizationId}) as customers,
             (select count(*) from invoices where organization_id = ${organizationId}) as invoices,
             (select count(*) from payments where organization_id = ${organizationId}) as payments,
             (select count(*) from events where organization_id = ${organizationId}) as events`),
  );
  const { customers = '0', invoices = '0', payments = '0', events = '0' } = counts ?? {};
  return `to ${date}: ${customers} customers, ${invoices} invoices, ${payments} payments, ${events} usage events`;
}
