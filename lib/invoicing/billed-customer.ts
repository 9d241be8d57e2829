import type { billingEntities, customers } from '@/db/schema';

export type CustomerRow = typeof customers.$inferSelect;
type BillingEntityRow = typeof billingEntities.$inferSelect;

export interface BilledCustomer {
  customer: CustomerRow;
  entity: BillingEntityRow;
  /** The zone bills are cut in: the customer's, else the entity's (semantics, conventions). */
  timezone: string;
}
