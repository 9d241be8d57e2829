import { sql } from 'drizzle-orm';
import { integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { id, instant, organizationId } from './columns.ts';

/** From which overdue balance on a currency is asked for; minor units as decimal text. */
export interface DunningThreshold {
  currency: string;
  amountMinor: string;
}

/** How overdue invoices are asked for again, in one request, some days apart (semantics 13). */
export const dunningCampaigns = pgTable(
  'dunning_campaigns',
  {
    organizationId: organizationId(),
    id: id(),
    code: text().notNull(),
    name: text().notNull(),
    description: text(),
    maxAttempts: integer().notNull(),
    daysBetweenAttempts: integer().notNull(),
    thresholds: jsonb().$type<DunningThreshold[]>().notNull(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
    deletedAt: instant(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    uniqueIndex('dunning_campaigns_code').on(t.organizationId, t.code).where(sql`deleted_at is null`),
  ],
);
