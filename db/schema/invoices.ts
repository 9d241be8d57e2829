import { sql } from 'drizzle-orm';
import {
  boolean,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { exact, id, instant, minor, organizationId, taxLaid, tenantReference } from './columns.ts';
import { customers } from './customers.ts';
import type { DocumentParties } from './documents.ts';
import { subscriptions } from './subscriptions.ts';

export const INVOICE_TYPES = [
  'subscription',
  'one_off',
  'credit',
  'progressive_billing',
  'advance_charges',
] as const;
export type InvoiceType = (typeof INVOICE_TYPES)[number];
export const INVOICE_STATUSES = [
  'draft',
  'finalized',
  'voided',
  'pending',
  'failed',
  'generating',
  'open',
  'closed',
  'deleted',
] as const;
export type InvoiceStatus = (typeof INVOICE_STATUSES)[number];

export interface InvoiceMetadata {
  id: string;
  key: string;
  value: string;
  created_at: string;
}

/**
 * An invoice. A draft has no number, coupons, credit notes or credits; a draft with `releaseAt` is held: it is complete,
 * and its number, postings and webhooks happen at release unless someone takes the act back first.
 */
export const invoices = pgTable(
  'invoices',
  {
    organizationId: organizationId(),
    id: id(),
    customerId: uuid().notNull(),
    billingEntityId: uuid().notNull(),
    invoiceType: text({ enum: INVOICE_TYPES }).notNull(),
    status: text({ enum: INVOICE_STATUSES }).notNull(),
    paymentStatus: text({ enum: ['pending', 'succeeded', 'failed'] })
      .notNull()
      .default('pending'),
    paymentOverdue: boolean().notNull().default(false),
    paymentDisputeLostAt: instant(),
    readyForPaymentProcessing: boolean().notNull().default(true),
    number: text(),
    sequentialId: integer(),
    entitySequentialId: integer(),
    currency: text().notNull(),
    timezone: text().notNull(),
    issuingDate: date().notNull(),
    expectedFinalizationDate: date(),
    paymentDueDate: date(),
    netPaymentTerm: integer().notNull().default(0),
    feesAmountMinor: minor().notNull().default(sql`0`),
    progressiveBillingCreditAmountMinor: minor().notNull().default(sql`0`),
    couponsAmountMinor: minor().notNull().default(sql`0`),
    subTotalExcludingTaxesMinor: minor().notNull().default(sql`0`),
    taxesAmountMinor: minor().notNull().default(sql`0`),
    taxesRate: exact().notNull().default('0'),
    subTotalIncludingTaxesMinor: minor().notNull().default(sql`0`),
    creditNotesAmountMinor: minor().notNull().default(sql`0`),
    prepaidCreditAmountMinor: minor().notNull().default(sql`0`),
    prepaidGrantedCreditAmountMinor: minor(),
    prepaidPurchasedCreditAmountMinor: minor(),
    totalAmountMinor: minor().notNull().default(sql`0`),
    totalPaidAmountMinor: minor().notNull().default(sql`0`),
    totalOffsettedCreditNoteAmountMinor: minor().notNull().default(sql`0`),
    purchaseOrderNumber: text(),
    selfBilled: boolean().notNull().default(false),
    skipCharges: boolean().notNull().default(false),
    voidedInvoiceId: uuid(),
    metadata: jsonb().$type<InvoiceMetadata[]>().notNull().default([]),
    /** A draft flagged because its plan, taxes or metrics changed. */
    refreshFlaggedAt: instant(),
    /** When a held act's invoice leaves; null for everything else. */
    releaseAt: instant(),
    /** The instant of the run that made the invoice (its "timestamp" in semantics 2.7). */
    billedAt: instant().notNull(),
    finalizedAt: instant(),
    voidedAt: instant(),
    /** The reproducible record: hash of the canonical facts, which live in invoice_facts. */
    factsHash: text(),
    engineVersion: text(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    uniqueIndex('invoices_number')
      .on(t.organizationId, t.billingEntityId, t.number)
      .where(sql`number is not null`),
    index('invoices_customer').on(t.organizationId, t.customerId, t.createdAt, t.id),
    index('invoices_created').on(t.organizationId, t.createdAt, t.id),
    index('invoices_status').on(t.organizationId, t.status, t.createdAt, t.id),
    index('invoices_unpaid')
      .on(t.organizationId, t.paymentDueDate)
      .where(sql`status = 'finalized' and payment_status <> 'succeeded'`),
    index('invoices_open')
      .on(t.organizationId, t.createdAt, t.id)
      .where(sql`status = 'finalized' and payment_status <> 'succeeded'`),
    index('invoices_late')
      .on(t.organizationId, t.paymentDueDate)
      .where(
        sql`status = 'finalized' and payment_status <> 'succeeded' and (payment_status = 'failed' or payment_overdue)`,
      ),
    index('invoices_overdue')
      .on(t.organizationId, t.createdAt, t.id)
      .where(sql`status = 'finalized' and payment_status <> 'succeeded' and payment_overdue`),
    index('invoices_failed')
      .on(t.organizationId, t.createdAt, t.id)
      .where(sql`(status = 'finalized' and payment_status = 'failed') or status = 'failed'`),
    index('invoices_amount').on(t.organizationId, t.totalAmountMinor, t.createdAt),
    index('invoices_owed')
      .on(t.organizationId, t.customerId)
      .where(sql`status = 'finalized' and payment_status <> 'succeeded'`),
    tenantReference(t.organizationId, t.customerId, () => customers),
  ],
);

export const INVOICING_REASONS = [
  'subscription_starting',
  'subscription_periodic',
  'subscription_terminating',
  'in_advance_charge',
  'in_advance_charge_periodic',
  'progressive_billing',
] as const;
export type InvoicingReason = (typeof INVOICING_REASONS)[number];

/**
 * Which period of which subscription an invoice bills. The unique indexes are the guard against billing a period twice:
 * one starting and one terminating row per subscription, one recurring row per period. `live` is false once the invoice
 * is voided, deleted or closed, so that a corrected bill may take the place of a cancelled one.
 */
export const invoiceSubscriptions = pgTable(
  'invoice_subscriptions',
  {
    organizationId: organizationId(),
    id: id(),
    invoiceId: uuid().notNull(),
    subscriptionId: uuid().notNull(),
    planVersionId: uuid().notNull(),
    invoicingReason: text({ enum: INVOICING_REASONS }).notNull(),
    recurring: boolean().notNull(),
    timestamp: instant().notNull(),
    /** The local day the periodic run belongs to: with the subscription, the natural key of a periodic bill. */
    billingDay: text(),
    fromDatetime: instant(),
    toDatetime: instant(),
    chargesFromDatetime: instant(),
    chargesToDatetime: instant(),
    fixedChargesFromDatetime: instant(),
    fixedChargesToDatetime: instant(),
    live: boolean().notNull().default(true),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    index('invoice_subscriptions_invoice').on(t.organizationId, t.invoiceId),
    index('invoice_subscriptions_subscription').on(t.organizationId, t.subscriptionId, t.timestamp),
    uniqueIndex('invoice_subscriptions_one_start')
      .on(t.organizationId, t.subscriptionId)
      .where(sql`invoicing_reason = 'subscription_starting' and live`),
    uniqueIndex('invoice_subscriptions_one_end')
      .on(t.organizationId, t.subscriptionId)
      .where(sql`invoicing_reason = 'subscription_terminating' and live`),
    uniqueIndex('invoice_subscriptions_one_period')
      .on(t.organizationId, t.subscriptionId, t.billingDay)
      .where(sql`recurring and live`),
    tenantReference(t.organizationId, t.invoiceId, () => invoices),
    tenantReference(t.organizationId, t.subscriptionId, () => subscriptions),
  ],
);

export const FEE_TYPES = [
  'charge',
  'add_on',
  'subscription',
  'credit',
  'commitment',
  'fixed_charge',
] as const;
export type FeeType = (typeof FEE_TYPES)[number];

/** Decimal texts; `amountMinor` and `unitAmountMinor` are in the pricing unit's smallest parts. */
export interface PricingUnitUsage {
  id: string;
  code: string;
  shortName: string;
  conversionRate: string;
  amountMinor: string;
  preciseAmountMinor: string;
  unitAmountMinor: string;
  preciseUnitAmount: string;
}

/** One line. Standalone fees of in-advance usage have no invoice until they are regrouped. */
export const fees = pgTable(
  'fees',
  {
    organizationId: organizationId(),
    id: id(),
    invoiceId: uuid(),
    customerId: uuid().notNull(),
    subscriptionId: uuid(),
    feeType: text({ enum: FEE_TYPES }).notNull(),
    chargeId: uuid(),
    chargeFilterId: uuid(),
    fixedChargeId: uuid(),
    addOnId: uuid(),
    billableMetricId: uuid(),
    walletTransactionId: uuid(),
    trueUpParentFeeId: uuid(),
    originalFeeId: uuid(),
    position: integer().notNull().default(0),
    /** The engine's name of the line inside its invoice; the same each time the invoice is worked out. */
    lineKey: text(),
    itemCode: text().notNull(),
    itemName: text().notNull(),
    itemDescription: text(),
    invoiceDisplayName: text(),
    filterDisplayName: text(),
    filterValues: jsonb().$type<Record<string, string[]>>(),
    groupedBy: jsonb().$type<Record<string, string | null>>().notNull().default({}),
    description: text(),
    currency: text().notNull(),
    units: exact().notNull(),
    totalAggregatedUnits: exact(),
    eventsCount: integer(),
    amountMinor: minor().notNull(),
    preciseAmountMinor: exact().notNull(),
    unitAmountMinor: minor().notNull(),
    preciseUnitAmount: exact().notNull(),
    preciseCouponsAmountMinor: exact().notNull().default('0'),
    preciseCreditNotesAmountMinor: exact().notNull().default('0'),
    taxesAmountMinor: minor().notNull().default(sql`0`),
    taxesPreciseAmountMinor: exact().notNull().default('0'),
    taxesRate: exact().notNull().default('0'),
    amountDetails: jsonb().$type<Record<string, unknown>>().notNull().default({}),
    /** What the line costs in the charge's own pricing unit, before it was converted (semantics 1.3). */
    pricingUnitUsage: jsonb().$type<PricingUnitUsage>(),
    /** The stored working: what the explanation shows and what re-evaluation must reproduce to the last decimal. */
    working: jsonb().$type<unknown>(),
    payInAdvance: boolean().notNull().default(false),
    invoiceable: boolean().notNull().default(true),
    eventTransactionId: text(),
    paymentStatus: text({ enum: ['pending', 'succeeded', 'failed', 'refunded'] })
      .notNull()
      .default('pending'),
    succeededAt: instant(),
    failedAt: instant(),
    refundedAt: instant(),
    fromDatetime: instant(),
    toDatetime: instant(),
    createdAt: instant().notNull(),
    deletedAt: instant(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    index('fees_invoice').on(t.organizationId, t.invoiceId, t.position),
    index('fees_subscription').on(t.organizationId, t.subscriptionId, t.createdAt),
    index('fees_created').on(t.organizationId, t.createdAt, t.id),
    index('fees_amount').on(t.organizationId, t.amountMinor, t.createdAt).where(sql`deleted_at is null`),
    uniqueIndex('fees_one_per_event')
      .on(t.organizationId, t.subscriptionId, t.chargeId, t.eventTransactionId)
      .where(sql`event_transaction_id is not null and deleted_at is null`),
  ],
);

/** The taxes of a line. That the line is there is checked once a statement (migration "references_by_statement"). */
export const feeTaxes = pgTable(
  'fee_taxes',
  {
    ...taxLaid(),
    feeId: uuid().notNull(),
    preciseAmountMinor: exact().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    uniqueIndex('fee_taxes_once').on(t.organizationId, t.feeId, t.taxCode),
  ],
);

export const invoiceTaxes = pgTable(
  'invoice_taxes',
  {
    ...taxLaid(),
    invoiceId: uuid().notNull(),
    feesAmountMinor: minor().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    uniqueIndex('invoice_taxes_once').on(t.organizationId, t.invoiceId, t.taxCode),
    tenantReference(t.organizationId, t.invoiceId, () => invoices),
  ],
);

/** Coupon, credit-note and progressive-billing credits on an invoice. Credits from wallets are wallet transactions instead. */
export const credits = pgTable(
  'credits',
  {
    organizationId: organizationId(),
    id: id(),
    invoiceId: uuid().notNull(),
    kind: text({ enum: ['coupon', 'credit_note', 'invoice'] }).notNull(),
    appliedCouponId: uuid(),
    creditNoteId: uuid(),
    progressiveInvoiceId: uuid(),
    amountMinor: minor().notNull(),
    currency: text().notNull(),
    beforeTaxes: boolean().notNull(),
    createdAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    index('credits_invoice').on(t.organizationId, t.invoiceId),
    uniqueIndex('credits_one_coupon')
      .on(t.organizationId, t.invoiceId, t.appliedCouponId)
      .where(sql`kind = 'coupon'`),
    uniqueIndex('credits_one_note')
      .on(t.organizationId, t.invoiceId, t.creditNoteId)
      .where(sql`kind = 'credit_note'`),
    index('credits_applied_coupon').on(t.organizationId, t.appliedCouponId),
    index('credits_credit_note').on(t.organizationId, t.creditNoteId),
    tenantReference(t.organizationId, t.invoiceId, () => invoices),
  ],
);

/** The canonical facts an issued invoice was computed from. Running the same engine version over them gives the same bytes. */
export const invoiceFacts = pgTable(
  'invoice_facts',
  {
    organizationId: organizationId(),
    invoiceId: uuid().notNull(),
    engineVersion: text().notNull(),
    facts: text().notNull(),
    hash: text().notNull(),
    /** Customer and firm as they were when the invoice was issued. Not hashed: no figure rests on them. */
    parties: jsonb().$type<DocumentParties>(),
    eventWatermark: text().notNull(),
    createdAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.invoiceId] }),
    tenantReference(t.organizationId, t.invoiceId, () => invoices),
  ],
);
