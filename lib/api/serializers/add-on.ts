import { z } from 'zod';
import type { addOns } from '@/db/schema';
import type { TaxNode } from '@/lib/queries/api/taxes-of';
import { ts } from '../wire.ts';
import { is, resource, type Wire } from '../wire-schema.ts';
import { taxSchema, taxWire } from './tax.ts';

export const addOnSchema = resource('AddOn', {
  lago_id: is.uuid,
  name: is.str,
  invoice_display_name: is.str.nullable(),
  code: is.str,
  amount_cents: is.cents,
  amount_currency: is.currency,
  created_at: is.ts,
  description: is.str.nullable(),
  taxes: z.array(taxSchema),
});

/** API contract 2.3. */
export function addOnWire(addOn: typeof addOns.$inferSelect, taxes: TaxNode[]): Wire<typeof addOnSchema> {
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
