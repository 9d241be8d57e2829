import { sql } from 'drizzle-orm';
import { bigint, boolean, customType, index, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { instant, minor, organizationId } from './columns.ts';

/**
 * Sums that screens show without going through what they sum. Each row is a summand: triggers write the difference a
 * statement makes as rows of its own, in its transaction, so no transaction waits for another's, and a worker folds the rows
 * of one key into one. Their sum is exact at any time; the books prove it.
 */
export const tallies = pgTable(
  'tallies',
  {
    organizationId: organizationId(),
    id: bigint({ mode: 'bigint' }).generatedAlwaysAsIdentity().notNull(),
    subject: text({
      enum: ['invoices', 'customers', 'subscriptions', 'revenue', 'movements'],
    }).notNull(),
    /**
     * Invoices: their standing. Customers: running, gone, owing. Running subscriptions: the plan version. Present revenue: the
     * plan. Its movements: the month and the kind.
     */
    key: text().notNull(),
    /** Empty for what has none. */
    currency: text().notNull(),
    count: bigint({ mode: 'bigint' }).notNull(),
    /** Of customers: what they bring a month. */
    amountMinor: minor().notNull(),
    /** Of invoices and customers: what is still to be paid. */
    dueMinor: minor().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    index('tallies_subject').on(t.organizationId, t.subject, t.key, t.currency),
  ],
);

/** With PostgreSQL's "-infinity", which no Date can be. */
const edge = customType<{ data: string }>({ dataType: () => 'timestamp (3) with time zone' });

/**
 * Where each customer stands, for lists to begin at: kept by triggers on customers, subscriptions, invoices and revenue,
 * worked out anew for those a statement touched. The books prove it.
 */
export const customerStandings = pgTable(
  'customer_standings',
  {
    organizationId: organizationId(),
    customerId: uuid().notNull(),
    sortName: text().notNull(),
    createdAt: instant().notNull(),
    /** The customer's own; empty while there is none. */
    currency: text().notNull().default(''),
    /** Not removed. */
    alive: boolean().notNull().default(false),
    running: boolean().notNull().default(false),
    /** When the first of the running subscriptions is out of its trial; -infinity when it has none. */
    payingFrom: edge(),
    /** When the last of their trials ends or ended. */
    trialUntil: instant(),
    /** Had a subscription, and has none that runs or is paused. */
    gone: boolean().notNull().default(false),
    /** Owes in any currency. */
    owing: boolean().notNull().default(false),
    /** A payment in the own currency failed or is overdue. */
    late: boolean().notNull().default(false),
    /** In the own currency. */
    owesMinor: minor().notNull().default(sql`0`),
    /** In the own currency; null for somebody who never brought anything. */
    mrrMinor: minor(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.customerId] }),
    index('customer_standings_name').on(t.organizationId, t.sortName, t.customerId).where(sql`alive`),
    index('customer_standings_created').on(t.organizationId, t.createdAt, t.customerId).where(sql`alive`),
    index('customer_standings_owing')
      .on(t.organizationId, t.sortName, t.customerId)
      .where(sql`alive and owing`),
    index('customer_standings_gone')
      .on(t.organizationId, t.sortName, t.customerId)
      .where(sql`alive and gone`),
    index('customer_standings_trials')
      .on(t.organizationId, t.trialUntil, t.payingFrom, t.currency, t.mrrMinor, t.owesMinor)
      .where(sql`alive and trial_until is not null`),
  ],
);
