import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  customType,
  index,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { exact, id, instant, organizationId } from './columns.ts';

/** The writing transaction, so that the folder never passes a row whose transaction was still open (pg_snapshot_xmin). */
const xid8 = customType<{ data: string }>({ dataType: () => 'xid8' });

/**
 * Usage events: append-only facts, unique per (organisation, external subscription id, transaction id) (semantics 5.1).
 * `sequence` is the ingestion order that breaks ties between equal timestamps.
 */
export const events = pgTable(
  'events',
  {
    organizationId: organizationId(),
    id: id(),
    externalSubscriptionId: text().notNull(),
    transactionId: text().notNull(),
    code: text().notNull(),
    timestamp: instant().notNull(),
    properties: jsonb().$type<Record<string, unknown>>().notNull().default({}),
    preciseTotalAmountMinor: exact(),
    sequence: bigint({ mode: 'bigint' }).generatedAlwaysAsIdentity(),
    ingestedAt: instant().notNull(),
    writer: xid8().notNull().default(sql`pg_current_xact_id()`),
  },
  (t) => [
    uniqueIndex('events_once').on(t.organizationId, t.externalSubscriptionId, t.transactionId),
    index('events_usage').on(t.organizationId, t.externalSubscriptionId, t.code, t.timestamp),
    index('events_sequence').on(t.organizationId, t.sequence),
  ],
);

/**
 * Hourly sums of events per subscription and metric field, derived from `events` and rebuildable. A reader adds the raw
 * tail past `usageFolds.foldedSequence`, so usage is always the raw sum.
 */
export const usageRollups = pgTable(
  'usage_rollups',
  {
    organizationId: organizationId(),
    externalSubscriptionId: text().notNull(),
    code: text().notNull(),
    fieldName: text().notNull().default(''),
    hour: instant().notNull(),
    eventsCount: bigint({ mode: 'bigint' }).notNull(),
    sum: exact().notNull(),
  },
  (t) => [primaryKey({ columns: [t.organizationId, t.externalSubscriptionId, t.code, t.fieldName, t.hour] })],
);

/** How far each organisation's events have been folded into rollups. */
export const usageFolds = pgTable('usage_folds', {
  organizationId: uuid().primaryKey(),
  foldedSequence: bigint({ mode: 'bigint' }).notNull(),
  foldedAt: instant().notNull(),
});

/** Where an in-advance charge stands in one bucket (filter and group) of one period; figures as decimal texts. */
export interface AdvanceMeterState {
  level: string;
  /** The highest level billed. */
  mark: string;
  /** Events that raised it. */
  billed: number;
  /** Σ of the amounts they brought along. */
  carried: string | null;
  /** Increments that a percentage's allowances still look at. */
  walked: string[];
}

/**
 * Running totals of charges billed event by event (semantics 6.11), so that an event is priced without reading the period
 * again. Derived from events and lines; the row of bucket '' says that a period's totals have been set up.
 */
export const advanceMeters = pgTable(
  'advance_meters',
  {
    organizationId: organizationId(),
    subscriptionId: uuid().notNull(),
    chargeId: uuid().notNull(),
    periodFrom: instant().notNull(),
    bucket: text().notNull(),
    state: jsonb().$type<AdvanceMeterState>().notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.organizationId, t.subscriptionId, t.chargeId, t.periodFrom, t.bucket] })],
);

/** Distinct values an in-advance unique count has met in a period, and whether each is counted now. */
export const advanceMeterValues = pgTable(
  'advance_meter_values',
  {
    organizationId: organizationId(),
    subscriptionId: uuid().notNull(),
    chargeId: uuid().notNull(),
    periodFrom: instant().notNull(),
    bucket: text().notNull(),
    value: text().notNull(),
    present: boolean().notNull(),
  },
  (t) => [
    primaryKey({
      columns: [t.organizationId, t.subscriptionId, t.chargeId, t.periodFrom, t.bucket, t.value],
    }),
  ],
);
