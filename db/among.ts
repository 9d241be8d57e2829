import { type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { elementText } from './array-text.ts';

/**
 * Whether a column holds one of these values, however many there are: one parameter, so that the statement is the same for
 * any number and prepared once. The ORM's `inArray` has a parameter for each, which for the ids of some hundred customers
 * costs more than the query. Nothing is among no values.
 */
export const among = (column: PgColumn, values: readonly string[]): SQL =>
  sql`${column} = any(${`{${values.map(elementText).join(',')}}`}::${sql.raw(column.getSQLType())}[])`;
