import type { TaxNode } from '@/lib/queries/api/taxes-of';
import { float, ts } from '../wire.ts';

/** A tax inside another object (API contract 2.4). The counters are legacy and always 0. */
export function taxWire({ tax, appliedToOrganization }: TaxNode) {
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

/** A tax on its own endpoints. */
export function taxDetailWire(node: TaxNode) {
  return { ...taxWire(node), applied_to_billing_entities_codes: node.entityCodes };
}
