import { sql } from 'drizzle-orm';
import { boolean, index, jsonb, pgTable, primaryKey, uuid } from 'drizzle-orm/pg-core';
import { instant, organizationId, tenantReference } from './columns.ts';
import { customers } from './customers.ts';
import { dunningCampaigns } from './dunning-campaigns.ts';

/**
 * How a customer is dunned: by a campaign of their own, by their billing entity's (null), or not at all; and how far the
 * present one has come. A customer without a row has nothing of their own and was never asked.
 */
export const customerDunning = pgTable(
  'customer_dunning',
  {
    organizationId: organizationId(),
    customerId: uuid().notNull(),
    campaignId: uuid(),
    excluded: boolean().notNull().default(false),
    lastAttemptAt: instant(),
    /** Attempts made, by currency. */
    attempts: jsonb().$type<Record<string, number>>().notNull().default({}),
    updatedAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.customerId] }),
    index('customer_dunning_campaign').on(t.organizationId, t.campaignId).where(sql`campaign_id is not null`),
    tenantReference(t.organizationId, t.customerId, () => customers),
    tenantReference(t.organizationId, t.campaignId, () => dunningCampaigns),
  ],
);
