import type { CreditObject } from '@/lib/queries/api/credits';

/** A coupon, credit note or progressive invoice used on an invoice (API contract 2.5). */
export function creditWire({ credit, item, invoice }: CreditObject) {
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
