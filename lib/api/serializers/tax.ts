import type { TaxNode } from '@/lib/queries/api/taxes-of';
import { float, ts } from '../wire.ts';
import { is, resource, type Wire } from '../wire-schema.ts';

export const taxSchema = resource('Tax', {
  lago_id: is.uuid,
  name: is.str,
  code: is.str,
  rate: is.float,
  description: is.str.nullable(),
  applied_to_organization: is.bool,
  add_ons_count: is.int,
  customers_count: is.int,
  plans_count: is.int,
  charges_count: is.int,
  commitments_count: is.int,
  created_at: is.ts,
});

/** A tax inside another object (API contract 2.4). The counters are legacy and always 0. */
export function taxWire({ tax, appliedToOrganization }: TaxNode): Wire<typeof taxSchema> {
  return {
    lago_id: tax.id,
    name: tax.name,
    code: tax.code,
    rate: float(tax.rate),
    description: tax.description,
    applied_to_organization: appliedToOrganization,
    add_ons_count: 0,
    customers_count: 0,
    plans_count: 0,
    charges_count: 0,
    commitments_count: 0,
    created_at: ts(tax.createdAt),
  };
}

export const taxDetailSchema = resource('TaxDetail', {
  ...taxSchema.shape,
  applied_to_billing_entities_codes: is.texts,
});

/** A tax on its own endpoints. */
export function taxDetailWire(node: TaxNode): Wire<typeof taxDetailSchema> {
  return { ...taxWire(node), applied_to_billing_entities_codes: node.entityCodes };
}
