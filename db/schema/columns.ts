import { type AnyPgColumn, bigint, foreignKey, numeric, timestamp, uuid } from 'drizzle-orm/pg-core';

/**
 * Column shapes shared by every table: money in minor units as bigint, exact numerics as strings, instants with
 * milliseconds, and the tenant's id first in every key.
 */
export const minor = () => bigint({ mode: 'bigint' });
export const exact = () => numeric();
export const instant = () => timestamp({ withTimezone: true, precision: 3, mode: 'date' });
export const organizationId = () => uuid().notNull();
export const id = () => uuid().notNull();

interface TenantTable {
  organizationId: AnyPgColumn;
  id: AnyPgColumn;
}

/** A foreign key that carries the organisation, so that a row can never point into another tenant. */
export function tenantReference(organization: AnyPgColumn, column: AnyPgColumn, target: () => TenantTable) {
  const parent = target();
  return foreignKey({ columns: [organization, column], foreignColumns: [parent.organizationId, parent.id] });
}
