import { type AnyPgColumn, bigint, foreignKey, numeric, text, timestamp, uuid } from 'drizzle-orm/pg-core';

/**
 * Column shapes shared by every table: money in minor units as bigint, exact numerics as strings, instants with
 * milliseconds, and the tenant's id first in every key.
 */
export const minor = () => bigint({ mode: 'bigint' });
export const exact = () => numeric();
export const instant = () => timestamp({ withTimezone: true, precision: 3, mode: 'date' });
export const organizationId = () => uuid().notNull();
export const id = () => uuid().notNull();

/** A tax as it was when it was laid on a line or a document: a later change of the tax leaves it as it is. */
export const taxLaid = () => ({
  organizationId: organizationId(),
  id: id(),
  taxId: uuid(),
  taxCode: text().notNull(),
  taxName: text().notNull(),
  taxRate: exact().notNull(),
  taxDescription: text(),
  amountMinor: minor().notNull(),
  currency: text().notNull(),
  createdAt: instant().notNull(),
});

interface TenantTable {
  organizationId: AnyPgColumn;
  id: AnyPgColumn;
}

/** A foreign key that carries the organisation, so that a row can never point into another tenant. */
export function tenantReference(organization: AnyPgColumn, column: AnyPgColumn, target: () => TenantTable) {
  const parent = target();
  return foreignKey({ columns: [organization, column], foreignColumns: [parent.organizationId, parent.id] });
}
