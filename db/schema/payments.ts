import { sql } from 'drizzle-orm';
import { index, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { id, instant, minor, organizationId, tenantReference } from './columns.ts';
import { customers } from './customers.ts';
import { dunningCampaigns } from './dunning-campaigns.ts';
import { invoices } from './invoices.ts';
import { billingEntities } from './organizations.ts';

/** Money in: one attempt to pay an invoice, by hand or through a provider. */
export const payments = pgTable(
  'payments',
  {
    organizationId: organizationId(),
    id: id(),
    customerId: uuid().notNull(),
    invoiceId: uuid().notNull(),
    /** The request it pays; such money comes in one sum and is kept in one row per invoice. */
    paymentRequestId: uuid(),
    /** The first of those rows, which stands for the whole sum; null on that row and on every other payment. */
    partOfId: uuid(),
    kind: text({ enum: ['manual', 'provider'] }).notNull(),
    status: text().notNull(),
    paymentStatus: text({ enum: ['pending', 'processing', 'succeeded', 'failed'] }).notNull(),
    amountMinor: minor().notNull(),
    currency: text().notNull(),
    reference: text(),
    method: text(),
    failureReason: text(),
    providerCode: text(),
    providerPaymentId: text(),
    paidAt: instant(),
    createdAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    index('payments_invoice').on(t.organizationId, t.invoiceId),
    index('payments_customer').on(t.organizationId, t.customerId, t.createdAt),
    index('payments_created').on(t.organizationId, t.createdAt, t.id),
    index('payments_failed').on(t.organizationId, t.createdAt, t.id).where(sql`payment_status = 'failed'`),
    index('payments_part_of').on(t.organizationId, t.partOfId).where(sql`part_of_id is not null`),
    uniqueIndex('payments_provider')
      .on(t.organizationId, t.providerCode, t.providerPaymentId)
      .where(sql`provider_payment_id is not null`),
    tenantReference(t.organizationId, t.invoiceId, () => invoices),
    tenantReference(t.organizationId, t.customerId, () => customers),
  ],
);

/** Says that money came in, under a number of the customer's own series (semantics 12.10). */
export const paymentReceipts = pgTable(
  'payment_receipts',
  {
    organizationId: organizationId(),
    id: id(),
    paymentId: uuid().notNull(),
    customerId: uuid().notNull(),
    number: text().notNull(),
    createdAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    uniqueIndex('payment_receipts_payment').on(t.organizationId, t.paymentId),
    index('payment_receipts_created').on(t.organizationId, t.createdAt, t.id),
    tenantReference(t.organizationId, t.paymentId, () => payments),
    tenantReference(t.organizationId, t.customerId, () => customers),
  ],
);

/** Overdue invoices of one customer, asked for together. */
export const paymentRequests = pgTable(
  'payment_requests',
  {
    organizationId: organizationId(),
    id: id(),
    customerId: uuid().notNull(),
    billingEntityId: uuid().notNull(),
    /** The campaign that asked; null when a person did. */
    dunningCampaignId: uuid(),
    /** Null for a customer without an address, whom only a campaign asks. */
    email: text(),
    amountMinor: minor().notNull(),
    currency: text().notNull(),
    paymentStatus: text({ enum: ['pending', 'succeeded', 'failed'] })
      .notNull()
      .default('pending'),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    index('payment_requests_customer').on(t.organizationId, t.customerId, t.createdAt),
    index('payment_requests_created').on(t.organizationId, t.createdAt, t.id),
    tenantReference(t.organizationId, t.customerId, () => customers),
    tenantReference(t.organizationId, t.billingEntityId, () => billingEntities),
    tenantReference(t.organizationId, t.dunningCampaignId, () => dunningCampaigns),
  ],
);

/** What a payment request asks for. */
export const paymentRequestInvoices = pgTable(
  'payment_request_invoices',
  {
    organizationId: organizationId(),
    paymentRequestId: uuid().notNull(),
    invoiceId: uuid().notNull(),
    createdAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.paymentRequestId, t.invoiceId] }),
    index('payment_request_invoices_invoice').on(t.organizationId, t.invoiceId),
    tenantReference(t.organizationId, t.paymentRequestId, () => paymentRequests),
    tenantReference(t.organizationId, t.invoiceId, () => invoices),
  ],
);
