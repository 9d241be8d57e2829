import { date, index, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { id, instant, minor, organizationId } from './columns.ts';

export const MOVEMENT_KINDS = [
  'new',
  'reactivation',
  'expansion',
  'contraction',
  'churn',
  'discount_started',
  'discount_ended',
] as const;
export type MovementKind = (typeof MOVEMENT_KINDS)[number];

/**
 * The daily movement ledger behind every revenue figure: opening + movements = closing, by construction. Amounts are
 * monthly recurring revenue in minor units. A correction is a new row with the same day, never an edit.
 */
export const revenueMovements = pgTable(
  'revenue_movements',
  {
    organizationId: organizationId(),
    id: id(),
    customerId: uuid().notNull(),
    subscriptionId: uuid(),
    planId: uuid(),
    day: date().notNull(),
    kind: text({ enum: MOVEMENT_KINDS }).notNull(),
    currency: text().notNull(),
    amountMinor: minor().notNull(),
    /** The customer's MRR after this movement. */
    closingMinor: minor().notNull(),
    listClosingMinor: minor().notNull(),
    reason: text(),
    sourceId: uuid(),
    occurredAt: instant().notNull(),
    createdAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    index('revenue_movements_day').on(t.organizationId, t.currency, t.day),
    index('revenue_movements_customer').on(t.organizationId, t.customerId, t.occurredAt, t.id),
  ],
);

/** The present MRR of each customer and currency: the running end of the movement ledger. */
export const customerRevenue = pgTable(
  'customer_revenue',
  {
    organizationId: organizationId(),
    customerId: uuid().notNull(),
    currency: text().notNull(),
    mrrMinor: minor().notNull(),
    listMrrMinor: minor().notNull(),
    everPositive: text({ enum: ['no', 'yes'] })
      .notNull()
      .default('no'),
    /** MRR per subscription, by id, in minor units as text. */
    parts: jsonb()
      .$type<Record<string, { list: string; net: string; planId: string }>>()
      .notNull()
      .default({}),
    updatedAt: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.organizationId, t.customerId, t.currency] })],
);
