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
import { fees, invoices } from './invoices.ts';

export const CREDIT_NOTE_REASONS = [
  'duplicated_charge',
  'product_unsatisfactory',
  'order_change',
  'order_cancellation',
  'fraudulent_charge',
  'other',
] as const;
export type CreditNoteReason = (typeof CREDIT_NOTE_REASONS)[number];

export const creditNotes = pgTable(
  'credit_notes',
  {
    organizationId: organizationId(),
    id: id(),
    customerId: uuid().notNull(),
    invoiceId: uuid().notNull(),
    sequentialId: integer().notNull(),
    number: text().notNull(),
    status: text({ enum: ['draft', 'finalized', 'deleted'] }).notNull(),
    creditStatus: text({ enum: ['available', 'consumed', 'voided'] }),
    refundStatus: text({ enum: ['pending', 'succeeded', 'failed'] }),
    reason: text({ enum: CREDIT_NOTE_REASONS }).notNull(),
    description: text(),
    currency: text().notNull(),
    issuingDate: date().notNull(),
    totalAmountMinor: minor().notNull(),
    creditAmountMinor: minor().notNull().default(sql`0`),
    refundAmountMinor: minor().notNull().default(sql`0`),
    offsetAmountMinor: minor().notNull().default(sql`0`),
    balanceAmountMinor: minor().notNull().default(sql`0`),
    subTotalExcludingTaxesMinor: minor().notNull(),
    couponsAdjustmentAmountMinor: minor().notNull().default(sql`0`),
    preciseCouponsAdjustmentAmountMinor: exact().notNull().default('0'),
    taxesAmountMinor: minor().notNull().default(sql`0`),
    preciseTaxesAmountMinor: exact().notNull().default('0'),
    taxesRate: exact().notNull().default('0'),
    selfBilled: boolean().notNull().default(false),
    /** Customer and firm as they were when the note was issued. */
    parties: jsonb().$type<DocumentParties>(),
    metadata: jsonb().$type<Record<string, string | null>>(),
    voidedAt: instant(),
    refundedAt: instant(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    uniqueIndex('credit_notes_sequence').on(t.organizationId, t.invoiceId, t.sequentialId),
    index('credit_notes_customer').on(t.organizationId, t.customerId, t.createdAt),
    index('credit_notes_created').on(t.organizationId, t.createdAt, t.id),
    tenantReference(t.organizationId, t.invoiceId, () => invoices),
    tenantReference(t.organizationId, t.customerId, () => customers),
  ],
);

export const creditNoteItems = pgTable(
  'credit_note_items',
  {
    organizationId: organizationId(),
    id: id(),
    creditNoteId: uuid().notNull(),
    feeId: uuid().notNull(),
    amountMinor: minor().notNull(),
    preciseAmountMinor: exact().notNull(),
    currency: text().notNull(),
    createdAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    index('credit_note_items_note').on(t.organizationId, t.creditNoteId),
    index('credit_note_items_fee').on(t.organizationId, t.feeId),
    tenantReference(t.organizationId, t.creditNoteId, () => creditNotes),
    tenantReference(t.organizationId, t.feeId, () => fees),
  ],
);

export const creditNoteTaxes = pgTable(
  'credit_note_taxes',
  {
    ...taxLaid(),
    creditNoteId: uuid().notNull(),
    baseAmountMinor: minor().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    uniqueIndex('credit_note_taxes_once').on(t.organizationId, t.creditNoteId, t.taxCode),
    tenantReference(t.organizationId, t.creditNoteId, () => creditNotes),
  ],
);
