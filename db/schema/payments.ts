import { sql } from 'drizzle-orm';
import { index, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { id, instant, minor, organizationId, tenantReference } from './columns.ts';
import { customers } from './customers.ts';
import { invoices } from './invoices.ts';

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
