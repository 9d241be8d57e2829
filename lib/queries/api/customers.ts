import { and, desc, eq, ilike, inArray, isNotNull, isNull, not, or, type SQL, sql } from 'drizzle-orm';
import type { Tx } from '@/db/clients';
import { billingEntities, customers } from '@/db/schema';
import { type Listed, offsetOf, type PageWindow } from './page.ts';
import { type TaxNode, taxesOf } from './taxes-of.ts';

export type CustomerRow = typeof customers.$inferSelect;
type EntityRow = typeof billingEntities.$inferSelect;

/** A customer with the entity that bills it. `taxes` are read where the answer carries them. */
export interface CustomerObject {
  customer: CustomerRow;
  entity: Pick<EntityRow, 'id' | 'code' | 'timezone' | 'documentNumberPrefix'>;
  taxes?: TaxNode[];
}

/** The objects of any number of customers, by customer id. */
export async function loadCustomerObjects(
  tx: Tx,
  organizationId: string,
  customerIds: string[],
  options: { taxes: boolean } = { taxes: false },
): Promise<Map<string, CustomerObject>> {
  const ids = [...new Set(customerIds)];
  if (ids.length === 0) return new Map();
  const rows = await tx
    .select({ customer: customers, entity: billingEntities })
    .from(customers)
    .innerJoin(
      billingEntities,
      and(
        eq(billingEntities.organizationId, organizationId),
        eq(billingEntities.id, customers.billingEntityId),
      ),
    )
    .where(and(eq(customers.organizationId, organizationId), inArray(customers.id, ids)));
  const taxes = options.taxes ? await taxesOf(tx, organizationId, ids) : null;
  return new Map(
    rows.map(({ customer, entity }): [string, CustomerObject] => [
      customer.id,
      { customer, entity, ...(taxes ? { taxes: taxes(customer.id) } : {}) },
    ]),
  );
}

export interface CustomerFilters {
  searchTerm?: string;
  externalId?: string;
  accountTypes?: string[];
  billingEntityCodes?: string[];
  currencies?: string[];
  countries?: string[];
  states?: string[];
  zipcodes?: string[];
  hasTaxIdentificationNumber?: boolean;
  customerType?: string;
  hasCustomerType?: boolean;
  /** An empty value asks for those without the key. */
  metadata?: Record<string, string>;
}

/** Like-pattern text with its wildcards taken literally. */
export function containing(term: string): string {
  return `%${term.replaceAll(/[\\%_]/g, (mark) => `\\${mark}`)}%`;
}

function conditions(organizationId: string, filters: CustomerFilters): SQL | undefined {
  const given = <T>(value: T | undefined, make: (value: T) => SQL | undefined) =>
    value === undefined ? undefined : make(value);
  return and(
    eq(customers.organizationId, organizationId),
    isNull(customers.deletedAt),
    given(filters.externalId, (value) => eq(customers.externalId, value)),
    given(filters.searchTerm, (term) => {
      const pattern = containing(term);
      return or(
        ilike(customers.name, pattern),
        ilike(customers.firstname, pattern),
        ilike(customers.lastname, pattern),
        ilike(customers.legalName, pattern),
        ilike(customers.externalId, pattern),
        ilike(customers.email, pattern),
      );
    }),
    given(filters.accountTypes, (values) => inArray(customers.accountType, values)),
    given(filters.currencies, (values) => inArray(customers.currency, values)),
    given(filters.countries, (values) => inArray(customers.country, values)),
    given(filters.states, (values) => inArray(customers.state, values)),
    given(filters.zipcodes, (values) => inArray(customers.zipcode, values)),
    given(filters.customerType, (value) => eq(customers.customerType, value)),
    given(filters.hasCustomerType, (has) =>
      has ? isNotNull(customers.customerType) : isNull(customers.customerType),
    ),
    given(filters.hasTaxIdentificationNumber, (has) =>
      has ? isNotNull(customers.taxIdentificationNumber) : isNull(customers.taxIdentificationNumber),
    ),
    given(filters.billingEntityCodes, (codes) =>
      inArray(
        customers.billingEntityId,
        sql`(select id from billing_entities where organization_id = ${organizationId} and code in ${codes})`,
      ),
    ),
    ...Object.entries(filters.metadata ?? {}).map(([key, value]) =>
      value === ''
        ? not(sql`${customers.metadata} @> ${JSON.stringify([{ key }])}::jsonb`)
        : sql`${customers.metadata} @> ${JSON.stringify([{ key, value }])}::jsonb`,
    ),
  );
}

/** Living customers, newest first. */
export async function listCustomers(
  tx: Tx,
  organizationId: string,
  filters: CustomerFilters,
  window: PageWindow,
): Promise<Listed<CustomerObject>> {
  const where = conditions(organizationId, filters);
  const totalCount = await tx.$count(customers, where);
  const rows = await tx
    .select({ id: customers.id })
    .from(customers)
    .where(where)
    .orderBy(desc(customers.createdAt), desc(customers.id))
    .limit(window.perPage)
    .offset(offsetOf(window));
  const objects = await loadCustomerObjects(
    tx,
    organizationId,
    rows.map(({ id }) => id),
    { taxes: true },
  );
  return { totalCount, rows: rows.flatMap(({ id }) => objects.get(id) ?? []) };
}
