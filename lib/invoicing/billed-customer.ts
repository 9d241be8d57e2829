import type { billingEntities, customers } from '@/db/schema';

export type CustomerRow = typeof customers.$inferSelect;
type BillingEntityRow = typeof billingEntities.$inferSelect;

export interface BilledCustomer {
  customer: CustomerRow;
  entity: BillingEntityRow;
  /** The zone bills are cut in: the customer's, else the entity's (semantics, conventions). */
  timezone: string;
}

/** A partner's invoices are written in the partner's name by us: numbered apart, and nobody is reminded of them (semantics 12.3, 13). */
export const isSelfBilled = ({ customer }: Pick<BilledCustomer, 'customer'>): boolean =>
  customer.accountType === 'partner';
