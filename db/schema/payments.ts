import { sql } from 'drizzle-orm';
import { index, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { id, instant, minor, organizationId, tenantReference } from './columns.ts';
import { customers } from './customers.ts';
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
    uniqueIndex('payments_provider')
      .on(t.organizationId, t.providerCode, t.providerPaymentId)
      .where(sql`provider_payment_id is not null`),
    tenantReference(t.organizationId, t.invoiceId, () => invoices),
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
    email: text().notNull(),
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
