import { z } from 'zod';
import type { creditNoteItems, creditNotes, creditNoteTaxes } from '@/db/schema';
import { CREDIT_NOTE_REASONS } from '@/db/schema';
import type { CustomerObject } from '@/lib/queries/api/customers';
import type { FeeObject } from '@/lib/queries/api/fees';
import { fileUrl } from '../file-url.ts';
import { dec, float, ts, tsOrNull } from '../wire.ts';
import { is, resource, type Wire } from '../wire-schema.ts';
import { customerSchema, customerWire } from './customer.ts';
import { feeSchema, feeWire } from './fee.ts';

export interface CreditNoteObject {
  note: typeof creditNotes.$inferSelect;
  invoice: { number: string | null; purchaseOrderNumber: string | null };
  customer: CustomerObject;
  items: { item: typeof creditNoteItems.$inferSelect; fee: FeeObject }[];
  taxes: (typeof creditNoteTaxes.$inferSelect)[];
}

/** A tax as a credit note gives it back, stored or only estimated. */
export const creditedTaxSchema = z.object({
  lago_tax_id: is.uuid.nullable(),
  tax_name: is.str,
  tax_code: is.str,
  tax_rate: is.float,
  tax_description: is.str.nullable(),
  base_amount_cents: is.cents,
  amount_cents: is.cents,
  amount_currency: is.currency,
});

export const creditNoteSchema = resource('CreditNoteLight', {
  lago_id: is.uuid,
  billing_entity_code: is.str,
  sequential_id: is.int,
  number: is.str,
  lago_invoice_id: is.uuid,
  invoice_number: is.str.nullable(),
  purchase_order_number: is.str.nullable(),
  issuing_date: is.date,
  credit_status: z.enum(['available', 'consumed', 'voided']).nullable(),
  refund_status: z.enum(['pending', 'succeeded', 'failed']).nullable(),
  reason: z.enum(CREDIT_NOTE_REASONS),
  description: is.str.nullable(),
  currency: is.currency,
  total_amount_cents: is.cents,
  precise_total_amount_cents: is.dec,
  taxes_amount_cents: is.cents,
  precise_taxes_amount_cents: is.dec,
  sub_total_excluding_taxes_amount_cents: is.cents,
  balance_amount_cents: is.cents,
  credit_amount_cents: is.cents,
  refund_amount_cents: is.cents,
  offset_amount_cents: is.cents,
  coupons_adjustment_amount_cents: is.cents,
  taxes_rate: is.float,
  created_at: is.ts,
  updated_at: is.ts,
  file_url: is.str.nullable(),
  xml_url: is.null,
  self_billed: is.bool,
  metadata: z.record(z.string(), is.str.nullable()).optional(),
});

/** A credit note without its surroundings, as downloads answer it (API contract, section 8). */
export function creditNoteWire({ note, invoice, customer }: CreditNoteObject): Wire<typeof creditNoteSchema> {
  const metadata = note.metadata && Object.keys(note.metadata).length > 0 ? note.metadata : null;
  return {
    lago_id: note.id,
    billing_entity_code: customer.entity.code,
    sequential_id: note.sequentialId,
    number: note.number,
    lago_invoice_id: note.invoiceId,
    invoice_number: invoice.number,
    purchase_order_number: invoice.purchaseOrderNumber,
    issuing_date: note.issuingDate,
    credit_status: note.creditStatus,
    refund_status: note.refundStatus,
    reason: note.reason,
    description: note.description,
    currency: note.currency,
    total_amount_cents: note.totalAmountMinor,
    precise_total_amount_cents: dec(note.totalAmountMinor),
    taxes_amount_cents: note.taxesAmountMinor,
    precise_taxes_amount_cents: dec(note.preciseTaxesAmountMinor),
    sub_total_excluding_taxes_amount_cents: note.subTotalExcludingTaxesMinor,
    balance_amount_cents: note.balanceAmountMinor,
    credit_amount_cents: note.creditAmountMinor,
    refund_amount_cents: note.refundAmountMinor,
    offset_amount_cents: note.offsetAmountMinor,
    coupons_adjustment_amount_cents: note.couponsAdjustmentAmountMinor,
    taxes_rate: float(note.taxesRate),
    created_at: ts(note.createdAt),
    updated_at: ts(note.updatedAt),
    file_url: fileUrl('credit_note', note),
    xml_url: null,
    self_billed: note.selfBilled,
    ...(metadata ? { metadata } : {}),
  };
}

export const creditNoteDetailSchema = resource('CreditNote', {
  ...creditNoteSchema.shape,
  customer: customerSchema,
  items: z.array(
    z.object({
      lago_id: is.uuid,
      amount_cents: is.cents,
      precise_amount_cents: is.dec,
      amount_currency: is.currency,
      fee: feeSchema,
    }),
  ),
  applied_taxes: z.array(
    z.object({
      lago_id: is.uuid,
      lago_credit_note_id: is.uuid,
      ...creditedTaxSchema.shape,
      created_at: is.ts.nullable(),
    }),
  ),
  error_details: is.none,
});

/** A credit note with its customer, items and taxes. */
export function creditNoteDetailWire(object: CreditNoteObject): Wire<typeof creditNoteDetailSchema> {
  return {
    ...creditNoteWire(object),
    customer: customerWire(object.customer),
    items: object.items.map(({ item, fee }) => ({
      lago_id: item.id,
      amount_cents: item.amountMinor,
      precise_amount_cents: dec(item.preciseAmountMinor),
      amount_currency: item.currency,
      fee: feeWire(fee),
    })),
    applied_taxes: object.taxes.map((tax) => ({
      lago_id: tax.id,
      lago_credit_note_id: tax.creditNoteId,
      lago_tax_id: tax.taxId,
      tax_name: tax.taxName,
      tax_code: tax.taxCode,
      tax_rate: float(tax.taxRate),
      tax_description: tax.taxDescription,
      base_amount_cents: tax.baseAmountMinor,
      amount_cents: tax.amountMinor,
      amount_currency: tax.currency,
      created_at: tsOrNull(tax.createdAt),
    })),
    error_details: [],
  };
}
