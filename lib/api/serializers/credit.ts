import { z } from 'zod';
import type { CreditObject } from '@/lib/queries/api/credits';
import { is, resource, type Wire } from '../wire-schema.ts';

export const creditSchema = resource('Credit', {
  lago_id: is.uuid,
  amount_cents: is.cents,
  amount_currency: is.currency,
  before_taxes: is.bool,
  item: z.object({
    lago_item_id: is.uuid,
    type: z.enum(['coupon', 'credit_note', 'invoice']),
    code: is.str,
    name: is.str,
    description: is.str.nullable(),
  }),
  invoice: z.object({ lago_id: is.uuid, payment_status: is.str }),
});

/** A coupon, credit note or progressive invoice used on an invoice (API contract 2.5). */
export function creditWire({ credit, item, invoice }: CreditObject): Wire<typeof creditSchema> {
  return {
    lago_id: credit.id,
    amount_cents: credit.amountMinor,
    amount_currency: credit.currency,
    before_taxes: credit.beforeTaxes,
    item: {
      lago_item_id: item.id,
      type: credit.kind,
      code: item.code,
      name: item.name,
      description: item.description,
    },
    invoice: { lago_id: invoice.id, payment_status: invoice.paymentStatus },
  };
}
