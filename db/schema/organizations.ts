import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { id, instant, organizationId, tenantReference } from './columns.ts';
import { dunningCampaigns } from './dunning-campaigns.ts';

/**
 * A tenant. `mode` decides whose clock it follows: `live` the database's, `sandbox` one moved by hand, `history` one
 * moved by hand with outgoing effects muted until the organisation goes live.
 */
export const organizations = pgTable(
  'organizations',
  {
    id: uuid().primaryKey(),
    name: text().notNull(),
    slug: text().notNull(),
    mode: text({ enum: ['live', 'sandbox', 'history'] }).notNull(),
    clockNow: instant(),
    clockMovingTo: instant(),
    hmacKey: text().notNull(),
    settings: jsonb().$type<OrganizationSettings>().notNull().default({}),
    createdAt: instant().notNull(),
  },
  (t) => [uniqueIndex('organizations_slug').on(t.slug)],
);

/** House rules an organisation may change; an absent member takes the default named where it is read. */
export interface OrganizationSettings {
  /** Minutes an act of class "held" waits before it leaves (0 to 60, default 10). */
  holdMinutes?: number;
  /** IANA zone reports are cut in; the default billing entity's zone when absent. */
  reportingTimezone?: string;
  /** Set on the organisation that `npm run up` seeds. */
  demo?: boolean;
}

/** The legal entity that issues invoices. Each organisation has exactly one default entity. */
export const billingEntities = pgTable(
  'billing_entities',
  {
    organizationId: organizationId(),
    id: id(),
    code: text().notNull(),
    name: text().notNull(),
    isDefault: boolean().notNull().default(false),
    defaultCurrency: text().notNull().default('USD'),
    timezone: text().notNull().default('UTC'),
    country: text(),
    addressLine1: text(),
    addressLine2: text(),
    city: text(),
    state: text(),
    zipcode: text(),
    phone: text(),
    email: text(),
    legalName: text(),
    legalNumber: text(),
    taxIdentificationNumber: text(),
    netPaymentTerm: integer().notNull().default(0),
    invoiceGracePeriod: integer().notNull().default(0),
    invoiceFooter: text(),
    documentLocale: text().notNull().default('en'),
    documentNumbering: text({ enum: ['per_customer', 'per_billing_entity'] })
      .notNull()
      .default('per_customer'),
    documentNumberPrefix: text().notNull(),
    finalizeZeroAmountInvoice: boolean().notNull().default(true),
    subscriptionInvoiceIssuingDateAnchor: text().notNull().default('next_period_start'),
    subscriptionInvoiceIssuingDateAdjustment: text().notNull().default('align_with_finalization_date'),
    emailSettings: jsonb().$type<string[]>().notNull().default([]),
    /** The campaign of customers who have none of their own. */
    dunningCampaignId: uuid(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    uniqueIndex('billing_entities_code').on(t.organizationId, t.code),
    index('billing_entities_default').on(t.organizationId, t.isDefault),
    tenantReference(t.organizationId, t.dunningCampaignId, () => dunningCampaigns),
  ],
);

/**
 * One row per numbering series. Taken last in a transaction (the row lock makes numbers gapless) and never in a preview.
 */
export const counters = pgTable(
  'counters',
  {
    organizationId: organizationId(),
    series: text().notNull(),
    lastValue: bigint({ mode: 'bigint' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.organizationId, t.series] })],
);
