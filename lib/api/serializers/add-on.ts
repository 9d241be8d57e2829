import type { addOns } from '@/db/schema';
import type { TaxNode } from '@/lib/queries/api/taxes-of';
import { ts } from '../wire.ts';
import { taxWire } from './tax.ts';

/** API contract 2.3. */
export function addOnWire(addOn: typeof addOns.$inferSelect, taxes: TaxNode[]) {
  return {
    lago_id: addOn.id,
    name: addOn.name,
    invoice_display_name: addOn.invoiceDisplayName,
    code: addOn.code,
    amount_cents: addOn.amountMinor,
    amount_currency: addOn.currency,
    created_at: ts(addOn.createdAt),
    description: addOn.description,
    taxes: taxes.map(taxWire),
  };
}
