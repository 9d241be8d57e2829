import { sql } from 'drizzle-orm';
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
import { billingEntities } from './organizations.ts';

export interface Address {
  address_line1: string | null;
  address_line2: string | null;
  city: string | null;
  zipcode: string | null;
  state: string | null;
  country: string | null;
}

export interface CustomerMetadata {
  id: string;
  key: string;
  value: string;
  display_in_invoice: boolean;
  created_at: string;
}

/** The customer. `billingConfiguration` keeps the provider part of Lago's object; what bills depend on has columns. */
export const customers = pgTable(
  'customers',
  {
    organizationId: organizationId(),
    id: id(),
    billingEntityId: uuid().notNull(),
    externalId: text().notNull(),
    sequentialId: bigint({ mode: 'number' }).notNull(),
    slug: text().notNull(),
    name: text(),
    firstname: text(),
    lastname: text(),
    customerType: text(),
    accountType: text().notNull().default('customer'),
    email: text(),
    phone: text(),
    url: text(),
    logoUrl: text(),
    legalName: text(),
    legalNumber: text(),
    taxIdentificationNumber: text(),
    addressLine1: text(),
    addressLine2: text(),
    city: text(),
    state: text(),
    zipcode: text(),
    country: text(),
    shippingAddress: jsonb().$type<Address>(),
    currency: text(),
    timezone: text(),
    netPaymentTerm: integer(),
    invoiceGracePeriod: integer(),
    finalizeZeroAmountInvoice: text({ enum: ['inherit', 'skip', 'finalize'] })
      .notNull()
      .default('inherit'),
    documentLocale: text(),
    subscriptionInvoiceIssuingDateAnchor: text(),
    subscriptionInvoiceIssuingDateAdjustment: text(),
    externalSalesforceId: text(),
    skipInvoiceCustomSections: boolean().notNull().default(false),
    billingConfiguration: jsonb().$type<Record<string, unknown>>().notNull().default({}),
    metadata: jsonb().$type<CustomerMetadata[]>().notNull().default([]),
    /** A short note staff pinned on the customer's page. */
    pinnedNote: text(),
    /** Set when this customer's data broke an invariant: bills wait until someone looks. */
    parkedReason: text(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
    deletedAt: instant(),
    /**
     * What lists of names are sorted by. A column and not an expression: under row-level security a page may begin at an
     * index entry only by operators that can leak nothing, which lower() is not.
     */
    sortName: text().generatedAlwaysAs(sql`lower(coalesce(name, external_id))`),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    uniqueIndex('customers_external_id').on(t.organizationId, t.externalId).where(sql`deleted_at is null`),
    index('customers_created').on(t.organizationId, t.createdAt, t.id),
    index('customers_sort_name').on(t.organizationId, t.sortName, t.id),
    tenantReference(t.organizationId, t.billingEntityId, () => billingEntities),
  ],
);
